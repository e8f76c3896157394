"""The form of an inspection as its person uses it: photos, files, numbers and buttons in private become its events."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from bot.handlers.form import read_number
from core.ids import new_id
from core.inspection.views import EXTERIOR, Question

STEPS = [*map(str, EXTERIOR), *map(str, Question)]


async def inspection(stage, who, *, position: int = 0, state: str = "open") -> UUID:
    """An inspection that the person has in hand."""
    car = await stage.car("AA-123-BB")
    made = new_id()
    async with stage.db.transaction() as tx:
        await tx.run(
            """INSERT INTO inspections (id, car_id, branch, occasion, state, person_id, opened_by, steps, position)
               SELECT %s, %s, 'tbilisi', 'hand_over', %s, id, id, %s, %s FROM people WHERE tg_user_id = %s""",
            (made, car, state, Jsonb(STEPS), position, who.telegram_id),
        )
    return made


@pytest.fixture
async def nino(stage, cast):
    return await stage.hire(cast.employee)


async def form_of(stage, who) -> dict[str, Any]:
    found = [one for one in await stage.messages(who.telegram_id) if one["from"]["is_bot"] and "reply_markup" in one]
    return found[-1]


async def open_form(stage, who) -> dict[str, Any]:
    await stage.say(who.telegram_id, "/inspect")
    await stage.turn()
    return await form_of(stage, who)


async def payload(stage, kind: str) -> dict[str, Any]:
    [event] = await stage.events(kind)
    return event["payload"]


async def test_a_file_in_private_is_a_photo_of_the_open_inspection(stage, nino):
    made = await inspection(stage, nino)
    await stage.photograph(nino.telegram_id, chat_id=nino.telegram_id, files=[b"one"])
    await stage.turn()
    [given] = await stage.events("inspection.photo_given")
    assert given["subject"] == f"inspection:{made}"
    assert given["payload"]["step"] == "front"
    assert given["payload"]["file"]["storage_key"]
    assert given["trust"].startswith("staff:")


async def test_every_item_of_an_album_is_given_with_its_group(stage, nino):
    await inspection(stage, nino)
    await stage.photograph(nino.telegram_id, chat_id=nino.telegram_id, files=[b"1", b"2", b"3"])
    await stage.turn()
    given = await stage.events("inspection.photo_given")
    assert len(given) == 3
    assert len({event["payload"]["media_group_id"] for event in given}) == 1


async def test_without_an_open_form_a_file_in_private_is_nobodys(stage, nino):
    await inspection(stage, nino, state="paused")
    await stage.photograph(nino.telegram_id, chat_id=nino.telegram_id)
    await stage.turn()
    assert await stage.events("inspection.photo_given") == []


async def test_a_photo_after_a_request_for_a_close_up_is_that_close_up(stage, nino):
    made = await inspection(stage, nino, state="examined")
    finding = new_id()
    async with stage.db.transaction() as tx:
        await tx.run(
            """INSERT INTO findings (id, inspection_id, ordinal, source, kind, part, severity, state, decided_at)
               VALUES (%s, %s, 1, 'model', 'dent', 'hood', 2, 'need_photo', now())""",
            (finding, made),
        )
    await stage.photograph(nino.telegram_id, chat_id=nino.telegram_id)
    await stage.turn()
    given = await payload(stage, "inspection.photo_given")
    assert (given["inspection_id"], given["finding_id"]) == (str(made), str(finding))


async def test_a_file_that_is_too_large_is_told_of_in_words_of_the_inspection(stage, nino):
    await inspection(stage, nino)
    user = {"id": nino.telegram_id, "is_bot": False, "first_name": "N"}
    file = {"file_id": "BQACbig", "file_unique_id": "big", "file_size": 30_000_000, "file_name": "a.mov"}
    message = {
        "message_id": 5,
        "date": int(datetime.now(UTC).timestamp()),
        "chat": {"id": nino.telegram_id, "type": "private", "first_name": "N"},
        "from": user,
        "document": file,
    }
    await stage.intake.take({"update_id": 1, "message": message})
    await stage.turn()
    assert "it is not in the inspection" in (await stage.last(nino.telegram_id))["text"]


async def test_a_number_answers_the_question_of_the_mileage(stage, nino):
    await inspection(stage, nino, position=STEPS.index("mileage"))
    await stage.say(nino.telegram_id, "45 210 km")
    await stage.turn()
    answered = await payload(stage, "inspection.answered")
    assert (answered["step"], answered["number"]) == ("mileage", 45210)


async def test_at_a_photo_step_words_go_where_words_go(stage, nino):
    await inspection(stage, nino)
    await stage.say(nino.telegram_id, "The battery of this car is weak")
    await stage.turn()
    assert await stage.events("inspection.answered") == []
    assert len(await stage.events("telegram.message.employee")) == 1


async def test_a_step_is_skipped_with_a_reason_of_ours(stage, nino):
    await inspection(stage, nino)
    await stage.press(nino.telegram_id, await open_form(stage, nino), "Skip")
    await stage.press(nino.telegram_id, await form_of(stage, nino), "It is dark")
    steered = await payload(stage, "inspection.steered")
    assert (steered["act"], steered["step"], steered["reason"]) == ("skip", "front", "dark")


async def test_a_step_is_skipped_with_a_reason_that_was_written(stage, nino):
    await inspection(stage, nino)
    await stage.press(nino.telegram_id, await open_form(stage, nino), "Skip")
    await stage.press(nino.telegram_id, await form_of(stage, nino), "Another reason")
    await stage.say(nino.telegram_id, "A lorry stands in front")
    await stage.turn()
    steered = await payload(stage, "inspection.steered")
    assert (steered["act"], steered["reason"]) == ("skip", "A lorry stands in front")


async def test_a_form_is_cancelled_only_after_a_second_press(stage, nino):
    await inspection(stage, nino)
    await stage.press(nino.telegram_id, await open_form(stage, nino), "Cancel")
    assert await stage.events("inspection.steered") == []
    await stage.press(nino.telegram_id, await form_of(stage, nino), "Yes, cancel")
    assert (await payload(stage, "inspection.steered"))["act"] == "cancel"


async def test_a_form_is_handed_to_a_colleague_of_the_branch(stage, cast, nino):
    await stage.hire(cast.head)
    await inspection(stage, nino)
    await stage.press(nino.telegram_id, await open_form(stage, nino), "Pass on")
    await stage.press(nino.telegram_id, await form_of(stage, nino), cast.head.name)
    [row] = await stage.rows("SELECT id FROM people WHERE tg_user_id = %s", cast.head.telegram_id)
    steered = await payload(stage, "inspection.steered")
    assert (steered["act"], steered["to_person"]) == ("hand", str(row["id"]))


async def test_switches_of_the_kit_are_sent_together(stage, nino):
    await inspection(stage, nino, position=STEPS.index("kit_items"))
    await stage.press(nino.telegram_id, await open_form(stage, nino), "jack")
    await stage.press(nino.telegram_id, await form_of(stage, nino), "vest")
    assert await stage.events("inspection.answered") == []
    await stage.press(nino.telegram_id, await form_of(stage, nino), "Done: 2 of 7")
    assert (await payload(stage, "inspection.answered"))["choices"] == ["jack", "vest"]


async def test_fluids_of_which_nothing_was_said_are_fine(stage, nino):
    await inspection(stage, nino, position=STEPS.index("fluid_levels"))
    await stage.press(nino.telegram_id, await open_form(stage, nino), "oil: fine")
    await stage.press(nino.telegram_id, await form_of(stage, nino), "oil: low")
    await stage.press(nino.telegram_id, await form_of(stage, nino), "The rest is fine")
    assert (await payload(stage, "inspection.answered"))["choices"] == ["oil:critical", "coolant:ok", "brake:ok"]


async def test_a_number_is_meant_for_the_form_also_where_a_photo_is_asked(stage, nino):
    await inspection(stage, nino)
    await stage.say(nino.telegram_id, "45210")
    await stage.turn()
    answered = await payload(stage, "inspection.answered")
    assert (answered["step"], answered["text"]) == ("front", "45210")


async def test_a_press_on_the_button_of_an_old_step_changes_nothing_and_says_so(stage, nino):
    made = await inspection(stage, nino)
    form = await open_form(stage, nino)
    async with stage.db.transaction() as tx:
        await tx.run("UPDATE inspections SET position = 1 WHERE id = %s", (made,))
    toast = await stage.press(nino.telegram_id, form, "Pause")
    assert "at another step" in toast
    assert await stage.events("inspection.steered") == []
    assert "Step 2" in (await form_of(stage, nino))["caption"]


async def test_a_form_that_went_to_somebody_else_takes_no_presses(stage, cast, nino):
    await stage.hire(cast.head)
    made = await inspection(stage, nino)
    form = await open_form(stage, nino)
    async with stage.db.transaction() as tx:
        await tx.run(
            "UPDATE inspections SET person_id = (SELECT id FROM people WHERE tg_user_id = %s) WHERE id = %s",
            (cast.head.telegram_id, made),
        )
    assert "not with you" in await stage.press(nino.telegram_id, form, "Pause")
    assert await stage.events("inspection.steered") == []


@pytest.mark.parametrize(
    ("said", "step", "number"),
    [
        ("45210", "mileage", 45210),
        ("45 210", "mileage", 45210),
        ("45.210", "mileage", 45210),
        ("45,210 км", "mileage", 45210),
        ("пробег 45210", "mileage", 45210),
        ("5/8", "fuel_level", 62.5),
        ("60%", "fuel_level", 60),
        ("62,5", "fuel_level", 62.5),
        ("почти полный", "fuel_level", None),
        ("5/8", "mileage", None),
        ("45210 или 45220", "mileage", None),
        ("45210", "kit_items", None),
    ],
)
def test_a_number_is_read_as_people_write_it_and_nothing_is_guessed(said, step, number):
    assert read_number(said, step) == number
