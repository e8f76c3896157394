"""The question about a mileage in private: a press answers it, "type again" takes the next number."""

from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from core.commands import NewCommand, Priority, ShowMileage, chat_destination
from core.ids import new_id
from db import commands
from tests.bot.handlers.test_form import STEPS, form_of, inspection, payload

ASKED = {"km": 46240, "read": 46240, "answered": 46420, "known": 46000}


@pytest.fixture
async def nino(stage, cast):
    return await stage.hire(cast.employee)


async def asked(stage, who) -> tuple[UUID, dict[str, Any]]:
    """The inspection, and the message with the question."""
    made = await inspection(stage, who, state="submitted")
    async with stage.db.transaction() as tx:
        await tx.run("UPDATE inspections SET mileage_km = 46420 WHERE id = %s", (made,))
        await tx.run(
            """INSERT INTO readings (id, inspection_id, topic, verdict, why, value)
               VALUES (%s, %s, 'mileage', 'problem', 'differs', %s)""",
            (new_id(), made, Jsonb(ASKED)),
        )
        body = ShowMileage(chat_id=who.telegram_id, inspection_id=made)
        order = NewCommand(
            body=body,
            destination=chat_destination(who.telegram_id),
            effect_key=str(new_id()),
            priority=Priority.ANSWER,
        )
        await commands.order(tx, [order])
    await stage.turn()
    return made, await form_of(stage, who)


@pytest.mark.parametrize(
    ("label", "choice", "km"), [("Typed is right", "typed", 46420), ("Photo is right", "read", 46240)]
)
async def test_a_press_answers_with_the_number_of_its_button(stage, nino, label, choice, km):
    made, question = await asked(stage, nino)
    await stage.press(nino.telegram_id, question, label)
    [decided] = await stage.events("mileage.decided")
    assert decided["subject"] == f"inspection:{made}"
    assert decided["trust"].startswith("staff:")
    assert (decided["payload"]["choice"], decided["payload"]["km"]) == (choice, km)


async def test_after_type_again_the_next_number_in_private_is_the_answer_and_only_that_one(stage, nino):
    made, question = await asked(stage, nino)
    await stage.press(nino.telegram_id, question, "Type again")
    assert "write the mileage" in (await stage.last(nino.telegram_id))["text"]
    await stage.say(nino.telegram_id, "46 300 km")
    await stage.say(nino.telegram_id, "100")
    await stage.turn()
    decided = await payload(stage, "mileage.decided")
    assert (decided["inspection_id"], decided["choice"], decided["km"]) == (str(made), "again", 46300)


async def test_a_number_that_no_car_has_is_asked_for_again(stage, nino):
    _, question = await asked(stage, nino)
    await stage.press(nino.telegram_id, question, "Type again")
    assert "as a number in kilometres" in await stage.ask(nino.telegram_id, "9000000")
    assert await stage.events("mileage.decided") == []


async def test_without_a_press_a_number_is_nobodys_mileage(stage, nino):
    await asked(stage, nino)
    await stage.say(nino.telegram_id, "46300")
    await stage.turn()
    assert await stage.events("mileage.decided") == []


async def test_a_number_that_the_open_form_asks_for_is_the_form_s(stage, nino):
    _, question = await asked(stage, nino)
    async with stage.db.transaction() as tx:
        await tx.run(
            """INSERT INTO inspections (id, car_id, branch, occasion, state, person_id, opened_by, steps, position)
               SELECT %s, car_id, branch, 'return', 'open', person_id, opened_by, steps, %s FROM inspections""",
            (new_id(), STEPS.index("mileage")),
        )
    assert "waits for a number" in await stage.press(nino.telegram_id, question, "Type again")
    await stage.say(nino.telegram_id, "46300")
    await stage.turn()
    assert await stage.events("mileage.decided") == []
    assert (await payload(stage, "inspection.answered"))["number"] == 46300
