"""Staff as rows: who is asked, and who is away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.chain import Absence, Assigned, Choice, Level
from core.ids import new_id
from db.queries import staff
from db.session import Database, Tx

NOW = datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


async def branch(tx: Tx) -> None:
    await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('harbour', 'Harbour', 1), ('hill', 'Hill', 2)")


async def person(
    tx: Tx, name: str, role: str = "employee", of: str | None = "harbour", *, approved: bool = True
) -> UUID:
    person_id = new_id()
    await tx.run(
        "INSERT INTO people (id, name, role, branch, tg_user_id, approved_at) VALUES (%s, %s, %s, %s, %s, %s)",
        (person_id, name, role, of, person_id.int % 10**9, NOW if approved else None),
    )
    return person_id


async def absent(tx: Tx, person_id: UUID, since: datetime, until: datetime | None) -> None:
    await tx.run(
        "INSERT INTO absences (id, person_id, from_at, until_at, told_by) VALUES (%s, %s, %s, %s, 'test')",
        (new_id(), person_id, since, until),
    )


async def test_the_shift_of_the_branch_is_asked_and_whoever_is_away_is_not(db: Database):
    async with db.transaction() as tx:
        await branch(tx)
        away, here = await person(tx, "Away"), await person(tx, "Here")
        await person(tx, "Elsewhere", of="hill")
        await absent(tx, away, NOW - timedelta(days=1), None)
        chain = await staff.chain_of(tx, "harbour", NOW)
    found = chain.assign(None, now=NOW)
    assert isinstance(found, Assigned)
    assert (found.person.id, found.level, found.choice) == (here, Level.EMPLOYEE, Choice.SHIFT)


async def test_absences_come_with_their_ends_and_those_that_are_over_are_gone(db: Database):
    async with db.transaction() as tx:
        await branch(tx)
        somebody = await person(tx, "Somebody")
        await absent(tx, somebody, NOW - timedelta(days=9), NOW - timedelta(days=8))
        await absent(tx, somebody, NOW + timedelta(hours=1), LATER)
        [colleague] = (await staff.chain_of(tx, "harbour", NOW)).people
    assert colleague.absences == (Absence(NOW + timedelta(hours=1), LATER),)
    assert colleague.is_here(NOW)


async def test_whoever_is_not_approved_or_works_no_more_is_never_asked(db: Database):
    async with db.transaction() as tx:
        await branch(tx)
        await person(tx, "Stranger", approved=False)
        former = await person(tx, "Former")
        await tx.run("UPDATE people SET is_active = false WHERE id = %s", (former,))
        assert (await staff.chain_of(tx, "harbour", NOW)).people == ()


async def test_a_number_of_rentprog_means_one_person_in_one_branch(db: Database):
    async with db.transaction() as tx:
        await branch(tx)
        somebody = await person(tx, "Somebody")
        await tx.run(
            "INSERT INTO rentprog_staff (branch, rentprog_id, name, person_id) VALUES ('harbour', 7, 'S', %s)",
            (somebody,),
        )
        assert await staff.person_behind(tx, "harbour", 7) == somebody
        assert await staff.person_behind(tx, "hill", 7) is None
