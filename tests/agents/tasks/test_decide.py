"""What a decision changes, and who may take it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from agents.tasks.decide import may_steer, snooze_end, steer
from core.events import TaskChange
from core.roles import Role
from db.queries.people import Person
from db.queries.tasks import Task

ZONE = ZoneInfo("Asia/Tbilisi")
NOON = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
"""Twelve o'clock in the branches."""
ME = UUID(int=1)


def task(status: str = "todo", **given: object) -> Task:
    row: dict[str, object] = {
        "id": UUID(int=9),
        "number": 1,
        "title": "Wash the car",
        "details": None,
        "nature": "task",
        "part": None,
        "status": status,
        "priority": "normal",
        "source": "human",
        "assignee_id": ME,
        "branch": "tbilisi",
        "due_at": None,
        "snooze_until": None,
        "created_by": "staff:x",
        "created_at": NOON,
        "closed_at": None,
        "assignee_name": "Me",
        "timezone": "Asia/Tbilisi",
        "links": (),
        "version": 1,
    }
    return Task(**(row | given))  # pyright: ignore[reportArgumentType] - names of columns


def person(person_id: UUID | None = None, role: Role = Role.EMPLOYEE, branch: str | None = "batumi") -> Person:
    return Person(person_id or uuid4(), "Nino", role, branch, 1, None, "en", NOON)


@pytest.mark.parametrize(
    ("status", "change", "fields"),
    [
        ("todo", "done", {"status": "done", "closed_at": NOON}),
        ("blocked", "done", {"status": "done", "closed_at": NOON}),
        ("done", "done", {}),
        ("cancelled", "done", {}),
        ("todo", "start", {"status": "in_progress"}),
        ("in_progress", "start", {}),
        ("in_progress", "block", {"status": "blocked"}),
        ("todo", "cancel", {"status": "cancelled", "closed_at": NOON}),
        ("done", "reopen", {"status": "todo", "closed_at": None, "snooze_until": None}),
        ("todo", "reopen", {}),
        ("done", "snooze_hour", {}),
        ("todo", "snooze_hour", {"snooze_until": NOON + timedelta(hours=1)}),
        ("todo", "assign", {}),
    ],
)
def test_each_change_fits_some_states_only(status: str, change: TaskChange, fields: dict[str, object]):
    assert steer(task(status), change, now=NOON) == fields


def test_a_task_is_given_to_somebody_else_once():
    other = UUID(int=2)
    assert steer(task(), "assign", now=NOON, to_person=other) == {"assignee_id": other}
    assert steer(task(assignee_id=other), "assign", now=NOON, to_person=other) == {}


@pytest.mark.parametrize(
    ("change", "now", "end"),
    [
        ("snooze_hour", "12:00", "13:00"),
        ("snooze_today", "12:00", "18:00"),
        ("snooze_today", "17:59", "18:00"),
        ("snooze_today", "18:00", "19:00"),
        ("snooze_today", "23:30", "00:30"),
        ("snooze_tomorrow", "12:00", "09:00"),
        ("snooze_tomorrow", "00:10", "09:00"),
    ],
)
def test_a_snooze_ends_by_the_clock_of_the_branch(change: str, now: str, end: str):
    moment = datetime.fromisoformat(f"2026-11-21 {now}").replace(tzinfo=ZONE).astimezone(UTC)
    assert snooze_end(change, now=moment, zone=ZONE).astimezone(ZONE).strftime("%H:%M") == end


def test_tomorrow_is_the_next_day_of_the_branch_also_shortly_after_midnight():
    shortly_after = datetime(2026, 11, 21, 0, 10, tzinfo=ZONE).astimezone(UTC)
    assert snooze_end("snooze_tomorrow", now=shortly_after, zone=ZONE).astimezone(ZONE).day == 22


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (person(ME), True),
        (person(branch="tbilisi"), True),
        (person(), False),
        (person(role=Role.BRANCH_HEAD), False),
        (person(role=Role.DIVISION_HEAD, branch=None), True),
    ],
)
def test_a_task_is_steered_by_whom_it_concerns(who: Person, may: bool):
    assert may_steer(who, task()) is may


def test_who_made_a_task_may_steer_it():
    maker = person()
    assert may_steer(maker, task(created_by=maker.trust))
