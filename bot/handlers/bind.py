"""``/bind``: tie a forum to a branch or to a person, or a group to the archive, after Telegram itself was asked."""

from typing import Any

from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.callbacks import screen_button
from bot.desk import Desk
from bot.filters import IsStaff
from bot.handlers.archive import ARCHIVE, bind_archive
from bot.handlers.own_groups import PURPOSES, bind_own
from bot.rights import forum_problems
from core.commands import Button, Text
from core.events import ForumBound
from core.roles import Role
from db.queries import chats, fleet_views
from db.queries.fleet_views import BranchView
from db.session import Tx


def router() -> Router:
    made = Router(name="bind")
    made.message.filter(IsStaff())
    made.message.register(bind, Command("bind"))
    return made


async def bind(message: Message, desk: Desk, command: CommandObject, bot: Bot) -> None:
    wanted = (command.args or "").strip().lower()
    own = PURPOSES.get(wanted)
    if own is None and not desk.may(Role.BRANCH_HEAD):
        desk.reply(Text(key="bind-own-how"))
        return
    if desk.place.is_private:
        desk.reply(Text(key="bind-in-forum"))
        return
    if wanted == ARCHIVE:
        await bind_archive(message, desk, bot)
        return
    try:
        problems = await forum_problems(bot, desk.chat_id)
    except TelegramAPIError:
        desk.reply(Text(key="bind-not-checked"))
        return
    if problems:
        parts = tuple(Text(key="bind-problem", args={"problem": problem}) for problem in problems)
        desk.reply(Text(key="bind-missing", parts=parts))
        return
    title = message.chat.title or ""
    async with desk.work() as tx:
        if own is None:
            await _bind_or_ask(desk, tx, title=title, wanted=wanted)
        else:
            await bind_own(desk, tx, title=title, purpose=own)


async def choose_branch(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen behind a branch button; the forum was checked when the buttons were made."""
    await _bind_or_ask(desk, tx, title=payload["title"], wanted=payload["branch"])


async def _bind_or_ask(desk: Desk, tx: Tx, *, title: str, wanted: str) -> None:
    allowed = [branch for branch in await fleet_views.branches(tx) if desk.person.decides_for(branch.code)]
    chosen = next((branch for branch in allowed if wanted in {branch.code, branch.name.lower()}), None)
    if chosen is not None:
        await _bind(desk, tx, chosen, title)
    elif not allowed:
        desk.reply(Text(key="no-right"))
    else:
        key = "bind-not-this-branch" if wanted else "bind-choose"
        desk.reply(Text(key=key), tuple((_branch_button(branch, title),) for branch in allowed))


def _branch_button(branch: BranchView, title: str) -> Button:
    label = Text(key="button-plain", args={"label": branch.name})
    return screen_button(label, "bind", min_role=Role.BRANCH_HEAD, branch=branch.code, title=title)


async def _bind(desk: Desk, tx: Tx, branch: BranchView, title: str) -> None:
    body = ForumBound(chat_id=desk.chat_id, title=title, branch=branch.code)
    current = await chats.forum_of(tx, branch.code)
    if desk.situation.owner_id is not None:
        desk.reply(Text(key="bind-group-is-taken"))
    elif current is not None and current.chat_id == desk.chat_id:
        desk.reply(Text(key="bind-already", args={"branch": branch.name}))
    elif current is not None:
        text = Text(key="bind-branch-has-forum", args={"branch": branch.name, "forum": current.title})
        desk.reply(text, ((_move_button(body, desk),),))
    elif desk.situation.purpose == "branch_forum" and not desk.person.decides_for(desk.situation.branch):
        desk.reply(Text(key="no-right"))
    elif desk.situation.purpose == "branch_forum":
        other = (await fleet_views.branch_names(tx))[desk.situation.branch]
        text = Text(key="bind-forum-has-branch", args={"branch": branch.name, "other": other})
        desk.reply(text, ((_move_button(body, desk),),))
    else:
        desk.record(body, subject=f"chat:{desk.chat_id}", branch=branch.code)
        desk.reply(Text(key="bind-done", args={"branch": branch.name}))


def _move_button(body: ForumBound, desk: Desk) -> Button:
    return Button(
        label=Text(key="bind-move"),
        event_kind=ForumBound.kind,
        event=body.model_dump(mode="json"),
        subject=f"chat:{desk.chat_id}",
        min_role=str(Role.BRANCH_HEAD),
        only=desk.person.tg_user_id,
        style="danger",
    )
