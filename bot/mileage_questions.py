"""Which mileage of an inspection is right: a question with buttons; once it is answered, who answered what."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from bot import forum_mode, inspection_places, posts
from bot.callbacks import screen_button
from bot.keyboards import Rows, look_with
from bot.means import Means
from bot.posts import Look
from bot.quoting import line
from bot.topics import Place
from core.commands import Button, Command, ShowMileage, Text
from db.commands import Delivery
from db.queries import chats, inspections, readings
from db.queries.inspections import Inspection
from db.queries.posts import Post
from db.queries.readings import Reading

MILEAGE = "mileage"
SCREEN = "mileage"


async def show(means: Means, body: ShowMileage, command: Command) -> Delivery:
    """In private where nobody has topics, in a forum in the topic of the car."""
    async with means.db.transaction() as tx:
        inspection = await inspections.find(tx, body.inspection_id)
        reading = await readings.find(tx, body.inspection_id, MILEAGE)
        chat = await chats.find(tx, body.chat_id)
        language = await chats.language_of(tx, body.chat_id)
    if inspection is None or reading is None or "answered" not in reading.value:
        return Delivery({"skipped": "nothing was asked"})
    is_private = body.chat_id > 0
    if not is_private and (chat is None or not chat.can_work):
        return Delivery({"skipped": "it has no place in this chat now"})
    topic = None if is_private or chat is None else await inspection_places.topic_of(means, chat, inspection)
    events = await forum_mode.check(means, chat) if chat is not None and topic is not None else ()
    place = Place(body.chat_id, entity_of(inspection.id), inspection.car, 0)
    bare = Look(means.texts.html(question(inspection, reading), language), is_silent=not is_open(reading))
    look = await look_with(means, place, MILEAGE, bare, rows(inspection, reading), language=language)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        return await posts.bring_up(means, place, MILEAGE, look, thread_id=thread_id, priority=command.priority)

    post, what = await inspection_places.inside(means, topic, bring_up)
    return inspection_places.delivered(post, what, events)


def entity_of(inspection_id: UUID) -> str:
    return f"{MILEAGE}:{inspection_id}"


def is_open(reading: Reading) -> bool:
    return reading.verdict == "problem" and "decided" not in reading.value


def question(inspection: Inspection, reading: Reading) -> Text:
    key = "mileage-question" if is_open(reading) else "mileage-answered"
    args: dict[str, str | int] = {
        "car": line(inspection.car),
        "number": inspection.number,
        "km": inspection.mileage_km or 0,
    }
    return Text(key=key, args=args, parts=tuple(_lines(inspection, reading)))


def _lines(inspection: Inspection, reading: Reading) -> Iterator[Text]:
    value = reading.value
    if is_open(reading):
        yield Text(key="mileage-why", args={"why": reading.why or ""})
    yield Text(key="mileage-typed", args={"km": value["answered"], "name": line(inspection.person_name)})
    if value.get("read") is not None:
        yield Text(key="mileage-read", args={"km": value["read"]})
    if value.get("known") is not None:
        yield Text(key="mileage-known", args={"km": value["known"]})
    if "decided" in value:
        decided = value["decided"]
        yield Text(key="mileage-by", args={"name": line(decided["name"]), "choice": decided["choice"]})


def rows(inspection: Inspection, reading: Reading) -> Rows:
    """What was read is offered where it is another number than the typed one."""
    if not is_open(reading):
        return ()
    typed, read = reading.value["answered"], reading.value.get("read")
    offered = [(_number(inspection, "typed", typed),)]
    if read is not None and read != typed:
        offered.append((_number(inspection, "read", read),))
    return (*offered, (_button(inspection, Text(key="mileage-button-again"), do="again"),))


def _number(inspection: Inspection, choice: str, km: int) -> Button:
    return _button(inspection, Text(key=f"mileage-button-{choice}", args={"km": km}), do=choice, km=km)


def _button(inspection: Inspection, label: Text, **payload: Any) -> Button:
    return screen_button(label, SCREEN, inspection_id=str(inspection.id), **payload)
