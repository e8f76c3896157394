"""What staff write or say beside commands: in a car's topic, or to the bot itself. Whoever reads it answers later."""

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import Message

from bot.desk import Desk
from bot.filters import InBranchForum, IsPrivate, IsStaff
from bot.handlers.media import file_of
from core.events import StaffWrote
from core.slang import says_nothing

IS_COMMAND = F.text.startswith("/")
IS_VOICE = F.voice | F.video_note


class InCarTopic(BaseFilter):
    """The topic of a car, in a branch's forum or at headquarters."""

    async def __call__(self, event: Message, desk: Desk) -> bool:
        del event
        return (desk.situation.entity or "").startswith("car:")


class SaysSomething(BaseFilter):
    """More than a greeting, thanks or a plus sign."""

    async def __call__(self, event: Message) -> bool:
        return event.text is not None and not says_nothing(event.text)


def router() -> Router:
    """Asked after all commands, and before the files of a branch's forum are taken away."""
    made = Router(name="staff_words")
    made.message.filter(IsStaff())
    made.message.register(hear, InBranchForum(), IS_VOICE)
    made.message.register(hear, IsPrivate(), IS_VOICE)
    made.message.register(read, InCarTopic(), ~IS_COMMAND, SaysSomething())
    made.message.register(read, IsPrivate(), ~IS_COMMAND, SaysSomething())
    made.edited_message.filter(IsStaff())
    made.edited_message.register(read_again, InCarTopic(), ~IS_COMMAND, SaysSomething())
    made.edited_message.register(read_again, IsPrivate(), ~IS_COMMAND, SaysSomething())
    return made


async def read(message: Message, desk: Desk) -> None:
    desk.record(words_of(message, desk), subject=subject_of(desk), branch=desk.branch)


async def read_again(message: Message, desk: Desk) -> None:
    words = words_of(message, desk).model_copy(update={"is_edit": True})
    desk.record(words, subject=subject_of(desk), branch=desk.branch)


async def hear(message: Message, desk: Desk) -> None:
    """The words are told once the recording is safe."""
    posted = file_of(message, desk, words=words_of(message, desk))
    desk.record(posted, subject=f"chat:{desk.chat_id}", branch=desk.branch)


def words_of(message: Message, desk: Desk) -> StaffWrote:
    """As the person wrote it; a message that merely opened the topic is no reply."""
    replied = message.reply_to_message
    return StaffWrote(
        chat_id=desk.chat_id,
        thread_id=desk.place.thread_id,
        message_id=message.message_id,
        reply_to=None if replied is None or replied.forum_topic_created is not None else replied.message_id,
        person_id=desk.person.id,
        tg_user_id=desk.person.tg_user_id,
        text=message.text or message.caption or "",
        entity=desk.situation.entity,
    )


def subject_of(desk: Desk) -> str:
    """What is said of one car is read in order; in a private chat, what one person says."""
    return desk.situation.entity or f"person:tg:{desk.person.tg_user_id}"
