"""Binding a forum to a branch, and what Telegram tells of our place in a chat."""

from bot.rights import REQUIRED_RIGHTS


async def bind(stage, who, forum, text="/bind"):
    return await stage.ask(who.telegram_id, text, chat_id=forum)


async def test_a_branch_head_binds_a_forum_to_their_branch(stage, cast):
    await stage.hire(cast.head)
    assert "now the forum of the branch Tbilisi" in await bind(stage, cast.head, cast.tbilisi_forum, "/bind tbilisi")
    [event] = await stage.events("forum.bound")
    assert event["payload"] == {"chat_id": cast.tbilisi_forum, "title": "Branch Tbilisi", "branch": "tbilisi"}
    assert event["subject"] == f"chat:{cast.tbilisi_forum}"
    assert event["trust"].startswith("staff:")


async def test_without_a_branch_the_branches_are_offered_as_buttons(stage, cast):
    await stage.hire(cast.director)
    await bind(stage, cast.director, cast.batumi_forum)
    message = await stage.last(cast.batumi_forum)
    await stage.press(cast.director.telegram_id, message, "Batumi", chat_id=cast.batumi_forum)
    [event] = await stage.events("forum.bound")
    assert event["branch"] == "batumi"


async def test_an_employee_may_not_bind(stage, cast):
    await stage.hire(cast.employee)
    assert "no right" in await bind(stage, cast.employee, cast.tbilisi_forum, "/bind tbilisi")
    assert await stage.events("forum.bound") == []


async def test_a_branch_head_may_not_bind_another_branch(stage, cast):
    await stage.hire(cast.head)
    assert "no such branch among yours" in await bind(stage, cast.head, cast.tbilisi_forum, "/bind batumi")
    assert await stage.events("forum.bound") == []


async def test_everything_that_is_missing_is_said_in_one_message(stage, cast):
    await stage.hire(cast.head)
    made = await stage.post(
        "/chats",
        title="Bare",
        members=[cast.head.telegram_id],
        is_forum=False,
        bot_rights=["can_pin_messages"],
    )
    told = await bind(stage, cast.head, made["id"], "/bind tbilisi")
    assert "switch topics on" in told
    assert "manage topics" in told
    assert "delete messages" in told
    assert "pin messages" not in told
    assert await stage.events("forum.bound") == []


async def test_a_basic_group_is_refused(stage, cast):
    await stage.hire(cast.head)
    made = await stage.post("/chats", title="Small", members=[cast.head.telegram_id], type="group")
    assert "must be a supergroup" in await bind(stage, cast.head, made["id"], "/bind tbilisi")


async def test_telegram_being_away_is_said_and_binds_nothing(stage, cast):
    await stage.hire(cast.head)
    await stage.post("/faults", method="getChat", error_code=500, description="Internal Server Error")
    assert "could not be checked" in await bind(stage, cast.head, cast.tbilisi_forum, "/bind tbilisi")
    assert "now the forum" in await bind(stage, cast.head, cast.tbilisi_forum, "/bind tbilisi")


async def test_bind_in_private_says_where_to_write_it(stage, cast):
    await stage.hire(cast.head)
    assert "in the forum" in await stage.ask(cast.head.telegram_id, "/bind tbilisi")


async def test_the_same_binding_again_changes_nothing(stage, cast):
    await stage.hire(cast.head)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    assert "already" in await bind(stage, cast.head, cast.tbilisi_forum, "/bind tbilisi")
    assert await stage.events("forum.bound") == []


async def test_a_branch_with_another_forum_moves_only_after_a_confirmation(stage, cast):
    await stage.hire(cast.director)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    assert "already has the forum" in await bind(stage, cast.director, cast.batumi_forum, "/bind tbilisi")
    assert await stage.events("forum.bound") == []
    message = await stage.last(cast.batumi_forum)
    await stage.press(cast.director.telegram_id, message, "Move", chat_id=cast.batumi_forum)
    [event] = await stage.events("forum.bound")
    assert event["payload"]["chat_id"] == cast.batumi_forum


async def test_a_forum_of_another_branch_moves_only_after_a_confirmation(stage, cast):
    await stage.hire(cast.director)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    told = await bind(stage, cast.director, cast.tbilisi_forum, "/bind batumi")
    assert "belongs to the branch Tbilisi" in told
    assert await stage.events("forum.bound") == []


