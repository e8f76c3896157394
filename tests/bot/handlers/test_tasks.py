"""``/task`` as people type it, and the screens behind a card's buttons."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.commands import Button, NewCommand, SendMessage, Text
from core.commands.task_buttons import ASSIGN
from core.ids import new_id
from db import commands
from db.queries import tasks
from db.queries.tasks import NewTask
from tests.bot.handlers.conftest import MORNING, Cast, Stage


async def wanted(stage: Stage) -> list[dict[str, Any]]:
    return [event["payload"] for event in await stage.events("task.wanted")]


async def person_id(stage: Stage, user_id: int) -> UUID:
    [row] = await stage.rows("SELECT id FROM people WHERE tg_user_id = %s", user_id)
    return row["id"]


async def make_task(stage: Stage, title: str, user_id: int, **given: Any) -> UUID:
    owner = await person_id(stage, user_id)
    fields = {"assignee_id": owner, "branch": "tbilisi", "created_by": f"staff:{owner}"} | given
    new = NewTask(id=new_id(), title=title, source="human", **fields)
    async with stage.db.transaction() as tx:
        await tasks.create(tx, new)
    return new.id


async def test_a_task_is_wanted_with_its_links_and_its_time(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    car = await stage.car("AB-123-CD", rentprog_id=61000)
    await stage.say(who.telegram_id, '/task create "Wash the car" car:61000 due:today 18:00')
    await stage.turn()
    [told] = await wanted(stage)
    assert told["text"] == "Wash the car"
    assert told["links"] == [f"car:{car}"]
    assert told["due"] == "2026-11-21T14:00:00+00:00"
    assert told["chat_id"] == who.telegram_id


async def test_in_a_cars_topic_a_task_is_about_that_car(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    car = await stage.car("AB-123-CD")
    thread_id = await stage.topic(cast.tbilisi_forum, car, who.telegram_id)
    await stage.say(who.telegram_id, "/task create Check the oil", chat_id=cast.tbilisi_forum, thread_id=thread_id)
    await stage.turn()
    [told] = await wanted(stage)
    assert (told["text"], told["links"], told["thread_id"]) == ("Check the oil", [f"car:{car}"], thread_id)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/task", "/task create"),
        ("/task dance", "/task create"),
        ("/task create", "needs a text"),
        ('/task create "x" due:someday', "do not understand the time"),
        ('/task create "x" due:today 09:00', "This time is over"),
        ('/task create "x" car:99999', "I do not know car:99999"),
        ('/task create "x" booking:99999999999999999999', "I do not know booking:"),
        ('/task create "x" client:abc', "I do not know client:abc"),
        ('/task create "x" car:Prius', "several cars"),
        ("/task mine", "No open tasks"),
    ],
)
async def test_what_is_not_clear_is_said_and_nothing_is_created(stage: Stage, cast: Cast, words: str, answer: str):
    who = await stage.hire(cast.employee)
    await stage.car("AB-123-CD")
    await stage.car("EF-456-GH")
    assert answer in await stage.ask(who.telegram_id, words)
    assert await wanted(stage) == []


async def test_lists_are_mine_my_branchs_and_of_a_car(stage: Stage, cast: Cast):
    who, head = await stage.hire(cast.employee), await stage.hire(cast.head)
    car = await stage.car("AB-123-CD", rentprog_id=61000)
    await make_task(stage, "Mine <b>", who.telegram_id, due_at=MORNING + timedelta(hours=2))
    await make_task(stage, "Of the head", head.telegram_id, links=(f"car:{car}",))
    await make_task(stage, "Elsewhere", head.telegram_id, branch="batumi")
    mine = await stage.ask(who.telegram_id, "/task mine")
    assert "Mine <b>" in mine
    assert "21.11 12:00" in mine
    assert "Of the head" not in mine
    branch = await stage.ask(who.telegram_id, "/task branch")
    assert "Of the head" in branch
    assert "Elsewhere" not in branch
    about_car = await stage.ask(who.telegram_id, "/task list car:AB123CD")
    assert "Of the head" in about_car
    assert "Mine" not in about_car
    assert "Elsewhere" in await stage.ask(head.telegram_id, "/task list")


async def test_details_show_the_history_and_can_be_opened_again_and_again(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    task_id = await make_task(stage, "Wash the car", who.telegram_id, details="All of it")
    async with stage.db.transaction() as tx:
        task = await tasks.lock(tx, task_id)
        assert task is not None
        await tasks.change(tx, task, {"status": "in_progress"}, actor=task.created_by)
    await stage.ask(who.telegram_id, "/task mine")
    listed = await stage.last(who.telegram_id)
    await stage.press(who.telegram_id, listed, str(task.number))
    await stage.press(who.telegram_id, listed, str(task.number))
    details = str((await stage.last(who.telegram_id))["text"])
    assert "All of it" in details
    assert "status → in progress" in details
    await stage.press(who.telegram_id, await stage.last(who.telegram_id), "Cancel it")
    [steered] = await stage.events("task.steered")
    assert (steered["payload"]["change"], steered["subject"]) == ("cancel", f"task:{task_id}")


async def test_whoever_presses_assign_chooses_among_the_people_of_the_branch(stage: Stage, cast: Cast):
    who, head = await stage.hire(cast.employee), await stage.hire(cast.head)
    await stage.hire(cast.batumi_employee)
    task_id = await make_task(stage, "Wash the car", who.telegram_id)
    payload = {"task_id": str(task_id)}
    body = SendMessage(
        chat_id=who.telegram_id,
        text=Text(key="task-list-none"),
        buttons=((Button(label=Text(key="task-assign"), event_kind=ASSIGN, event=payload, subject="screen"),),),
    )
    order = NewCommand(body=body, destination=f"telegram:{who.telegram_id}", effect_key="assign-test")
    async with stage.db.transaction() as tx:
        await commands.order(tx, [order])
    await stage.turn()
    await stage.press(who.telegram_id, await stage.last(who.telegram_id), "Assign")
    choice = await stage.last(who.telegram_id)
    labels = [button["text"] for row in choice["reply_markup"]["inline_keyboard"] for button in row]
    assert labels == [f"{head.name} · Tbilisi"]
    await stage.press(who.telegram_id, choice, head.name)
    [steered] = await stage.events("task.steered")
    assert steered["payload"]["to_person"] == str(await person_id(stage, head.telegram_id))


async def test_a_task_of_a_conversation_that_is_gone_shows_no_error(stage: Stage, cast: Cast):
    who = await stage.hire(cast.employee)
    await make_task(stage, "Call", who.telegram_id, links=(f"conversation:{new_id()}",))
    assert "Call" in await stage.ask(who.telegram_id, "/task mine")
