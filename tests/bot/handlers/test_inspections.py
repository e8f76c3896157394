"""``/inspect``, the card and the findings in a car's topic: what is pressed becomes events of the inspection."""

from typing import Any

from core.commands import Button, NewCommand, Priority, SendMessage, Text, chat_destination
from core.ids import new_id
from db import commands
from tests.bot.handlers.test_form import form_of, inspection


async def topic_of(stage, cast) -> tuple[Any, int]:
    await stage.bind(cast.tbilisi_forum, "tbilisi")
    car = await stage.car("AA-777-BB")
    return car, await stage.topic(cast.tbilisi_forum, car, cast.head.telegram_id)


async def test_in_a_cars_topic_the_occasion_is_chosen_and_the_form_wanted(stage, cast):
    await stage.hire(cast.employee)
    car, thread_id = await topic_of(stage, cast)
    here = {"chat_id": cast.tbilisi_forum}
    assert "AA-777-BB" in await stage.ask(cast.employee.telegram_id, "/inspect", **here, thread_id=thread_id)
    toast = await stage.press(cast.employee.telegram_id, await stage.last(cast.tbilisi_forum), "Hand over", **here)
    assert "private chat" in toast
    [wanted] = await stage.events("inspection.wanted")
    assert wanted["subject"] == f"car:{car}"
    assert (wanted["payload"]["occasion"], wanted["payload"]["thread_id"]) == ("hand_over", thread_id)


async def test_in_private_a_car_is_named_by_its_plate(stage, cast):
    await stage.hire(cast.employee)
    await stage.car("AA-555-BB")
    assert "AA-555-BB" in await stage.ask(cast.employee.telegram_id, "/inspect 555")
    assert "Write the plate" in await stage.ask(cast.employee.telegram_id, "/inspect")


async def pressed(stage, who, screen: str, label: str, **payload: str) -> str:
    """A press on a button of that screen, as the card in a topic carries it; returns the words of the toast."""
    button = Button(label=Text(key=label), event_kind=f"screen.{screen}", event=payload, subject="screen:x")
    body = SendMessage(chat_id=who.telegram_id, text=Text(key="button-more"), buttons=((button,),))
    command = NewCommand(
        body=body,
        destination=chat_destination(who.telegram_id),
        effect_key=str(new_id()),
        priority=Priority.ANSWER,
    )
    async with stage.db.transaction() as tx:
        await commands.order(tx, [command])
    await stage.turn()
    message = await form_of(stage, who)
    label = message["reply_markup"]["inline_keyboard"][0][0]["text"]
    query_id = await stage.touch(who.telegram_id, message, label)
    await stage.listen()
    answer = await stage.http.get(f"/_sandbox/telegram/callbacks/{query_id}")
    return str(answer.json().get("text") or "")


async def found(stage, made: Any) -> Any:
    """A dent that the machine proposes."""
    finding = new_id()
    async with stage.db.transaction() as tx:
        await tx.run(
            """INSERT INTO findings (id, inspection_id, ordinal, source, kind, part, severity, state)
               VALUES (%s, %s, 1, 'model', 'dent', 'hood', 2, 'proposed')""",
            (finding, made),
        )
    return finding


async def test_after_the_review_no_decision_is_changed_and_whoever_tries_is_told(stage, cast):
    await stage.hire(cast.employee)
    made = await inspection(stage, cast.employee, state="reviewed")
    again = {"finding_id": str(await found(stage, made)), "do": "again"}
    assert "is over" in await pressed(stage, cast.employee, "finding", "finding-button-change", **again)


async def test_a_finding_is_decided_with_what_was_put_right(stage, cast):
    await stage.hire(cast.employee)
    made = await inspection(stage, cast.employee, state="examined")
    finding = await found(stage, made)
    so = {"finding_id": str(finding), "do": "decide", "state": "new", "kind": "scratch", "part": "roof"}
    await pressed(stage, cast.employee, "finding", "finding-button-new-so", **so, severity="3")
    [decided] = await stage.events("finding.decided")
    assert decided["subject"] == f"inspection:{made}"
    told = {name: decided["payload"][name] for name in ("state", "damage_kind", "part", "severity")}
    assert told == {"state": "new", "damage_kind": "scratch", "part": "roof", "severity": 3}


async def test_a_damage_that_was_missed_is_added_once_part_kind_and_severity_are_told(stage, cast):
    await stage.hire(cast.employee)
    made = await inspection(stage, cast.employee, state="examined")
    about = {"inspection_id": str(made), "do": "add"}
    await pressed(stage, cast.employee, "inspection", "inspection-button-add", **about, part="roof")
    assert await stage.events("finding.added") == []
    so = {**about, "part": "roof", "kind": "dent", "severity": "1"}
    await pressed(stage, cast.employee, "inspection", "inspection-button-add", **so)
    [added] = await stage.events("finding.added")
    assert (added["payload"]["part"], added["payload"]["damage_kind"]) == ("roof", "dent")


async def test_the_review_is_finished_and_a_report_is_wanted_in_the_pressers_language(stage, cast):
    await stage.hire(cast.employee)
    made = await inspection(stage, cast.employee, state="examined")
    about = {"inspection_id": str(made)}
    await pressed(stage, cast.employee, "inspection", "inspection-button-reviewed", **about, do="reviewed")
    await pressed(stage, cast.employee, "inspection", "inspection-button-report", **about, do="report")
    assert len(await stage.events("inspection.review_finished")) == 1
    [wanted] = await stage.events("report.wanted")
    assert wanted["payload"]["language"] == "en"


async def test_the_archive_is_bound_by_whoever_leads_and_members_who_may_write_are_told_of(stage, cast):
    await stage.hire(cast.director)
    group = await stage.post("/chats", title="Archive", members=[cast.director.telegram_id], is_forum=False)
    told = await stage.ask(cast.director.telegram_id, "/bind archive", chat_id=group["id"])
    assert "archive of inspections" in told
    assert "Members may write here" in told
    [row] = await stage.rows("SELECT purpose FROM chats WHERE chat_id = %s", group["id"])
    assert row["purpose"] == "archive"


async def test_an_employee_binds_no_archive(stage, cast):
    await stage.hire(cast.employee)
    group = await stage.post("/chats", title="Archive", members=[cast.employee.telegram_id], is_forum=False)
    assert "no right" in await stage.ask(cast.employee.telegram_id, "/bind archive", chat_id=group["id"])
