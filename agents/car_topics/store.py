"""What concerns a chat itself: a forum is bound to its branch, or our place in a chat changed."""

from typing import Any
from uuid import UUID

from agents.car_topics.orders import close, seed, welcome
from agents.spec import Outcome
from core.commands import NewCommand, Text, chat_destination
from core.events import AlarmCleared, AlarmRaised, ChatChanged, Event, ForumBound, NewEvent
from db.commands import park, unpark
from db.queries import audit, car_cards, chats, topics
from db.queries.chats import Chat
from db.session import Tx

WATCHED = ("branch_forum", "headquarters", "alerts", "archive")
"""Chats whose loss is an alarm; a person who blocks the bot is not one."""


async def bind(tx: Tx, event: Event[ForumBound]) -> Outcome:
    """Tie the forum to the branch, welcome it, fill it slowly; cars that do not belong there any more leave."""
    body = event.body
    previous = await chats.forum_of(tx, body.branch)
    await chats.bind_forum(tx, body.chat_id, title=body.title, branch=body.branch, bound_by=event.trust)
    await audit.append(
        tx,
        actor=event.trust,
        action="forum.bound",
        subject=f"chat:{body.chat_id}",
        at=event.occurred_at,
        details={"branch": body.branch, "title": body.title},
    )
    await unpark(tx, chat_destination(body.chat_id))
    forum = await chats.find(tx, body.chat_id)
    assert forum is not None
    cars = await car_cards.cars_of(tx, body.branch)
    commands = [welcome(event, forum, len(cars)), *await _strangers_leave(tx, event, forum)]
    if previous is not None and previous.chat_id != forum.chat_id:
        commands += await _all_leave(tx, event, previous, forum)
    return Outcome(commands=(*commands, *seed(event, forum, cars)), note=f"{len(cars)} cars to show")


async def _strangers_leave(tx: Tx, event: Event[ForumBound], forum: Chat) -> list[NewCommand]:
    """The forum served another branch before: its open topics are of cars that live elsewhere now."""
    left: list[NewCommand] = []
    for stay in await topics.open_cars(tx, forum.chat_id):
        if stay.branch != forum.branch:
            gone = Text(key="car-left-fleet")
            moved = Text(key="car-left", args={"branch": stay.branch_name or ""})
            left.append(close(event, forum, _car_id(stay.entity), gone if stay.branch is None else moved))
    return left


async def _all_leave(tx: Tx, event: Event[ForumBound], previous: Chat, forum: Chat) -> list[NewCommand]:
    farewell = Text(key="car-forum-moved", args={"branch": forum.branch_name or ""})
    stays = await topics.open_cars(tx, previous.chat_id)
    return [close(event, previous, _car_id(stay.entity), farewell, link=forum) for stay in stays]


def _car_id(entity: str) -> UUID:
    return UUID(entity.removeprefix("car:"))


async def follow(tx: Tx, event: Event[ChatChanged]) -> Outcome:
    """Write down our place in the chat; its queue sleeps while we cannot work there and wakes when we can again."""
    body = event.body
    before, after = await chats.note(
        tx,
        body.chat_id,
        title=body.title,
        is_member=body.is_member,
        is_forum=body.is_forum,
        missing_rights=body.missing_rights,
    )
    destination = chat_destination(body.chat_id)
    if not after.can_work:
        await park(tx, destination, "the bot was thrown out or lost its rights")
        # Bringing a bot back is two updates, a member first and an administrator later: what is over is said at once.
        return Outcome(events=(*_alarms(before, after), *_ends(before, after, was_parked=False)), note="parked")
    was_parked = await unpark(tx, destination)
    events = (*_alarms(before, after), *_ends(before, after, was_parked=was_parked))
    commands = ()
    if after.shows_cars and after.branch is not None and (was_parked or _can_more(before, after)):
        commands = seed(event, after, await car_cards.cars_of(tx, after.branch))
    return Outcome(events=events, commands=commands, note="working")


def _can_more(before: Chat | None, after: Chat) -> bool:
    if before is None or not before.shows_cars:
        return True
    return bool(set(before.missing_rights) - set(after.missing_rights))


def _alarms(before: Chat | None, after: Chat) -> tuple[NewEvent[Any], ...]:
    """What got worse, in a chat that matters."""
    if after.purpose not in WATCHED:
        return ()
    if not after.is_member:
        return () if before is not None and not before.is_member else (_raised(after, "chat-lost", "alarm-chat-lost"),)
    alarms: list[NewEvent[Any]] = []
    if after.missing_rights and (before is None or before.missing_rights != after.missing_rights):
        alarms.append(_raised(after, "chat-rights", "alarm-chat-rights", rights=", ".join(after.missing_rights)))
    if after.is_branch_forum and not after.is_forum and (before is None or before.is_forum):
        alarms.append(_raised(after, "forum-off", "alarm-forum-off"))
    return tuple(alarms)


def _ends(before: Chat | None, after: Chat, *, was_parked: bool) -> tuple[NewEvent[Any], ...]:
    """What is over; telling the end of an alarm that nobody raised changes nothing."""
    keys: list[str] = []
    if was_parked:
        keys.append(f"needs-attention:{chat_destination(after.chat_id)}")
    if before is not None and not before.is_member:
        keys.append(f"chat-lost:{after.chat_id}")
    if before is not None and before.missing_rights and not after.missing_rights:
        keys.append(f"chat-rights:{after.chat_id}")
    if before is not None and not before.is_forum and after.is_forum:
        keys.append(f"forum-off:{after.chat_id}")
    return tuple(NewEvent(body=AlarmCleared(key=key), subject=f"alarm:{key}") for key in keys)


def _raised(chat: Chat, word: str, text_key: str, **more: str) -> NewEvent[AlarmRaised]:
    key = f"{word}:{chat.chat_id}"
    return NewEvent(
        body=AlarmRaised(key=key, text_key=text_key, args={"title": chat.title, **more}), subject=f"alarm:{key}"
    )
