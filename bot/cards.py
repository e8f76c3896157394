"""The pinned card of a car: what it says, and how it is kept up to date with as few calls as possible."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from aiogram.methods import PinChatMessage

from bot import forum_mode
from bot.errors import Fault, RefusedError
from bot.markup import TOPIC_NAME_LIMIT, cut_plain
from bot.means import Means
from bot.texts import Texts
from bot.topics import Place
from core.clock import local_text
from core.commands import Command, Priority, ShowCarCard, Text
from core.events import AlarmRaised, NewEvent
from core.log import get_logger
from db.commands import Delivery
from db.queries import chats, posts, topics
from db.queries.car_cards import BookingFacts, CarFacts, car_facts
from db.queries.chats import Chat
from db.queries.posts import Post

PIN_RIGHT = "can_pin_messages"

BLUE, YELLOW, PURPLE, GREEN, PINK, RED = 7322096, 16766590, 13338331, 9367192, 16749490, 16478047
"""The colours that Telegram knows; a topic keeps the one it was opened with."""
READY = 1
"""RentProg's state of a car that may be issued (enumerations, 7.5)."""
_COLOURS = {READY: GREEN, 2: YELLOW, 3: RED, 4: PURPLE, 5: PINK, 6: YELLOW}

_log = get_logger(__name__)


def card_text(car: CarFacts) -> Text:
    """The card, one text a line. What nobody knows is left out rather than guessed."""
    plate = car.plate or f"№{car.rentprog_id}"
    lines = tuple(_lines(car))
    if not car.model:
        return Text(key="car-card-title-plate", args={"plate": plate}, parts=lines)
    return Text(key="car-card-title", args={"plate": plate, "model": car.model}, parts=lines)


def place_of(chat: Chat, car: CarFacts, texts: Texts) -> Place:
    """Where the car's topic is and how it is called: plate and model, by which people search."""
    unnamed = texts.plain(Text(key="car-unnamed", args={"number": str(car.rentprog_id)}), chat.language)
    name = " ".join(part for part in (car.plate, car.model) if part) or unnamed
    return Place(chat.chat_id, car.entity, cut_plain(name, TOPIC_NAME_LIMIT), _COLOURS.get(car.state or 0, BLUE))


def _lines(car: CarFacts) -> Iterator[Text]:
    zone = ZoneInfo(car.timezone)
    yield Text(key="car-card-state", args={"state": car.state or 0})
    if car.active is False:
        yield Text(key="car-card-inactive")
    yield from _now(car, zone)
    yield from _coming(car.coming, zone)
    if car.mileage is not None:
        yield Text(key="car-card-mileage", args={"km": car.mileage})
    if car.clean is not None:
        yield Text(key="car-card-clean", args={"clean": int(car.clean)})
    yield from _tank(car)
    if car.fuel:
        yield Text(key="car-card-fuel", args={"fuel": car.fuel})
    if car.last_inspection is not None:
        yield Text(key="car-card-inspection", args={"day": car.last_inspection.strftime("%d.%m.%Y")})


def _now(car: CarFacts, zone: ZoneInfo) -> Iterator[Text]:
    booking = car.now_out
    if booking is None:
        # "Free" is a word for the counter: a car that must not be issued only has nobody in it.
        yield Text(key="car-card-free" if car.state == READY else "car-card-idle")
        return
    arguments: dict[str, str | int] = {"client": booking.client or "—", "end": _time(booking.end_at, zone)}
    yield Text(key="car-card-out-technical" if booking.is_technical else "car-card-out", args=arguments)
    if booking.is_debtor:
        yield Text(key="car-card-debtor")


def _coming(booking: BookingFacts | None, zone: ZoneInfo) -> Iterator[Text]:
    if booking is None:
        yield Text(key="car-card-nothing-next")
        return
    arguments: dict[str, str | int] = {
        "client": booking.client or "—",
        "start": _time(booking.start_at, zone),
        "end": _time(booking.end_at, zone),
    }
    yield Text(key="car-card-next-technical" if booking.is_technical else "car-card-next", args=arguments)


def _tank(car: CarFacts) -> Iterator[Text]:
    if car.tank_full is None:
        return
    full = int(car.tank_full)
    if car.tank_liters is None:
        yield Text(key="car-card-tank", args={"full": full})
    else:
        yield Text(key="car-card-tank-of", args={"full": full, "liters": int(car.tank_liters)})


