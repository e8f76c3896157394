"""Facts about chats that hold whoever caused them: our membership and rights, and a group that got a new id."""

from aiogram import F, Router
from aiogram.types import ChatMemberUpdated, ForumTopicCreated, Message

from bot.desk import Desk
from bot.filters import IsOwn
from bot.rights import is_member, missing_rights, was_member
from core.commands import Text
from core.events import ChatChanged
from db.queries import chats, topics


def router() -> Router:
    made = Router(name="forums")
    made.my_chat_member.register(membership_changed)
    made.message.register(group_was_upgraded, F.migrate_to_chat_id.as_("new_id"))
    made.message.register(supergroup_was_made, F.migrate_from_chat_id.as_("old_id"))
    made.message.register(own_topic_was_created, F.forum_topic_created.as_("created"), IsOwn())
    return made


async def membership_changed(event: ChatMemberUpdated, desk: Desk) -> None:
    """Somebody unknown who adds the bot to a group of their own is ignored; chats we know are always followed."""
    if desk.situation.person is None and desk.situation.purpose is None:
        return
    is_private = desk.place.is_private
    body = ChatChanged(
        chat_id=event.chat.id,
        title=event.chat.title or event.chat.full_name,
        is_member=is_member(event),
        is_forum=bool(event.chat.is_forum),
        missing_rights=() if is_private else missing_rights(event.new_chat_member),
    )
    desk.record(body, subject=f"chat:{event.chat.id}", branch=desk.situation.branch)
    is_new = is_member(event) and not was_member(event) and desk.situation.purpose is None
    if is_new and not is_private and desk.situation.person is not None:
        desk.reply(Text(key="forum-hello"))


async def group_was_upgraded(message: Message, desk: Desk, new_id: int) -> None:
    async with desk.work() as tx:
        await chats.migrate_chat(tx, message.chat.id, new_id)


async def supergroup_was_made(message: Message, desk: Desk, old_id: int) -> None:
    async with desk.work() as tx:
        await chats.migrate_chat(tx, old_id, message.chat.id)


async def own_topic_was_created(message: Message, desk: Desk, created: ForumTopicCreated) -> None:
    """The answer to our ``createForumTopic`` may have been lost; this update says the same."""
    async with desk.work() as tx:
        await topics.adopt_topic(
            tx, message.chat.id, desk.place.thread_id or message.message_id, created.name, now=desk.office.clock.now()
        )
