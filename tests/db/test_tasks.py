"""Tasks as rows: made once, every change written down, remembered when their time comes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.events import NewEvent, TaskReminder
from core.ids import new_id
from core.plans import NOBODY
from db.events import record
from db.queries import tasks
from db.queries.tasks import NewTask, Task
from db.session import Database

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def create(db: Database, title: str = "Wash the car", **given: object) -> Task:
    new = NewTask(id=new_id(), title=title, source="human", created_by="staff:test", **given)  # pyright: ignore[reportArgumentType] - names of fields
    async with db.transaction() as tx:
        assert await tasks.create(tx, new)
        found = await tasks.find(tx, new.id)
    assert found is not None
    return found


async def titles_due(db: Database, now: datetime = NOW) -> list[str]:
    async with db.transaction() as tx:
        return [task.title for task in await tasks.not_reminded(tx, now=now)]


async def remind(db: Database, task: Task, now: datetime = NOW) -> None:
    moment = task.moment(now)
    assert moment is not None
    event = NewEvent(
        body=TaskReminder(task_id=task.id),
        subject=task.subject,
        source=tasks.REMINDERS,
        external_id=tasks.reminder_key(task.id, moment),
    )
    async with db.transaction() as tx:
        await record(tx, [event], lambda _kind: NOBODY)


async def change(db: Database, task_id: UUID, **fields: object) -> Task:
    async with db.transaction() as tx:
        task = await tasks.lock(tx, task_id)
        assert task is not None
        await tasks.change(tx, task, fields, actor="staff:test")
        changed = await tasks.find(tx, task_id)
    assert changed is not None
    return changed


async def test_a_task_comes_back_as_it_was_made(db: Database):
    task = await create(db, due_at=NOW, links=("car:2", "booking:1", "car:2"), priority="high", nature="breakdown")
    assert (task.status, task.priority, task.nature, task.due_at) == ("todo", "high", "breakdown", NOW)
    assert task.links == ("booking:1", "car:2")
    assert task.number > 0


async def test_the_same_task_is_made_once(db: Database):
    new = NewTask(id=tasks.id_of_message(-100, 7), title="One", source="agent", created_by="agent:triage")
    async with db.transaction() as tx:
        assert await tasks.create(tx, new)
        assert not await tasks.create(tx, new)
        assert len(await tasks.of_branch(tx, None)) == 1


async def test_every_change_is_a_line_of_history_and_a_new_version(db: Database):
    task = await create(db)
    changed = await change(db, task.id, status="in_progress")
    assert changed.version > task.version
    async with db.transaction() as tx:
        history = await tasks.changes(tx, task.id)
    assert [(line.field, line.old, line.new) for line in history] == [
        ("status", None, "todo"),
        ("status", "todo", "in_progress"),
    ]


async def test_what_is_no_column_that_may_change_is_refused(db: Database):
    task = await create(db)
    async with db.transaction() as tx:
        with pytest.raises(ValueError, match="created_by"):
            await tasks.change(tx, task, {"created_by": "x"}, actor="staff:test")


async def test_a_closed_task_stands_in_no_list(db: Database):
    task = await create(db, links=("car:1",))
    await change(db, task.id, status="done", closed_at=NOW)
    async with db.transaction() as tx:
        assert await tasks.about(tx, ["car:1"]) == []
        assert await tasks.of_branch(tx, None) == []


async def test_lists_begin_with_what_is_due_first(db: Database):
    await create(db, "no date", links=("car:1",))
    await create(db, "later", due_at=NOW + HOUR, links=("car:1",))
    await create(db, "sooner", due_at=NOW, links=("booking:1",))
    async with db.transaction() as tx:
        assert [task.title for task in await tasks.about(tx, ["car:1", "booking:1"])] == ["sooner", "later", "no date"]
        assert [task.title for task in await tasks.open_of(tx, new_id(), "staff:test")] == [
            "sooner",
            "later",
            "no date",
        ]


async def test_a_task_is_due_once_for_each_of_its_times(db: Database):
    task = await create(db, due_at=NOW)
    assert await titles_due(db) == ["Wash the car"]
    await remind(db, task)
    assert await titles_due(db) == []
    snoozed = await change(db, task.id, snooze_until=NOW + HOUR)
    assert await titles_due(db) == []
    assert await titles_due(db, NOW + HOUR) == ["Wash the car"]
    await remind(db, snoozed, NOW + HOUR)
    assert await titles_due(db, NOW + 5 * HOUR) == []


async def test_a_snooze_before_the_due_time_does_not_swallow_it(db: Database):
    task = await create(db, due_at=NOW + 2 * HOUR)
    snoozed = await change(db, task.id, snooze_until=NOW + HOUR)
    await remind(db, snoozed, NOW + HOUR)
    assert await titles_due(db, NOW + HOUR) == []
    assert await titles_due(db, NOW + 2 * HOUR) == ["Wash the car"]


async def test_a_moment_with_fractions_of_a_second_is_reminded_once_too(db: Database):
    task = await create(db, due_at=NOW - timedelta(microseconds=400_000))
    await remind(db, task)
    assert await titles_due(db) == []


async def test_what_is_not_due_or_done_is_not_reminded(db: Database):
    await create(db, due_at=NOW + HOUR)
    await create(db)
    done = await create(db, due_at=NOW)
    await change(db, done.id, status="cancelled")
    assert await titles_due(db) == []