def _time(moment: datetime | None, zone: ZoneInfo) -> str:
    return "—" if moment is None else local_text(moment, zone)


async def show(means: Means, body: ShowCarCard, command: Command) -> Delivery:
    """Bring the topic's name and the card up to date: one pinned message per car and forum, edited where it can be."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        car = await car_facts(tx, body.car_id, now=means.clock.now())
    if chat is None or car is None or not _belongs(chat, car):
        return Delivery({"skipped": "the car has no place in this chat now"})
    events = await forum_mode.check(means, chat)
    place = place_of(chat, car, means.texts)
    markup = means.texts.html(card_text(car), chat.language)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        await _rename(means, place)
        return await _bring_up(means, place, thread_id, markup, command.priority)

    post, what = await means.topics.inside(place, bring_up)
    if not post.is_pinned:
        events += await _pin(means, chat, place, post)
    result = {"message_id": post.message_id, "thread_id": post.thread_id, "card": what}
    return Delivery(result, lambda _tx: _given(events))


def _belongs(chat: Chat, car: CarFacts) -> bool:
    return chat.is_branch_forum and chat.can_work and car.branch == chat.branch and not car.is_removed


async def _rename(means: Means, place: Place) -> None:
    async with means.db.transaction() as tx:
        topic = await topics.alive(tx, place.chat_id, place.entity)
    if topic is not None and topic.name != place.name:
        await means.topics.rename(topic, place.name)


async def _bring_up(means: Means, place: Place, thread_id: int, markup: str, priority: Priority) -> tuple[Post, str]:
    digest = sha256(markup.encode()).hexdigest()
    async with means.db.transaction() as tx:
        known = await posts.find(tx, place.chat_id, place.entity, posts.CARD)
    if known is not None and known.thread_id == thread_id:
        if known.content_hash == digest:
            return known, "unchanged"
        edited = replace(known, content_hash=digest)
        if await _edit(means, place.chat_id, known.message_id, markup, priority):
            await _remember(means, place, edited)
            return edited, "edited"
    message = await means.posting.say(place.chat_id, markup, priority=priority, thread_id=thread_id, is_silent=True)
    sent = Post(message.message_id, thread_id, digest, is_pinned=False)
    await _remember(means, place, sent)
    return sent, "sent"


async def _edit(means: Means, chat_id: int, message_id: int, markup: str, priority: Priority) -> bool:
    """False when the message was deleted by hand."""
    try:
        await means.posting.edit(chat_id, message_id, markup, priority=priority)
    except RefusedError as refusal:
        if refusal.fault is not Fault.MESSAGE_GONE:
            raise
        return False
    return True


async def _pin(means: Means, chat: Chat, place: Place, post: Post) -> tuple[NewEvent[Any], ...]:
    """Pin the card; without the right it stays unpinned, and staff hear of that once."""
    if PIN_RIGHT in chat.missing_rights:
        return ()
    pin = PinChatMessage(chat_id=chat.chat_id, message_id=post.message_id, disable_notification=True)
    try:
        await means.calls.plain(pin)
    except RefusedError as refusal:
        if refusal.fault is not Fault.NO_RIGHT:
            raise
        _log.warning("card_not_pinned", chat=chat.chat_id, error=refusal)
        async with means.db.transaction() as tx:
            await chats.note_missing_right(tx, chat.chat_id, PIN_RIGHT)
        return (_rights_alarm(chat),)
    await _remember(means, place, replace(post, is_pinned=True))
    return ()


async def _remember(means: Means, place: Place, post: Post) -> None:
    async with means.db.transaction() as tx:
        await posts.put(tx, place.chat_id, place.entity, posts.CARD, post, now=means.clock.now())


def _rights_alarm(chat: Chat) -> NewEvent[AlarmRaised]:
    return NewEvent(
        body=AlarmRaised(
            key=f"chat-rights:{chat.chat_id}",
            text_key="alarm-chat-rights",
            args={"title": chat.title, "rights": PIN_RIGHT},
        ),
        subject=f"alarm:chat-rights:{chat.chat_id}",
    )


async def _given(events: tuple[NewEvent[Any], ...]) -> tuple[NewEvent[Any], ...]:
    return events
