"""A manager changes a role or ends an access."""

from core.roles import Role


async def card_of(stage, manager, person):
    await stage.ask(manager.telegram_id, "/people")
    await stage.press(manager.telegram_id, await stage.last(manager.telegram_id), person.name)
    return await stage.last(manager.telegram_id)


def labels(message):
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


async def test_an_employee_does_not_see_the_list(stage, cast):
    await stage.hire(cast.employee)
    assert "no right" in await stage.ask(cast.employee.telegram_id, "/people")


async def test_the_list_is_shown_in_private_only(stage, cast):
    await stage.hire(cast.head)
    told = await stage.ask(cast.head.telegram_id, "/people", chat_id=cast.tbilisi_forum)
    assert "private chat only" in told


async def test_a_branch_head_sees_their_own_branch(stage, cast):
    for person in (cast.head, cast.employee, cast.batumi_employee):
        await stage.hire(person)
    assert "People: 2" in await stage.ask(cast.head.telegram_id, "/people")


async def test_a_role_is_changed_and_everybody_is_told(stage, cast):
    await stage.hire(cast.director)
    await stage.hire(cast.employee)
    card = await card_of(stage, cast.director, cast.employee)
    assert await stage.press(cast.director.telegram_id, card, "Make: branch head") == "Accepted"
    assert "now branch head" in (await stage.last(cast.director.telegram_id))["text"]
    assert (await stage.last(cast.employee.telegram_id))["text"] == "Your role is now: branch head."
    assert "/people" in await stage.ask(cast.employee.telegram_id, "/help")
    [row] = await stage.rows("SELECT action, details FROM audit")
    assert row["action"] == "role.changed"
    assert row["details"]["was"] == "employee"


async def test_an_ended_access_ends_at_once(stage, cast):
    await stage.hire(cast.head)
    await stage.hire(cast.employee)
    await stage.press(cast.head.telegram_id, await card_of(stage, cast.head, cast.employee), "End access")
    assert (await stage.last(cast.employee.telegram_id))["text"] == "Your access to Jarvis has ended."
    before = len(await stage.answers(cast.employee.telegram_id))
    await stage.say(cast.employee.telegram_id, "/today")
    await stage.turn()
    assert len(await stage.answers(cast.employee.telegram_id)) == before


async def test_nobody_is_offered_decisions_about_equals_or_themselves(stage, cast):
    await stage.hire(cast.head)
    await stage.hire(cast.director)
    assert labels(await card_of(stage, cast.head, cast.head)) == []
    assert labels(await card_of(stage, cast.director, cast.director)) == []
    assert labels(await card_of(stage, cast.director, cast.head))[-1] == "End access"


async def test_a_decision_is_judged_again_when_it_is_written(stage, cast):
    """The head was lowered between the press and the agent's turn."""
    await stage.hire(cast.head)
    await stage.hire(cast.employee)
    await stage.touch(cast.head.telegram_id, await card_of(stage, cast.head, cast.employee), "End access")
    await stage.listen()
    await stage.give_role(cast.head, Role.EMPLOYEE)
    await stage.turn()
    assert "not yours to decide" in (await stage.last(cast.head.telegram_id))["text"]
    assert await stage.rows("SELECT 1 FROM people WHERE NOT is_active") == []
    [row] = await stage.rows("SELECT action FROM audit")
    assert row["action"] == "role.not_allowed"


async def test_who_rises_above_the_branches_leaves_theirs(stage, cast):
    await stage.hire(cast.director)
    await stage.hire(cast.head)
    card = await card_of(stage, cast.director, cast.head)
    await stage.press(cast.director.telegram_id, card, "Make: division head")
    [row] = await stage.rows("SELECT role, branch FROM people WHERE tg_user_id = %s", cast.head.telegram_id)
    assert row == {"role": "division_head", "branch": None}
