"""Buttons: pressed by another person, twice, late, after the role was lowered (fault matrix, row 45)."""

from core.commands import Button, NewCommand, SendMessage, Text, chat_destination
from core.roles import Role
from db import commands


def alarm_button(**given):
    return Button(
        label=Text(key="button-plain", args={"label": "Do it"}),
        event_kind="alarm.cleared",
        event={"key": "k"},
        subject="alarm:k",
        **given,
    )


async def offered(stage, chat_id, *buttons, key="q"):
    """A message with buttons, sent as an agent would order it."""
    body = SendMessage(
        chat_id=chat_id, text=Text(key="button-plain", args={"label": "?"}), language="en", buttons=(buttons,)
    )
    async with stage.db.transaction() as tx:
        command = NewCommand(body=body, destination=chat_destination(chat_id), effect_key=key)
        await commands.order(tx, [command])
    await stage.turn()
    return await stage.last(chat_id)


async def test_a_press_becomes_an_event_with_the_presser_as_its_trust(stage, cast):
    await stage.hire(cast.employee)
    message = await offered(stage, cast.employee.telegram_id, alarm_button())
    assert await stage.press(cast.employee.telegram_id, message, "Do it") == "Accepted"
    [event] = await stage.events("alarm.cleared")
    [person] = await stage.rows("SELECT id FROM people")
    assert event["source"] == "telegram"
    assert event["trust"] == f"staff:{person['id']}"
    assert event["payload"]["key"] == "k"


async def test_row_45_a_second_press_does_nothing(stage, cast):
    await stage.hire(cast.employee)
    message = await offered(stage, cast.employee.telegram_id, alarm_button())
    await stage.press(cast.employee.telegram_id, message, "Do it")
    assert await stage.press(cast.employee.telegram_id, message, "Do it") == "This was decided already"
    assert len(await stage.events("alarm.cleared")) == 1


async def test_one_press_uses_up_the_other_answers_of_the_question(stage, cast):
    await stage.hire(cast.employee)
    other = alarm_button().model_copy(update={"label": Text(key="button-plain", args={"label": "Another"})})
    message = await offered(stage, cast.employee.telegram_id, alarm_button(), other)
    await stage.press(cast.employee.telegram_id, message, "Another")
    assert await stage.press(cast.employee.telegram_id, message, "Do it") == "This was decided already"


async def test_row_45_a_button_for_one_person_refuses_another(stage, cast):
    await stage.hire(cast.employee)
    await stage.hire(cast.head)
    message = await offered(stage, cast.tbilisi_forum, alarm_button(only=cast.employee.telegram_id))
    toast = await stage.press(cast.head.telegram_id, message, "Do it", chat_id=cast.tbilisi_forum)
    assert toast == "This button is not for you"
    assert await stage.events("alarm.cleared") == []


async def test_row_45_a_role_that_was_lowered_counts_at_the_press(stage, cast):
    await stage.hire(cast.head)
    message = await offered(stage, cast.head.telegram_id, alarm_button(min_role="branch_head"))
    await stage.give_role(cast.head, Role.EMPLOYEE)
    assert await stage.press(cast.head.telegram_id, message, "Do it") == "You have no right to do this"
    assert await stage.events("alarm.cleared") == []


async def test_a_branch_head_does_not_decide_for_another_branch(stage, cast):
    await stage.hire(cast.batumi_head)
    button = alarm_button(min_role="branch_head").model_copy(update={"event": {"key": "k", "branch": "tbilisi"}})
    message = await offered(stage, cast.batumi_head.telegram_id, button)
    assert await stage.press(cast.batumi_head.telegram_id, message, "Do it") == "You have no right to do this"


async def test_row_45_a_person_whose_access_ended_gets_nothing_from_an_old_button(stage, cast):
    await stage.hire(cast.employee)
    message = await offered(stage, cast.employee.telegram_id, alarm_button())
    await stage.rows("UPDATE people SET is_active = false RETURNING 1")
    assert await stage.press(cast.employee.telegram_id, message, "Do it") == ""
    assert await stage.events("alarm.cleared") == []


async def test_row_45_an_expired_button_says_that_it_is_out_of_date(stage, cast):
    await stage.hire(cast.employee)
    message = await offered(stage, cast.employee.telegram_id, alarm_button())
    await stage.rows("UPDATE buttons SET expires_at = now() - interval '1 second' RETURNING 1")
    assert "out of date" in await stage.press(cast.employee.telegram_id, message, "Do it")
    assert await stage.events("alarm.cleared") == []


async def test_row_45_a_token_works_only_in_the_chat_it_was_sent_to(stage, cast):
    await stage.hire(cast.employee)
    await stage.hire(cast.head)
    await offered(stage, cast.employee.telegram_id, alarm_button(), key="mine")
    theirs = await offered(stage, cast.head.telegram_id, alarm_button(), key="theirs")
    await stage.rows("UPDATE buttons SET chat_id = %s WHERE chat_id = %s RETURNING 1", 1, cast.head.telegram_id)
    assert "out of date" in await stage.press(cast.head.telegram_id, theirs, "Do it")


async def test_a_press_that_nobody_can_be_answered_about_still_counts(stage, cast):
    """Telegram refuses late answers: ``query is too old``."""
    await stage.hire(cast.employee)
    message = await offered(stage, cast.employee.telegram_id, alarm_button())
    await stage.post(
        "/faults",
        method="answerCallbackQuery",
        error_code=400,
        description="Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    assert await stage.press(cast.employee.telegram_id, message, "Do it") == ""
    assert len(await stage.events("alarm.cleared")) == 1
    assert await stage.events("alarm.raised") == []


async def test_a_token_nobody_knows_says_that_the_button_is_out_of_date(stage, cast):
    await stage.hire(cast.employee)
    message = await offered(stage, cast.employee.telegram_id, alarm_button())
    await stage.rows("DELETE FROM buttons RETURNING 1")
    assert "out of date" in await stage.press(cast.employee.telegram_id, message, "Do it")
