"""Greeting, help, one's own data and language."""

import pytest

from bot.texts import read_catalogs


async def test_help_names_the_managers_commands_only_to_managers(stage, cast):
    await stage.hire(cast.employee)
    await stage.hire(cast.head)
    assert "/people" not in await stage.ask(cast.employee.telegram_id, "/help")
    assert "/people" in await stage.ask(cast.head.telegram_id, "/help")


async def test_help_names_the_inspection_to_all_and_its_archive_to_whoever_may_choose_it(stage, cast):
    await stage.hire(cast.head)
    await stage.hire(cast.director)
    assert "/inspect" in await stage.ask(cast.head.telegram_id, "/help")
    assert "/bind archive" not in await stage.ask(cast.head.telegram_id, "/help")
    assert "/bind archive" in await stage.ask(cast.director.telegram_id, "/help")


async def test_my_info_tells_role_branch_and_language(stage, cast):
    await stage.hire(cast.employee)
    told = await stage.ask(cast.employee.telegram_id, "/myinfo")
    assert "Role: employee" in told
    assert "Branch: Tbilisi" in told
    assert str(cast.employee.telegram_id) in told


async def test_language_by_argument_counts_for_this_answer_and_the_next(stage, cast):
    await stage.hire(cast.employee)
    assert await stage.ask(cast.employee.telegram_id, "/language ka") == "ვსაუბრობთ ქართულად."
    assert "რა შემიძლია" in await stage.ask(cast.employee.telegram_id, "/help")


async def test_language_by_button_may_be_pressed_again(stage, cast):
    await stage.hire(cast.employee)
    await stage.ask(cast.employee.telegram_id, "/language")
    message = await stage.last(cast.employee.telegram_id)
    await stage.press(cast.employee.telegram_id, message, "Русский")
    await stage.press(cast.employee.telegram_id, message, "English")
    assert (await stage.last(cast.employee.telegram_id))["text"] == "We speak English."


async def test_a_language_that_is_not_ours_brings_the_choice(stage, cast):
    await stage.hire(cast.employee)
    assert await stage.ask(cast.employee.telegram_id, "/language fr") == "Choose a language"


async def test_an_administrator_of_the_settings_gets_a_name_at_start(stage, cast):
    from db.queries import people

    async with stage.db.transaction() as tx:
        await people.seed_admins(tx, [cast.admin.telegram_id], now=stage.clock.now())
        await people.seed_admins(tx, [cast.admin.telegram_id], now=stage.clock.now())
    assert cast.admin.name in await stage.ask(cast.admin.telegram_id, "/start")
    assert await stage.rows("SELECT name, role FROM people") == [{"name": cast.admin.name, "role": "admin"}]


async def test_words_that_are_no_command_get_a_hint_in_private(stage, cast):
    await stage.hire(cast.employee)
    assert "/help" in await stage.ask(cast.employee.telegram_id, "good morning")


async def test_words_in_a_group_are_left_in_peace(stage, cast):
    await stage.hire(cast.employee)
    await stage.say(cast.employee.telegram_id, "good morning", chat_id=cast.tbilisi_forum)
    await stage.turn()
    assert await stage.answers(cast.tbilisi_forum) == []


async def test_an_edited_command_is_not_obeyed_and_the_person_is_told(stage, cast):
    await stage.hire(cast.employee)
    me = cast.employee.telegram_id
    message_id = await stage.say(me, "/hepl")
    await stage.turn()
    await stage.post("/edit", **{"as": me, "chat_id": me, "message_id": message_id, "text": "/help"})
    await stage.turn()
    assert "do not read edited messages" in (await stage.last(me))["text"]


async def test_a_person_whose_access_ended_is_a_stranger_again(stage, cast):
    await stage.hire(cast.employee)
    await stage.rows("UPDATE people SET is_active = false RETURNING 1")
    await stage.say(cast.employee.telegram_id, "/today")
    await stage.turn()
    assert await stage.answers(cast.employee.telegram_id) == []


async def test_a_person_who_is_not_approved_is_a_stranger(stage, cast):
    await stage.hire(cast.employee)
    await stage.rows("UPDATE people SET approved_at = NULL RETURNING 1")
    await stage.say(cast.employee.telegram_id, "/help")
    await stage.turn()
    assert await stage.answers(cast.employee.telegram_id) == []


@pytest.mark.parametrize("language", ["ru", "ka"])
def test_every_text_of_the_incoming_side_exists_in_every_language(language):
    catalogs = read_catalogs()
    assert catalogs[language].variables == catalogs["en"].variables


async def test_the_menu_of_commands_is_set_in_every_language(stage):
    from bot.commands_menu import set_commands

    await set_commands(stage.bot)
    calls = await stage.calls("setMyCommands")
    assert {call["params"].get("language_code") for call in calls} == {None, "ru", "en", "ka"}
    assert len(calls) == 8