async def test_a_branch_head_may_not_take_the_forum_of_another_branch_for_their_own(stage, cast):
    await stage.hire(cast.head)
    await stage.bind(cast.tbilisi_forum, "batumi")
    assert "no right" in await bind(stage, cast.head, cast.tbilisi_forum, "/bind tbilisi")
    assert await stage.events("forum.bound") == []


async def test_a_branch_head_may_not_take_the_forum_of_another_branch_by_an_old_button(stage, cast):
    await stage.hire(cast.director)
    await stage.hire(cast.batumi_head)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    await bind(stage, cast.director, cast.batumi_forum, "/bind tbilisi")
    message = await stage.last(cast.batumi_forum)
    toast = await stage.press(cast.batumi_head.telegram_id, message, "Move", chat_id=cast.batumi_forum)
    assert toast == "This button is not for you"
    assert await stage.events("forum.bound") == []


async def test_lost_rights_in_a_known_forum_are_recorded(stage, cast):
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    await stage.post("/members/promote", chat_id=cast.tbilisi_forum, user_id=stage.bot.id, rights=["can_pin_messages"])
    await stage.turn()
    [event] = await stage.events("chat.changed")
    assert event["payload"]["missing_rights"] == ["can_manage_topics", "can_delete_messages"]
    assert event["payload"]["is_forum"] is True
    assert event["branch"] == "tbilisi"


async def test_being_thrown_out_is_recorded_whoever_did_it(stage, cast):
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    await stage.post("/members/kick", chat_id=cast.tbilisi_forum, user_id=stage.bot.id)
    await stage.turn()
    [event] = await stage.events("chat.changed")
    assert event["payload"]["is_member"] is False
    assert event["payload"]["missing_rights"] == list(REQUIRED_RIGHTS)


async def test_a_stranger_who_adds_the_bot_to_a_group_gets_silence(stage):
    someone = await stage.stranger()
    made = await stage.post("/chats", title="Trap", members=[someone])
    await stage.turn()
    assert await stage.events("chat.changed") == []
    assert await stage.answers(made["id"]) == []


async def test_staff_who_add_the_bot_to_a_group_read_what_it_needs(stage, cast):
    await stage.hire(cast.head)
    made = await stage.post("/chats", title="New forum", members=[cast.head.telegram_id], is_forum=True)
    await stage.turn()
    assert "/bind" in (await stage.last(made["id"]))["text"]


async def test_row_34_an_upgraded_group_keeps_its_branch_under_the_new_id(stage, cast):
    await stage.hire(cast.head)
    made = await stage.post("/chats", title="Small", members=[cast.head.telegram_id], type="group")
    await stage.turn()
    await stage.bind(made["id"], "tbilisi")
    moved = await stage.post(f"/chats/{made['id']}/migrate")
    await stage.turn()
    [chat] = await stage.rows("SELECT chat_id FROM chats WHERE branch = 'tbilisi'")
    assert chat["chat_id"] != made["id"]
    assert str(chat["chat_id"]) in str(moved)


async def test_the_bots_own_topic_message_settles_a_creation_whose_answer_was_lost(stage, cast):
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    car_id = await stage.car("AA-123-BB")
    await stage.rows(
        """INSERT INTO topics (id, chat_id, entity, version, state, name, intended_at)
           VALUES (gen_random_uuid(), %s, %s, 1, 'intended', 'AA-123-BB', %s) RETURNING 1""",
        cast.tbilisi_forum,
        f"car:{car_id}",
        stage.clock.now(),
    )
    created = await stage.bot.create_forum_topic(cast.tbilisi_forum, "AA-123-BB")
    await stage.turn()
    [topic] = await stage.rows("SELECT state, thread_id FROM topics")
    assert topic == {"state": "live", "thread_id": created.message_thread_id}


async def test_a_topic_opened_by_a_person_is_not_taken_for_ours(stage, cast):
    name = "AA-123-BB"
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    await stage.rows(
        """INSERT INTO topics (id, chat_id, entity, version, state, name, intended_at)
           VALUES (gen_random_uuid(), %s, 'car:x', 1, 'intended', %s, %s) RETURNING 1""",
        cast.tbilisi_forum,
        name,
        stage.clock.now(),
    )
    await stage.post("/topics/create", **{"as": cast.head.telegram_id, "chat_id": cast.tbilisi_forum, "name": name})
    await stage.turn()
    assert await stage.rows("SELECT state FROM topics") == [{"state": "intended"}]
