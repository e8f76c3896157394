"""The question which mileage is right, as people see it: in private and in the car's topic, then with its answer."""

from pathlib import Path
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from core.commands import ShowMileage
from core.ids import new_id
from db.commands import Delivery
from db.session import Database
from tests.bot.inspected_car import InspectedCar, inspected_car
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work

ASKED = {"km": 46240, "read": 46240, "answered": 46420, "known": 46000}


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def seen(out: Outgoing) -> InspectedCar:
    return await inspected_car(out, mileage_km=46420, state="submitted", submitted_at=NOW)


async def read(seen: InspectedCar, value: dict[str, Any], **columns: Any) -> Any:
    reading = new_id()
    row = {"id": reading, "inspection_id": seen.inspection, "topic": "mileage", "verdict": "problem", "why": "differs"}
    await seen.out.put("readings", **(row | columns), value=Jsonb(value))
    return reading


async def shown(seen: InspectedCar, chat_id: int) -> dict[str, Any]:
    delivery = await seen.out.perform(ShowMileage(chat_id=chat_id, inspection_id=seen.inspection))
    assert isinstance(delivery, Delivery)
    (message,) = [one for one in await seen.out.said(chat_id) if one["message_id"] == delivery.result["message_id"]]
    return message


def labels(message: dict[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def test_the_question_names_all_numbers_and_offers_each_and_a_new_one(seen: InspectedCar):
    await read(seen, ASKED)
    message = await shown(seen, seen.chat)
    assert message["text"].splitlines()[1:] == [
        "The photo shows another number.",
        "✏️ Typed: 46,420 km (Nino)",
        "📷 Read from the photo: 46,240 km",
        "📒 Known before: 46,000 km",
    ]
    assert labels(message) == ["✅ Typed is right: 46,420 km", "📷 Photo is right: 46,240 km", "✏️ Type again"]


async def test_what_was_not_read_is_not_offered(seen: InspectedCar):
    await read(seen, ASKED | {"read": None}, why="less")
    assert labels(await shown(seen, seen.chat)) == ["✅ Typed is right: 46,420 km", "✏️ Type again"]


async def test_once_it_is_answered_the_same_message_says_who_answered_what_and_has_no_buttons(seen: InspectedCar):
    reading = await read(seen, ASKED)
    asked = await shown(seen, seen.forum)
    decided = {"by": str(seen.person), "name": "Nino", "choice": "read", "at": NOW.isoformat()}
    await seen.out.change("readings", reading, verdict="ok", value=Jsonb(ASKED | {"decided": decided}))
    await seen.change(mileage_km=46240)
    answered = await shown(seen, seen.forum)
    assert answered["message_id"] == asked["message_id"]
    assert answered["text"].splitlines()[0].endswith("mileage 46,240 km")
    assert answered["text"].splitlines()[-1] == "👤 Decided by Nino: the number from the photo is right"
    assert labels(answered) == []


async def test_where_nothing_was_asked_nothing_is_shown(seen: InspectedCar):
    await read(seen, {"km": 46240}, verdict="ok")
    delivery = await seen.out.perform(ShowMileage(chat_id=seen.chat, inspection_id=seen.inspection))
    assert isinstance(delivery, Delivery)
    assert delivery.result == {"skipped": "nothing was asked"}
