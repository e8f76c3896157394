"""Row 44 of the fault matrix in what people read: SQL, markup, formulas and templates in names stay what they are."""

import pytest

from tests.bot.handlers.conftest import MORNING

HOSTILE = (
    "'); DROP TABLE cars; --",
    '<b>x</b><script>alert(1)</script> & "y"',
    '=HYPERLINK("http://evil.example","Click")',
    "{ $car } {{7*7}} %(name)s {0}",
    "</b></i><a href='tg://user?id=1'>x</a>",
    "@everyone /start tg://resolve?domain=x",
)


@pytest.mark.parametrize("name", HOSTILE)
async def test_row_44_a_hostile_name_of_client_and_car_is_shown_as_text_and_does_nothing(stage, cast, name):
    await stage.hire(cast.employee)
    car = await stage.car("AA-123-BB", model=name)
    await stage.booking(car, MORNING, MORNING.replace(day=25), client_name=name)
    told = await stage.ask(cast.employee.telegram_id, "/car AA123BB")
    assert told.count(name) == 2
    message = await stage.last(cast.employee.telegram_id)
    kinds = {entity["type"] for entity in message.get("entities", ())}
    assert not kinds & {"text_link", "text_mention", "code", "pre", "spoiler"}
    assert len(await stage.rows("SELECT 1 FROM cars")) == 1


@pytest.mark.parametrize("plate", HOSTILE)
async def test_row_44_a_hostile_plate_and_question_are_looked_for_as_text(stage, cast, plate):
    await stage.hire(cast.employee)
    await stage.car("AA-123-BB")
    told = await stage.ask(cast.employee.telegram_id, f"/car {plate}")
    assert "AA-123-BB" not in told
    assert await stage.events("alarm.raised") == []
    assert len(await stage.rows("SELECT 1 FROM cars")) == 1


async def test_row_44_a_hostile_name_of_a_stranger_reaches_the_manager_as_text(stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger(first_name=HOSTILE[1])
    await stage.say(someone, "/start")
    await stage.turn()
    assert HOSTILE[1] in (await stage.last(cast.admin.telegram_id))["text"]
