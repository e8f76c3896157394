"""Rows 36 to 38 of the fault matrix where they need real processes or the jobs of a real installation."""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from agents.spec import Deps
from core.clock import FixedClock
from core.settings import BranchSettings, HttpSettings, RentprogSettings, Settings
from db import schedules
from db.session import Database
from orchestrator.clock import ClockWork, rules
from orchestrator.progress import Progress
from orchestrator.router import route
from orchestrator.servers import Servers
from orchestrator.streams import Bell
from tests.chaos.processes import installation, running
from tests.wait import wait_until

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ONCE_A_YEAR = "0 0 1 1 *"


def settings(home: Path, cron: str) -> Settings:
    branches = tuple(
        BranchSettings(code=f"branch-{number}", name="Branch", company_id=number, company_token=SecretStr("invented"))
        for number in range(1, 21)
    )
    rentprog = RentprogSettings(branches=branches, reconcile_cron=cron, base_url="http://127.0.0.1:9")
    return Settings(home=home, rentprog=rentprog, http=HttpSettings(port=0))


async def passes(db: Database) -> Counter[str]:
    """How many events each branch's pass got from the clock."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT subject FROM events WHERE source = 'clock' AND kind = 'sync.due'")
    return Counter(row["subject"] for row in rows)


async def test_row_38_two_clocks_as_processes_make_one_event_of_each_slot_and_one_goes_on_alone(
    db: Database, db_url: str, redis_url: str, tmp_path: Path
) -> None:
    given = installation(settings(tmp_path, ONCE_A_YEAR), Servers(db_url, redis_url, f"file://{tmp_path}/files"))

    async def beating() -> int:
        async with db.transaction() as tx:
            return len(await tx.rows("SELECT 1 AS one FROM heartbeats WHERE role = 'clock'"))

    async def make_due(year: int) -> None:
        async with db.transaction() as tx:
            await tx.run("UPDATE schedules SET next_slot = make_timestamptz(%s, 6, 1, 0, 0, 0)", (year,))

    async def total_is(count: int) -> bool:
        return (await passes(db)).total() == count

    with ExitStack() as stack:
        clocks = [
            stack.enter_context(running("clock", settings=given, log=tmp_path / f"clock-{number}.log"))
            for number in range(2)
        ]

        async def both_beat() -> bool:
            assert [clock.code for clock in clocks] == [None, None], clocks[0].said + clocks[1].said
            return await beating() == 2

        await wait_until(both_beat, timeout_s=60)
        await wait_until(lambda: total_is(20))
        await make_due(2020)
        await wait_until(lambda: total_is(40))
        clocks[0].kill()
        await make_due(2019)  # the newest slot of the year is known: nothing new
        await wait_until(lambda: is_past(db, 2019))
    assert set((await passes(db)).values()) == {2}


async def is_past(db: Database, year: int) -> bool:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT 1 AS one FROM schedules WHERE extract(year FROM next_slot) = %s", (year,))
    return not rows


async def test_row_38_after_three_days_down_each_job_of_an_installation_follows_its_own_catch_up_rule(
    db: Database, redis_url: str, tmp_path: Path
) -> None:
    given = settings(tmp_path, "*/15 * * * *")
    bell = Bell(redis_url)

    def clock(moment: datetime) -> ClockWork:
        deps = Deps(db=db, clock=FixedClock(moment), settings=given)
        return ClockWork(deps, route=route, bell=bell, progress=Progress())

    jobs = rules(given, NOON)
    async with db.transaction() as tx:
        await schedules.put(tx, jobs)
    await clock(NOON).tick()
    async with db.transaction() as tx:
        before = await tx.rows("SELECT id FROM events")
    await clock(NOON + timedelta(days=3)).tick()
    await bell.close()
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT split_part(external_id, '@', 1) AS job FROM events WHERE source = 'clock'")
    ticks = Counter(row["job"] for row in rows)
    assert len(before) == len(jobs)
    assert {job.catch_up for job in jobs} == {"last"}
    assert ticks == {job.name: 2 for job in jobs}
