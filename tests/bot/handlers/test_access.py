"""A stranger asks, a manager decides, and nobody comes in by another way."""

from datetime import timedelta


async def test_g10_a_stranger_who_writes_to_the_bot_does_not_become_staff(stage):
    """Failure G10."""
    someone = await stage.stranger()
    await stage.say(someone, "/today")
    await stage.say(someone, "hello")
    await stage.say(someone, "/people")
    await stage.turn()
    assert await stage.answers(someone) == []
    assert await stage.rows("SELECT 1 FROM people") == []
    assert await stage.rows("SELECT 1 FROM events") == []


async def test_start_from_a_stranger_asks_every_manager(stage, cast):
    await stage.hire(cast.head)
    await stage.hire(cast.admin)
    await stage.hire(cast.employee)
    someone = await stage.stranger("Tamar <b>Bold</b>", language="ka")
    assert "ხელმძღვანელი" in await stage.ask(someone, "/start")
    assert "Tamar <b>Bold</b>" in (await stage.last(cast.head.telegram_id))["text"]
    assert "Tamar <b>Bold</b>" in (await stage.last(cast.admin.telegram_id))["text"]
    assert await stage.answers(cast.employee.telegram_id) == []


async def test_start_with_a_payload_of_a_link_is_a_start(stage):
    someone = await stage.stranger()
    assert "request is sent" in await stage.ask(someone, "/start from-the-website")
    assert len(await stage.events("access.requested")) == 1


async def test_asking_again_while_waiting_asks_no_manager_twice(stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.ask(someone, "/start")
    assert "with a manager" in await stage.ask(someone, "/start")
    assert len(await stage.answers(cast.admin.telegram_id)) == 1
    assert len(await stage.events("access.requested")) == 1


async def test_a_manager_lets_a_stranger_in_and_everybody_reads_it(stage, cast):
    await stage.hire(cast.head)
    await stage.hire(cast.admin)
    someone = await stage.stranger("Tamar")
    await stage.ask(someone, "/start")
    toast = await stage.press(cast.head.telegram_id, await stage.last(cast.head.telegram_id), "employee · Tbilisi")
    assert toast == "Accepted"
    assert "You are in: employee, Tbilisi" in (await stage.last(someone))["text"]
    assert f"Decided by {cast.head.name}" in (await stage.last(cast.admin.telegram_id))["text"]
    assert "reply_markup" not in await stage.last(cast.head.telegram_id)
    [person] = await stage.rows("SELECT role, branch FROM people WHERE tg_user_id = %s", someone)
    assert person == {"role": "employee", "branch": "tbilisi"}
    assert "Hello" in await stage.ask(someone, "/start")


async def test_a_branch_head_is_offered_only_employees_of_their_own_branch(stage, cast):
    await stage.hire(cast.head)
    someone = await stage.stranger()
    await stage.ask(someone, "/start")
    keyboard = (await stage.last(cast.head.telegram_id))["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in keyboard] == [["employee · Tbilisi"], ["Refuse"]]


async def test_an_admin_is_offered_every_role_but_their_own(stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.ask(someone, "/start")
    keyboard = (await stage.last(cast.admin.telegram_id))["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in keyboard[-2]] == ["division head", "director"]
    assert len(keyboard) == 6


async def test_the_second_decision_is_refused_and_told(stage, cast):
    await stage.hire(cast.head)
    await stage.hire(cast.admin)
    someone = await stage.stranger("Tamar")
    await stage.ask(someone, "/start")
    asked_head = await stage.last(cast.head.telegram_id)
    asked_admin = await stage.last(cast.admin.telegram_id)
    await stage.touch(cast.head.telegram_id, asked_head, "Refuse")
    await stage.touch(cast.admin.telegram_id, asked_admin, "director")
    await stage.turn()
    assert f"already decided by {cast.head.name}" in (await stage.last(cast.admin.telegram_id))["text"]
    assert "refused" in (await stage.last(someone))["text"]
    assert await stage.rows("SELECT 1 FROM people WHERE tg_user_id = %s", someone) == []


async def test_a_refused_stranger_may_ask_again_only_after_a_day(stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.ask(someone, "/start")
    await stage.press(cast.admin.telegram_id, await stage.last(cast.admin.telegram_id), "Refuse")
    stage.clock.advance(timedelta(hours=1))
    assert "after a day" in await stage.ask(someone, "/start")
    await stage.rows("UPDATE access_requests SET decided_at = %s RETURNING 1", stage.clock.now() - timedelta(days=1))
    assert "request is sent" in await stage.ask(someone, "/start")
    assert len(await stage.events("access.requested")) == 2


async def test_start_of_a_stranger_in_a_group_is_met_with_silence(stage, cast):
    someone = await stage.stranger()
    await stage.post("/members/add", chat_id=cast.tbilisi_forum, user_id=someone)
    await stage.say(someone, "/start", chat_id=cast.tbilisi_forum)
    await stage.turn()
    assert await stage.answers(cast.tbilisi_forum) == []
    assert await stage.events("access.requested") == []


async def test_a_decision_writes_one_row_into_the_audit(stage, cast):
    await stage.hire(cast.admin)
    someone = await stage.stranger()
    await stage.ask(someone, "/start")
    await stage.press(cast.admin.telegram_id, await stage.last(cast.admin.telegram_id), "branch head · Batumi")
    [row] = await stage.rows("SELECT actor, action, subject, details FROM audit")
    assert row["action"] == "access.approved"
    assert row["subject"] == f"person:tg:{someone}"
    assert row["actor"].startswith("staff:")
    assert row["details"]["branch"] == "batumi"
