"""What the bench of old rows puts into the tables is what the circle itself would have left there."""

from db.queries import bench_history
from db.session import Database


async def states(db: Database) -> dict[str, int]:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT state, count(*) AS n FROM runs GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


async def test_finished_events_have_finished_runs(db: Database, owner_url: str) -> None:
    bench_history.fill_finished(owner_url, 1_000)

    assert await states(db) == {"done": 1_000}


async def test_subjects_that_wait_may_not_start_today(db: Database, owner_url: str) -> None:
    bench_history.make_subjects_wait(owner_url, 50)

    async with db.transaction() as tx:
        early = await tx.rows("SELECT id FROM runs WHERE not_before < now() + interval '1 hour'")
    assert await states(db) == {"queued": 50}
    assert early == []


async def test_of_a_long_line_only_the_first_may_start(db: Database, owner_url: str) -> None:
    bench_history.make_line_wait(owner_url, 20)

    async with db.transaction() as tx:
        rows = await tx.rows("SELECT state FROM runs ORDER BY event_id")
    assert [row["state"] for row in rows] == ["queued", *["waiting"] * 19]
