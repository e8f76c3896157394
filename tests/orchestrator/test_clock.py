"""The clock: each slot once, over any number of clocks, restarts and changes of the hour (promise G8)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agents.spec import Deps
from core.clock import FixedClock
from core.errors import Temporary
from core.settings import BranchSettings, LlmSettings, RentprogSettings, Settings, UmnicoSettings
from core.settings.llm import LlmModel, LlmProvider
from db import schedules
from db.schedules import Schedule
from db.session import Database
from orchestrator.clock import MAX_CATCH_UP, ClockWork, due_slots, rules
from orchestrator.progress import Progress
from orchestrator.streams import Bell
from tests import make
from tests.wait import wait_until

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
ROUTE = make.route_to()
OWN_MODEL = LlmModel(provider="own", model="small")


def rule(cron: str = "0 * * * *", *, zone: str = "UTC", catch_up: str = "last", first: datetime = NOON) -> Schedule:
    return Schedule(
        name="check:health",
        cron=cron,
        timezone=zone,
        event_kind="check.health",
        payload={},
        subject="check:health",
        branch=None,
        catch_up=catch_up,
        last_slot=None,
        next_slot=first,
    )


@pytest.fixture
async def clock(db: Database, redis_url: str) -> AsyncIterator[Callable[[datetime], ClockWork]]:
    """Makes a clock that stands at a moment."""
    bell = Bell(redis_url)

    def at(moment: datetime) -> ClockWork:
        deps = Deps(db=db, clock=FixedClock(moment), settings=make.settings())
        return ClockWork(deps, route=ROUTE, bell=bell, progress=Progress())

    yield at
    await bell.close()


async def put(db: Database, *given: Schedule) -> None:
    async with db.transaction() as tx:
        await schedules.put(tx, given)


async def slots(db: Database) -> list[datetime]:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT occurred_at, external_id FROM events ORDER BY id")
    assert [row["external_id"] for row in rows] == [f"check:health@{row['occurred_at'].isoformat()}" for row in rows]
    return [row["occurred_at"] for row in rows]


async def test_a_slot_becomes_one_event_however_often_the_clock_looks(
    db: Database, clock: Callable[[datetime], ClockWork]
):
    await put(db, rule())
    assert [await clock(NOON + timedelta(seconds=n)).tick() for n in range(5)] == [1, 0, 0, 0, 0]
    assert await clock(NOON + timedelta(hours=1)).tick() == 1
    assert await slots(db) == [NOON, NOON + timedelta(hours=1)]


async def test_nothing_is_due_before_its_time(db: Database, clock: Callable[[datetime], ClockWork]):
    await put(db, rule())
    assert await clock(NOON - timedelta(microseconds=1)).tick() == 0


async def test_row_38_two_clocks_at_once_make_one_event_of_a_slot(db: Database, clock: Callable[[datetime], ClockWork]):
    await put(db, rule("* * * * *"))
    for minute in range(10):
        both = [clock(NOON + timedelta(minutes=minute)) for _ in range(2)]
        assert sum(await asyncio.gather(*(one.tick() for one in both))) == 1
    assert await slots(db) == [NOON + timedelta(minutes=minute) for minute in range(10)]


async def test_row_36_a_clock_that_runs_behind_makes_no_slot_again(
    db: Database, clock: Callable[[datetime], ClockWork]
):
    await put(db, rule("* * * * *"))
    await clock(NOON + timedelta(minutes=5)).tick()
    assert await clock(NOON + timedelta(minutes=4)).tick() == 0
    assert await clock(NOON + timedelta(minutes=5)).tick() == 0


async def test_a_restart_keeps_the_slots_of_a_known_rule(db: Database, clock: Callable[[datetime], ClockWork]):
    await put(db, rule())
    await clock(NOON).tick()
    await put(db, rule(first=NOON + timedelta(minutes=10)))
    assert await clock(NOON + timedelta(minutes=10)).tick() == 0
    assert await clock(NOON + timedelta(minutes=60)).tick() == 1


async def test_a_tick_that_was_not_committed_comes_again(
    db: Database, clock: Callable[[datetime], ClockWork], monkeypatch: pytest.MonkeyPatch
):
    def fail(name: str) -> None:
        raise Temporary(name)

    await put(db, rule())
    with monkeypatch.context() as broken:
        broken.setattr("orchestrator.clock.failpoint", fail)
        with pytest.raises(Temporary):
            await clock(NOON).tick()
    assert await slots(db) == []
    assert await clock(NOON).tick() == 1


@pytest.mark.parametrize(
    ("catch_up", "wanted"),
    [
        ("last", [NOON + timedelta(days=3)]),
        ("all", [NOON + timedelta(hours=6 * n) for n in range(13)]),
        ("skip", []),
    ],
)
async def test_row_38_three_days_down_follow_the_catch_up_rule(
    db: Database, clock: Callable[[datetime], ClockWork], catch_up: str, wanted: list[datetime]
):
    await put(db, rule("0 */6 * * *", catch_up=catch_up))
    await clock(NOON + timedelta(days=3, minutes=30)).tick()
    assert await slots(db) == wanted
    assert await clock(NOON + timedelta(days=3, hours=6)).tick() == 1


async def test_row_38_a_rule_that_skips_still_ticks_in_time(db: Database, clock: Callable[[datetime], ClockWork]):
    await put(db, rule(catch_up="skip"))
    assert await clock(NOON + timedelta(seconds=30)).tick() == 1


async def test_a_changed_cron_begins_anew(db: Database, clock: Callable[[datetime], ClockWork]):
    await put(db, rule("0 0 1 1 *", first=NOON))
    await clock(NOON).tick()
    await put(db, rule("*/5 * * * *", first=NOON + timedelta(minutes=1)))
    assert await clock(NOON + timedelta(minutes=1)).tick() == 1
    assert await clock(NOON + timedelta(minutes=5)).tick() == 1


async def test_a_rule_that_is_gone_from_the_settings_is_silent_until_it_comes_back(
    db: Database, clock: Callable[[datetime], ClockWork]
):
    await put(db, rule())
    await put(db)
    assert await clock(NOON).tick() == 0
    await put(db, rule())
    assert await clock(NOON).tick() == 1


def walk(given: Schedule, until: datetime, step: timedelta = timedelta(minutes=7)) -> list[datetime]:
    """Every slot that a clock which looks every ``step`` finds."""
    found: list[datetime] = []
    now = given.next_slot
    next_slot = now
    while now < until:
        now += step
        while next_slot <= now:
            due, next_slot = due_slots(_at(given, next_slot), now)
            found += due
    return found


def _at(given: Schedule, next_slot: datetime) -> Schedule:
    return rule(given.cron, zone=given.timezone, catch_up=given.catch_up, first=next_slot)


GAP = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
"""In Berlin 02:00 becomes 03:00."""
FOLD = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
"""In Berlin 03:00 becomes 02:00."""


@pytest.mark.parametrize("change", [GAP, FOLD])
@pytest.mark.parametrize("time", ["30 2", "0 2", "0 3", "59 1", "30 3"])
def test_row_37_a_daily_slot_comes_once_on_the_days_the_hour_changes(change: datetime, time: str):
    start = change - timedelta(days=1, hours=13)
    found = walk(rule(f"{time} * * *", zone=BERLIN, first=start), start + timedelta(days=4))
    assert len(found[1:]) == 4
    assert len({slot.astimezone(ZoneInfo(BERLIN)).date() for slot in found[1:]}) == 4


def test_row_37_a_slot_inside_the_gap_comes_when_the_gap_is_over():
    found = walk(rule("30 2 * * *", zone=BERLIN, first=GAP - timedelta(hours=5)), GAP + timedelta(hours=5))
    assert found[1:] == [GAP]


def test_row_37_a_slot_inside_the_fold_comes_at_its_first_time():
    found = walk(rule("30 2 * * *", zone=BERLIN, first=FOLD - timedelta(hours=5)), FOLD + timedelta(hours=5))
    assert found[1:] == [FOLD - timedelta(minutes=30)]


@pytest.mark.parametrize("change", [GAP, FOLD])
def test_every_quarter_of_an_hour_stays_a_quarter_of_an_hour(change: datetime):
    start = change - timedelta(hours=3)
    found = walk(rule("*/15 * * * *", zone=BERLIN, first=start), change + timedelta(hours=3))
    assert found[:24] == [start + timedelta(minutes=15) * n for n in range(24)]


def test_row_37_a_clock_that_wakes_up_inside_the_repeated_hour_makes_no_slot_twice():
    daily = rule("30 2 * * *", zone=BERLIN, first=FOLD - timedelta(minutes=30))
    due, next_slot = due_slots(daily, FOLD + timedelta(minutes=10))
    assert due == [FOLD - timedelta(minutes=30)]
    assert next_slot == FOLD + timedelta(days=1, minutes=30)


@pytest.mark.parametrize("cron", ["* * * * *", "0 * * * *", "0 3 * * *", "0 0 1 * *"])
def test_row_36_years_of_sleep_end_with_the_newest_slots(cron: str):
    asleep = rule(cron, catch_up="all", first=NOON - timedelta(days=3650))
    due, next_slot = due_slots(asleep, NOON)
    assert len(due) == MAX_CATCH_UP
    assert due == sorted(set(due))
    assert NOON - (due[-1] - due[-2]) <= due[-1] <= NOON < next_slot


def branch(code: str, company_id: int, zone: str = "Asia/Tbilisi") -> BranchSettings:
    return BranchSettings(code=code, name=code.title(), company_id=company_id, timezone=zone)


def test_the_rules_of_an_installation_are_a_pass_for_each_branch_and_the_look_at_health():
    rentprog = RentprogSettings(
        branches=(branch("north", 1), branch("south", 2, BERLIN)), reconcile_cron="*/20 * * * *"
    )
    given = {rule.name: rule for rule in rules(Settings(rentprog=rentprog), NOON)}
    looks = ["check:health", "check:approvals", "check:tasks", "check:inspections", "check:unanswered"]
    assert list(given) == ["sync:north", "sync:south", *looks]
    assert given["check:unanswered"].cron == "*/30 * * * * *"
    assert (given["sync:south"].cron, given["sync:south"].timezone) == ("*/20 * * * *", BERLIN)
    assert given["sync:south"].payload == {"branch": "south"}
    assert {rule.next_slot for rule in given.values()} == {NOON}


def test_an_inbox_and_a_model_are_looked_after_where_there_are_any():
    umnico = UmnicoSettings(token="t", account_id=1, inbox_minutes=7)
    llm = LlmSettings(providers={"own": LlmProvider(api="openai", base_url="http://127.0.0.1:1")}, models=(OWN_MODEL,))
    given = {rule.event_kind: rule.cron for rule in rules(Settings(umnico=umnico, llm=llm), NOON)}
    assert given["inbox.due"] == "*/7 * * * *"
    assert given["translations.due"] == "* * * * *"


async def test_the_first_pass_over_a_branch_does_not_wait_for_its_cron(db: Database, redis_url: str):
    bell = Bell(redis_url)
    settings = Settings(rentprog=RentprogSettings(branches=(branch("north", 1),)))
    work = ClockWork(
        Deps(db=db, clock=FixedClock(NOON), settings=settings), route=ROUTE, bell=bell, progress=Progress()
    )
    await work.set_up()
    assert await work.tick() == 6
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT kind, subject, branch FROM events WHERE kind = 'sync.due'")
    assert rows == [{"kind": "sync.due", "subject": "sync:north", "branch": "north"}]
    await bell.close()


async def test_a_running_clock_goes_on_after_the_database_was_away(
    db: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
):
    bell = Bell(redis_url)
    progress = Progress()
    work = ClockWork(make.deps(db), route=ROUTE, bell=bell, progress=progress)
    real_tick, failures = work.tick, [Temporary("away")]

    async def tick() -> int:
        while failures:
            raise failures.pop()
        return await real_tick()

    monkeypatch.setattr(work, "tick", tick)
    await put(db, rule("* * * * *", first=datetime.now(UTC)))
    stop = asyncio.Event()

    async with asyncio.TaskGroup() as group:
        group.create_task(work.run(stop))
        await wait_until(lambda: slots(db))
        stop.set()
    assert "clock" in progress.beats


async def test_row_36_a_clock_that_was_a_year_ahead_for_a_moment_goes_on_when_it_is_right_again(
    db: Database, clock: Callable[[datetime], ClockWork]
):
    await put(db, rule("* * * * *"))
    ticks = [NOON, NOON + timedelta(days=365), *(NOON + timedelta(minutes=minute) for minute in (1, 2, 3))]
    made = [await clock(moment).tick() for moment in ticks]
    assert made == [1, 1, 0, 1, 1]


async def test_row_38_a_rule_of_an_unknown_kind_is_said_aloud_and_the_others_tick(
    db: Database, clock: Callable[[datetime], ClockWork]
):
    await put(db, replace(rule(), name="stale", event_kind="gone.with_a_release"), rule())
    assert await clock(NOON).tick() == 2
    async with db.transaction() as tx:
        [alarm] = await tx.rows("SELECT payload->>'key' AS key FROM events WHERE kind = 'alarm.raised'")
        [tick] = await tx.rows("SELECT external_id FROM events WHERE kind = 'check.health'")
    assert alarm == {"key": "clock:stale"}
    assert tick == {"external_id": f"check:health@{NOON.isoformat()}"}
