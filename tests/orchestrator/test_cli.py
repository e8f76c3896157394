"""Looking into Jarvis and mending it from the command line."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from core.events import AlarmRaised, NewEvent
from core.settings import BranchSettings
from db import commands
from db.queries.branches import put_branches
from db.session import Database
from orchestrator.router import route
from tests.make import message, record_all
from tests.orchestrator.commands import Said, jarvis

Jarvis = Callable[..., Said]


@pytest.fixture
def cli(db_url: str, tmp_path: Path) -> Jarvis:
    """The command line on this test's database."""
    return partial(jarvis, settings={"JARVIS_DATABASE_URL": db_url, "JARVIS_HOME": str(tmp_path)})


async def raise_alarm(db: Database, key: str = "test") -> int:
    """An alarm whose run waits, because no worker is there; the event's id."""
    alarm = AlarmRaised(key=key, text_key="alarm-forum-off", args={"title": "a [/bold] title"})
    recorded = await record_all(db, [NewEvent(body=alarm, subject=f"alarm:{key}", external_id=key)], route)
    [event_id] = recorded.ids
    assert event_id is not None
    return event_id


async def kill_run(db: Database) -> int:
    async with db.transaction() as tx:
        await tx.run("UPDATE runs SET state = 'dead', error = 'it broke [/here]', finished_at = now(), attempt = 8")
        [run] = await tx.rows("SELECT id FROM runs")
    return run["id"]


async def test_status_in_json_names_queues_troubles_and_pauses(db: Database, cli: Jarvis) -> None:
    await raise_alarm(db)
    said = cli("status", "--json")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert [(queue["agent"], queue["queued"]) for queue in told["queues"]] == [("alarms", 1)]
    assert told["troubles"]["dead_runs"] == 0
    assert {"commands", "pauses", "parked", "syncs", "webhooks", "heartbeats"} <= told.keys()


async def test_status_for_people_says_the_same_in_tables(db: Database, cli: Jarvis) -> None:
    await raise_alarm(db)
    said = cli("status")
    assert (said.code, said.err) == (0, "")
    assert "alarms" in said.out
    assert "no events yet" in said.out


async def test_events_are_listed_newest_first_and_by_kind_and_subject(db: Database, cli: Jarvis) -> None:
    first, second = await raise_alarm(db, "first"), await raise_alarm(db, "second")
    listed = json.loads(cli("events", "list", "--kind", "alarm.raised", "--json").out)
    assert [event["id"] for event in listed] == [second, first]
    by_subject = json.loads(cli("events", "list", "--subject", "alarm:first", "--json").out)
    assert [event["id"] for event in by_subject] == [first]


async def test_an_event_is_shown_with_all_that_came_of_it(db: Database, cli: Jarvis) -> None:
    event_id = await raise_alarm(db)
    run_id = await kill_run(db)
    said = cli("events", "show", str(event_id))
    assert (said.code, said.err) == (0, "")
    assert f"event {event_id} alarm.raised" in said.out
    assert f"run {run_id} alarms dead (8 tries)" in said.out
    assert "it broke [/here]" in said.out
    whole = json.loads(cli("events", "show", str(event_id), "--json").out)
    assert [(row["what"], row["id"]) for row in whole] == [("event", event_id), ("run", run_id)]


async def test_a_replay_tells_what_the_agents_would_do_and_does_nothing(db: Database, cli: Jarvis) -> None:
    event_id = await raise_alarm(db)
    said = cli("events", "replay", str(event_id))
    assert (said.code, said.err) == (0, "")
    assert "alarm.raised alarm:test, agents: alarms" in said.out
    async with db.transaction() as tx:
        assert await tx.rows("SELECT state FROM runs") == [{"state": "queued"}]
        assert await tx.rows("SELECT key FROM alarms") == []


async def test_a_dead_run_is_listed_and_tried_again_on_demand(db: Database, cli: Jarvis) -> None:
    await raise_alarm(db)
    run_id = await kill_run(db)
    assert "it broke [/here]" in cli("dead", "list").out
    [dead] = json.loads(cli("dead", "list", "--json").out)
    assert (dead["what"], dead["id"], dead["error"]) == ("run", run_id, "it broke [/here]")
    assert cli("dead", "retry", "run", str(run_id)).code == 0
    async with db.transaction() as tx:
        assert await tx.rows("SELECT state, attempt FROM runs") == [{"state": "queued", "attempt": 0}]
    assert json.loads(cli("dead", "list", "--json").out) == []
    again = cli("dead", "retry", "run", str(run_id))
    assert (again.code, again.err) == (1, f"jarvis: run {run_id} is not dead\n")


async def test_dead_work_is_put_aside_and_retried_by_filters_and_what_may_be_done_is_spared(
    db: Database, cli: Jarvis
) -> None:
    await raise_alarm(db)
    run_id = await kill_run(db)
    async with db.transaction() as tx:
        await commands.order(tx, [message(-7), message(-8)])
        await tx.run("UPDATE commands SET state = 'dead' WHERE destination = 'telegram:-7'")
        await tx.run("UPDATE commands SET state = 'unknown' WHERE destination = 'telegram:-8'")
    assert cli("dead", "drop", "--agent", "alarms", "--reason", "no more").out == f"run {run_id} is dropped\n"
    shown = cli("dead", "show", "run", str(run_id)).out
    assert "it broke [/here] · dropped: no more" in shown
    assert "command line (" in shown
    retried = cli("dead", "retry", "--all")
    assert (retried.code, len(retried.out.splitlines())) == (0, 1)
    assert [row["state"] for row in json.loads(cli("dead", "list", "--json").out)] == ["unknown"]


