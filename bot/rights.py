"""What a forum must allow the bot, and what is missing."""

from aiogram import Bot
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner, ChatMemberUpdated
from aiogram.types.chat_member_union import ChatMemberUnion

REQUIRED_RIGHTS = ("can_manage_topics", "can_delete_messages", "can_pin_messages")


def missing_rights(member: ChatMemberUnion) -> tuple[str, ...]:
    """The required rights that the member does not have; whoever is no administrator has none."""
    if isinstance(member, ChatMemberOwner):
        return ()
    if not isinstance(member, ChatMemberAdministrator):
        return REQUIRED_RIGHTS
    return tuple(right for right in REQUIRED_RIGHTS if not getattr(member, right))


def is_member(event: ChatMemberUpdated) -> bool:
    return event.new_chat_member.status not in {"left", "kicked"}


def was_member(event: ChatMemberUpdated) -> bool:
    return event.old_chat_member.status not in {"left", "kicked"}


async def forum_problems(bot: Bot, chat_id: int) -> tuple[str, ...]:
    """Ask Telegram what keeps this chat from being a branch's forum: ``not_supergroup``, ``not_forum`` or rights."""
    chat = await bot.get_chat(chat_id)
    if chat.type != "supergroup":
        return ("not_supergroup",)
    member = await bot.get_chat_member(chat_id, bot.id)
    return (() if chat.is_forum else ("not_forum",)) + missing_rights(member)
