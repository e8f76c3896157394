"""From an event to the topics it touches: read where the car is, order cards and lines; no model."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from agents.car_topics import lines
from agents.car_topics.orders import close, seed, show, tell
from agents.car_topics.store import bind, follow
from agents.spec import Deps, Outcome
from core.commands import NewCommand, Priority, Text
from core.events import (
    BookingCancelled,
    BookingCreated,
    BookingEvent,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    CarAdded,
    CarMoved,
    CarRemoved,
    CarUpdated,
    ChatChanged,
    Event,
    EventBody,
    ForumBound,
    SyncFinished,
)
from db.queries import car_cards, chats
from db.queries.chats import Chat
from db.session import Tx

Commands = tuple[NewCommand, ...]


async def run(event: Event[Any], deps: Deps) -> Outcome:
    """Nothing to think about: what there is to read is read where the outcome is saved, for many events at once."""
    del event, deps
    return Outcome()


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    del outcome
    body: EventBody = event.body
    if isinstance(body, ForumBound):
        return await bind(tx, event)
    if isinstance(body, ChatChanged):
        return await follow(tx, event)
    commands = await _REACTIONS[type(body)](tx, event)
    return Outcome(commands=commands, note=None if commands else "no forum shows this car")


async def _car_added(tx: Tx, event: Event[CarAdded]) -> Commands:
    return await _card(tx, event, event.body.car_id)


async def _car_updated(tx: Tx, event: Event[CarUpdated]) -> Commands:
    return await _card(tx, event, event.body.car_id)


async def _car_moved(tx: Tx, event: Event[CarMoved]) -> Commands:
    """Farewell with a link in the old forum; the card, then a line, in the new one."""
    body = event.body
    old, new = await chats.forum_of(tx, body.from_branch), await chats.forum_of(tx, body.to_branch)
    commands: list[NewCommand] = []
    if old is not None:
        farewell = Text(key="car-left", args={"branch": await car_cards.branch_name(tx, body.to_branch)})
        commands.append(close(event, old, body.car_id, farewell, link=new))
    if new is not None:
        came = Text(key="car-arrived", args={"branch": await car_cards.branch_name(tx, body.from_branch)})
        commands += [show(event, new, body.car_id, priority=Priority.LINE), tell(event, new, body.car_id, came)]
    return tuple(commands)


async def _car_removed(tx: Tx, event: Event[CarRemoved]) -> Commands:
    forum = await chats.forum_of(tx, event.body.branch)
    return () if forum is None else (close(event, forum, event.body.car_id, Text(key="car-left-fleet")),)


async def _booking_changed(tx: Tx, event: Event[BookingEvent]) -> Commands:
    return await _card(tx, event, event.body.car_id)


async def _booking_updated(tx: Tx, event: Event[BookingUpdated]) -> Commands:
    """A booking that went to another car leaves two cards stale."""
    cars = dict.fromkeys((event.body.car_id, event.body.previous_car_id))
    return tuple([command for car_id in cars for command in await _card(tx, event, car_id)])


async def _booking_issued(tx: Tx, event: Event[BookingIssued]) -> Commands:
    return await _card_and_line(tx, event, lines.issued)


async def _booking_returned(tx: Tx, event: Event[BookingReturned]) -> Commands:
    return await _card_and_line(tx, event, lines.returned)


async def _sync_finished(tx: Tx, event: Event[SyncFinished]) -> Commands:
    """The first pass tells no news about single cars, so a forum that was bound before it is filled now."""
    forum = await chats.forum_of(tx, event.body.branch) if event.body.is_first else None
    return () if forum is None else seed(event, forum, await car_cards.cars_of(tx, event.body.branch))


async def _card(tx: Tx, event: Event[Any], car_id: UUID | None) -> Commands:
    forum = await _forum_of_car(tx, car_id)
    return () if car_id is None or forum is None else (show(event, forum, car_id),)


async def _card_and_line(tx: Tx, event: Event[Any], line: lines.Line) -> Commands:
    body: BookingEvent = event.body
    forum = await _forum_of_car(tx, body.car_id)
    booking = await car_cards.booking_facts(tx, body.booking_id)
    if body.car_id is None or forum is None or booking is None:
        return ()
    car = await car_cards.car_facts(tx, body.car_id, now=event.occurred_at)
    text = line(booking, car.timezone if car else None)
    return (tell(event, forum, body.car_id, text), show(event, forum, body.car_id))


async def _forum_of_car(tx: Tx, car_id: UUID | None) -> Chat | None:
    branch = None if car_id is None else await car_cards.where(tx, car_id)
    return None if branch is None else await chats.forum_of(tx, branch)


_REACTIONS: Mapping[type[EventBody], Callable[[Tx, Any], Awaitable[Commands]]] = {
    CarAdded: _car_added,
    CarMoved: _car_moved,
    CarUpdated: _car_updated,
    CarRemoved: _car_removed,
    BookingCreated: _booking_changed,
    BookingIssued: _booking_issued,
    BookingReturned: _booking_returned,
    BookingUpdated: _booking_updated,
    BookingCancelled: _booking_changed,
    SyncFinished: _sync_finished,
}