async def test_a_dead_command_is_sent_again_on_demand(db: Database, cli: Jarvis) -> None:
    async with db.transaction() as tx:
        await commands.order(tx, [message()])
        await tx.run("UPDATE commands SET state = 'dead', error = 'gone'")
        [command] = await tx.rows("SELECT id FROM commands")
    assert cli("dead", "retry", "command", str(command["id"])).code == 0
    async with db.transaction() as tx:
        assert await tx.rows("SELECT state FROM commands") == [{"state": "pending"}]


async def test_a_paused_system_shows_in_the_status_until_it_is_resumed(db: Database, cli: Jarvis) -> None:
    assert cli("pause", "system", "telegram", "--reason", "the night").code == 0
    [pause] = json.loads(cli("status", "--json").out)["pauses"]
    assert (pause["scope"], pause["name"], pause["reason"]) == ("system", "telegram", "the night")
    assert cli("resume", "system", "telegram").code == 0
    assert json.loads(cli("status", "--json").out)["pauses"] == []
    again = cli("resume", "system", "telegram")
    assert (again.code, again.err) == (1, "jarvis: system telegram is not paused\n")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(("status", "--yaml"), 2, "No such option", id="an unknown option"),
        pytest.param(("dance",), 2, "No such command", id="an unknown command"),
        pytest.param(("events", "show", "seven"), 2, "valid integer", id="no number"),
        pytest.param(("events", "show", "999999"), 1, "jarvis: there is no event 999999", id="no such event"),
        pytest.param(("dead", "retry", "event", "1"), 1, "jarvis: 'event' is neither run nor command", id="retry"),
        pytest.param(("pause", "car", "x"), 1, "jarvis: 'car' is neither system nor agent nor destination", id="pause"),
        pytest.param(("events", "list", "--limit", "0"), 2, "--limit", id="limit"),
        pytest.param(("events", "list", "--since", "noon"), 2, "'noon' is neither an age like 2h", id="since"),
        pytest.param(
            ("dead", "retry"), 1, "jarvis: say which: run or command with ids, --agent", id="retry of nothing"
        ),
        pytest.param(("dead", "drop", "run", "1"), 2, "--reason", id="drop without a reason"),
        pytest.param(
            ("pause", "agent", "nobody"), 1, "jarvis: there is no agent 'nobody'; there is", id="pause nobody"
        ),
    ],
)
def test_a_wrong_argument_is_refused_with_a_reason_and_no_traceback(
    cli: Jarvis, arguments: tuple[str, ...], code: int, says: str
) -> None:
    said = cli(*arguments)
    assert said.code == code
    assert says in said.err
    assert "Traceback" not in said.err


def test_without_a_database_a_look_ends_with_one_line_that_says_what_to_set(tmp_path: Path) -> None:
    said = jarvis("status", settings={"JARVIS_HOME": str(tmp_path)})
    assert said.code == 2
    assert said.err.splitlines() == [
        f"jarvis: no database: JARVIS_DATABASE_URL is not set and no `jarvis up` runs on {tmp_path}"
    ]


def test_a_database_that_does_not_answer_is_one_line_too(tmp_path: Path) -> None:
    said = jarvis(
        "status", settings={"JARVIS_HOME": str(tmp_path), "JARVIS_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    )
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith("jarvis: ")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        pytest.param("JARVIS_HTTP__PORT", "99999", "http.port (JARVIS_HTTP__PORT)", id="a port out of range"),
        pytest.param("JARVIS_CONFIG", "no-such-file.yaml", "no-such-file.yaml, which is not a file", id="no file"),
        pytest.param("JARVIS_TELEGRAM__TOKEN_FILE", "/nowhere/token", "JARVIS_TELEGRAM__TOKEN_FILE", id="no secret"),
    ],
)
def test_a_wrong_setting_is_one_readable_line_and_exit_code_2(tmp_path: Path, name: str, value: str, says: str) -> None:
    said = jarvis("status", settings={"JARVIS_HOME": str(tmp_path), name: value})
    assert said.code == 2
    [line] = said.err.splitlines()
    assert line.startswith("jarvis: ")
    assert says in line


async def test_a_full_check_of_a_branch_can_be_asked_for_now(db: Database, cli: Jarvis) -> None:
    async with db.transaction() as tx:
        await put_branches(tx, [BranchSettings(code="tbilisi", name="Tbilisi", company_id=1001)])
    assert cli("sync", "tbilisi").code == 0
    [asked] = json.loads(cli("events", "list", "--kind", "sync.due", "--json").out)
    assert (asked["subject"], asked["branch"]) == ("sync:tbilisi", "tbilisi")


def test_a_check_of_a_branch_that_nobody_knows_is_refused(cli: Jarvis) -> None:
    said = cli("sync", "atlantis")
    assert (said.code, said.err.strip()) == (1, "jarvis: there is no branch 'atlantis'")


def test_the_doctor_tells_programs_the_same_as_people(cli: Jarvis) -> None:
    said = cli("doctor", "--json")
    told = json.loads(said.out)
    ill = [diagnosis["name"] for diagnosis in told["diagnoses"] if not diagnosis["is_well"]]
    assert (said.code, told["is_well"]) == (1, False)
    assert {"settings", "telegram"} <= set(ill)
    [url] = [setting for setting in told["settings"] if setting["name"] == "database_url"]
    assert url["source"] == "JARVIS_DATABASE_URL"
    assert "invented" not in said.out
