"""Who and where: the conditions under which a handler is asked."""

from aiogram import Bot
from aiogram.filters import BaseFilter
from aiogram.types import Message, TelegramObject

from bot.desk import Desk


class IsStaff(BaseFilter):
    """An approved and active person. Everybody else gets nothing but the answer to a private /start."""

    async def __call__(self, event: TelegramObject, desk: Desk) -> bool:
        del event
        return desk.situation.person is not None


class IsPrivate(BaseFilter):
    """The person's own chat with the bot."""

    async def __call__(self, event: TelegramObject, desk: Desk) -> bool:
        del event
        return desk.place.is_private


class InBranchForum(BaseFilter):
    """A forum that belongs to a branch."""

    async def __call__(self, event: TelegramObject, desk: Desk) -> bool:
        del event
        return desk.situation.purpose == "branch_forum"


class InPersonalGroup(BaseFilter):
    """The group of one member of staff, with a topic per client."""

    async def __call__(self, event: TelegramObject, desk: Desk) -> bool:
        del event
        return desk.situation.purpose == "personal_group"


class InClientTopic(BaseFilter):
    """The topic of a client: what is written here may be meant for them. The group may not be bound any more."""

    async def __call__(self, event: TelegramObject, desk: Desk) -> bool:
        del event
        return (desk.situation.entity or "").startswith("conversation:")


class IsOwn(BaseFilter):
    """A service message about what the bot itself did."""

    async def __call__(self, event: Message, bot: Bot) -> bool:
        return event.from_user is not None and event.from_user.id == bot.id
