"""Waits as rows: one open for a subject, looked at once for a moment, ended once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.ids import new_id
from db.queries import absences, staff, waits
from db.queries.waits import OpenWait
from db.session import Database, Tx

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def a_wait(subject: str = "task:1", *, at: datetime | None = NOW, holder: UUID | None = None) -> OpenWait:
    made = waits.new_wait("task", subject, branch=None, since=NOW, holder_id=holder)
    return replace(made, next_at=at)


async def person(tx: Tx) -> UUID:
    made = new_id()
    await tx.run(
        """INSERT INTO people (id, name, role, tg_user_id, approved_by, approved_at)
           VALUES (%s, 'Anna', 'director', 1, 'test', now())""",
        (made,),
    )
    return made


async def test_one_wait_is_open_for_a_subject_and_the_next_when_it_is_over(db: Database):
    first, second = a_wait(), a_wait()
    async with db.transaction() as tx:
        assert await waits.open_wait(tx, first)
        assert not await waits.open_wait(tx, second)
        await waits.end(tx, first, why="done", now=NOW)
        assert await waits.open_wait(tx, second)
        assert await waits.lock_open(tx, "task:1") == second
        assert await waits.lock(tx, first.id) is None


async def test_a_wait_comes_back_with_its_steps(db: Database):
    who = new_id()
    async with db.transaction() as tx:
        wait = a_wait()
        await waits.open_wait(tx, wait)
        moved = replace(wait.after("remind", to=who, at=NOW), level=2, next_at=NOW + MINUTE)
        await waits.store(tx, moved)
        assert await waits.lock(tx, wait.id) == moved
    assert moved.told == ({"step": "remind", "level": 0, "to": str(who), "at": NOW.isoformat()},)


async def test_due_is_what_has_a_moment_that_came(db: Database):
    async with db.transaction() as tx:
        early, late = a_wait("task:1", at=NOW + MINUTE), a_wait("task:2", at=NOW - MINUTE)
        for wait in (early, late, a_wait("task:3", at=None)):
            await waits.open_wait(tx, wait)
        assert await waits.due(tx, now=NOW) == [late]
        assert await waits.due(tx, now=NOW + MINUTE) == [late, early]


def test_a_moment_that_was_looked_at_is_never_named_again():
    wait = a_wait()
    assert waits.looked_at(wait, NOW, now=NOW).next_at == NOW + timedelta(seconds=1)
    assert waits.looked_at(wait, NOW + MINUTE, now=NOW).next_at == NOW + MINUTE
    assert waits.looked_at(wait, None, now=NOW).next_at is None


async def test_what_a_dismissed_person_holds_is_nobodys_and_looked_at_at_once(db: Database):
    async with db.transaction() as tx:
        holder = await person(tx)
        await waits.open_wait(tx, a_wait(at=NOW + MINUTE, holder=holder))
        assert await waits.leave_the_dismissed(tx, now=NOW) == 0
        await tx.run("UPDATE people SET is_active = false")
        assert await waits.leave_the_dismissed(tx, now=NOW) == 1
        [wait] = await waits.due(tx, now=NOW)
    assert wait.holder_id is None


async def test_an_absence_ends_with_its_time_or_with_coming_back(db: Database):
    async with db.transaction() as tx:
        who = await person(tx)

        async def is_here(moment: datetime) -> bool:
            return (await staff.chain_of(tx, None, moment)).here(who, moment) is not None

        await absences.leave(tx, who, since=NOW, until=NOW + 5 * MINUTE, told_by="test")
        assert [await is_here(NOW + n * MINUTE) for n in (-1, 0, 4, 5)] == [True, False, False, True]
        await absences.leave(tx, who, since=NOW + MINUTE, until=None, told_by="test")
        assert [await is_here(NOW + n * MINUTE) for n in (2, 500)] == [False, False]
        assert await absences.come_back(tx, who, now=NOW + 2 * MINUTE)
        assert await is_here(NOW + 2 * MINUTE)
        assert not await absences.come_back(tx, who, now=NOW + 3 * MINUTE)
