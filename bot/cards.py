"""The pinned card of a car: what it says, and how it is kept up to date with as few calls as possible."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import forum_mode, posts
from bot.farewells import topic_url
from bot.inspect_buttons import occasions
from bot.keyboards import look_with
from bot.markup import TOPIC_NAME_LIMIT, cut_plain
from bot.means import Means
from bot.posts import Look
from bot.texts import Texts
from bot.topics import Place
from core.clock import local_text
from core.commands import Command, ShowCarCard, Text
from core.events import NewEvent
from db.commands import Delivery
from db.queries import chats
from db.queries.car_cards import BookingFacts, CarFacts, car_facts
from db.queries.chats import Chat
from db.queries.conversation_cards import TopicOfClient, topic_of_client
from db.queries.posts import CARD, Post

BLUE, YELLOW, PURPLE, GREEN, PINK, RED = 7322096, 16766590, 13338331, 9367192, 16749490, 16478047
"""The colours that Telegram knows; a topic keeps the one it was opened with."""
READY = 1
"""RentProg's state of a car that may be issued (enumerations, 7.5)."""
_COLOURS = {READY: GREEN, 2: YELLOW, 3: RED, 4: PURPLE, 5: PINK, 6: YELLOW}


def card_text(car: CarFacts, client_topic: TopicOfClient | None = None) -> Text:
    """The card, one text a line. What nobody knows is left out rather than guessed."""
    plate = car.plate or f"№{car.rentprog_id}"
    lines = tuple(_lines(car))
    if client_topic is not None:
        # Only the way there: what a client says is for the members of that group alone.
        url = topic_url(client_topic.chat_id, client_topic.thread_id)
        lines = (*lines, Text(key="car-card-client-topic", args={"url": url}))
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
        about = [] if car is None else [one.id for one in (car.now_out, car.coming) if one is not None]
        client_topic = await topic_of_client(tx, about)
    if chat is None or car is None or not _belongs(chat, car):
        return Delivery({"skipped": "the car has no place in this chat now"})
    events = await forum_mode.check(means, chat)
    place = place_of(chat, car, means.texts)
    bare = Look(means.texts.html(card_text(car, client_topic), chat.language))
    look = await look_with(means, place, CARD, bare, (occasions(car),), language=chat.language)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        await posts.rename(means, place)
        return await posts.bring_up(means, place, CARD, look, thread_id=thread_id, priority=command.priority)

    post, what = await means.topics.inside(place, bring_up)
    events += await posts.pin(means, chat, place, CARD, post)
    result = {"message_id": post.message_id, "thread_id": post.thread_id, "card": what}
    return Delivery(result, lambda _tx: _given(events))


def _belongs(chat: Chat, car: CarFacts) -> bool:
    return chat.is_branch_forum and chat.can_work and car.branch == chat.branch and not car.is_removed


async def _given(events: tuple[NewEvent[Any], ...]) -> tuple[NewEvent[Any], ...]:
    return events
