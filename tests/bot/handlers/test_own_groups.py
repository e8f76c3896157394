"""``/bind me`` and ``/bind tasks``: a forum becomes a person's own."""

import pytest

from db.queries import chats
from tests.bot.handlers.client_room import group_of, person_id


async def bound(stage, chat_id: int, who) -> None:
    async with stage.db.transaction() as tx:
        await chats.bind_group(
            tx, chat_id, title="Mine", person_id=await person_id(stage, who), purpose="personal_group", bound_by="test"
        )


@pytest.mark.parametrize(("word", "purpose"), [("me", "personal_group"), ("tasks", "task_group")])
async def test_an_employee_binds_a_forum_as_their_own(stage, cast, word, purpose):
    await stage.hire(cast.employee)
    chat_id = await group_of(stage, cast.employee)
    await stage.ask(cast.employee.telegram_id, f"/bind {word}", chat_id=chat_id)
    [event] = await stage.events("group.bound")
    assert event["subject"] == f"chat:{chat_id}"
    assert event["payload"] == {
        "chat_id": chat_id,
        "title": "Clients",
        "person_id": str(await person_id(stage, cast.employee)),
        "purpose": purpose,
    }


async def test_a_forum_that_cannot_serve_is_told_what_is_missing(stage, cast):
    await stage.hire(cast.employee)
    chat_id = await group_of(stage, cast.employee, is_forum=False, bot_rights=["can_pin_messages"])
    told = await stage.ask(cast.employee.telegram_id, "/bind me", chat_id=chat_id)
    assert "switch topics on" in told
    assert "let the bot manage topics" in told
    assert await stage.events("group.bound") == []


async def test_somebody_elses_group_is_refused(stage, cast):
    await stage.hire(cast.employee)
    await stage.hire(cast.head)
    chat_id = await group_of(stage, cast.employee, cast.head)
    await bound(stage, chat_id, cast.employee)
    for command in ("/bind me", "/bind tasks", "/bind tbilisi"):
        told = await stage.ask(cast.head.telegram_id, command, chat_id=chat_id)
        assert "somebody else's" in told
    assert await stage.events("group.bound") == []
    assert await stage.events("forum.bound") == []


async def test_the_forum_of_a_branch_is_nobodys_own(stage, cast):
    await stage.hire(cast.head)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    told = await stage.ask(cast.head.telegram_id, "/bind me", chat_id=cast.tbilisi_forum)
    assert "serves something else" in told


async def test_binding_again_says_that_it_is_theirs_already(stage, cast):
    await stage.hire(cast.employee)
    chat_id = await group_of(stage, cast.employee)
    await bound(stage, chat_id, cast.employee)
    assert "already" in await stage.ask(cast.employee.telegram_id, "/bind me", chat_id=chat_id)
    assert await stage.events("group.bound") == []


async def test_a_second_group_is_asked_about_and_only_its_owner_moves(stage, cast):
    await stage.hire(cast.employee)
    await stage.hire(cast.head)
    old = await group_of(stage, cast.employee)
    await bound(stage, old, cast.employee)
    chat_id = await group_of(stage, cast.employee, cast.head)
    await stage.ask(cast.employee.telegram_id, "/bind me", chat_id=chat_id)
    question = await stage.last(chat_id)
    assert "“Mine”" in question["text"]
    toast = await stage.press(cast.head.telegram_id, question, "Move", chat_id=chat_id)
    assert toast == "This button is not for you"
    await stage.press(cast.employee.telegram_id, question, "Move", chat_id=chat_id)
    [event] = await stage.events("group.bound")
    assert event["payload"]["chat_id"] == chat_id


async def test_a_group_speaks_the_language_of_its_owner(stage, cast):
    await stage.hire(cast.employee, language="ka")
    chat_id = await group_of(stage, cast.employee)
    await bound(stage, chat_id, cast.employee)
    async with stage.db.transaction() as tx:
        assert await chats.language_of(tx, chat_id) == "ka"
        found = await chats.group_of(tx, await person_id(stage, cast.employee), "personal_group")
    assert found is not None
    assert (found.chat_id, found.language) == (chat_id, "ka")
