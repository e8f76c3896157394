"""Photos, videos and files that people post: kept in storage first, in a branch forum then cleared away."""

from aiogram import F, Router
from aiogram.types import Message

from bot.desk import Desk
from bot.filters import InBranchForum, IsPrivate, IsStaff
from core.commands import Text
from core.events import MediaPosted, StaffWrote

HAS_FILE = F.photo | F.video | F.document | F.voice | F.animation | F.video_note | F.audio
KINDS = ("photo", "video", "animation", "document", "voice", "video_note", "audio")
"""An animation also carries a document, so it is asked first."""


def router() -> Router:
    made = Router(name="media")
    made.message.filter(IsStaff(), HAS_FILE)
    made.message.register(keep, InBranchForum())
    made.message.register(say_where_to_post, IsPrivate())
    return made


async def keep(message: Message, desk: Desk) -> None:
    desk.record(file_of(message, desk), subject=f"chat:{desk.chat_id}", branch=desk.situation.branch)


def file_of(message: Message, desk: Desk, *, words: StaffWrote | None = None) -> MediaPosted:
    """The file of a message that has one. ``words`` are recorded with it once it is safe."""
    kind = next(kind for kind in KINDS if getattr(message, kind))
    posted = getattr(message, kind)
    file = max(posted, key=lambda size: size.width * size.height) if kind == "photo" else posted
    return MediaPosted(
        chat_id=desk.chat_id,
        thread_id=desk.place.thread_id,
        message_id=message.message_id,
        media_group_id=message.media_group_id,
        person_id=desk.person.id,
        tg_user_id=desk.person.tg_user_id,
        file_id=file.file_id,
        file_unique_id=file.file_unique_id,
        file_name=getattr(file, "file_name", None),
        mime_type=getattr(file, "mime_type", None) or ("image/jpeg" if kind == "photo" else None),
        size=file.file_size,
        media_kind=kind,
        words=words,
    )


async def say_where_to_post(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="media-in-private"), merge_key=f"media-in-private:{desk.chat_id}")
