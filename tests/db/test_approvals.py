"""A stored consent belongs to one stored command and to exactly what that command says."""

from datetime import UTC, datetime, timedelta

import pytest

from core.commands import AskApproval, NewCommand
from core.ids import new_id
from core.roles import Role
from db import commands
from db.queries import approvals
from db.queries.approvals import arguments_hash
from db.session import Database
from tests import make

SOON = datetime.now(UTC) + timedelta(hours=1)
ASK = AskApproval(role=Role.BRANCH_HEAD, shown={"text": "hello"}, expires_at=SOON)


def asking(effect_key: str, *, merge_key: str | None = None, ask: AskApproval = ASK) -> NewCommand:
    return make.message(effect_key=effect_key, merge_key=merge_key, approval=ask)


async def states(db: Database) -> list[str]:
    async with db.transaction() as tx:
        return [row["state"] for row in await tx.rows("SELECT state FROM commands ORDER BY id")]


async def test_what_needs_consent_and_what_does_not_are_ordered_together(db: Database):
    async with db.transaction() as tx:
        await commands.order(tx, [make.message(), asking("a"), make.message()])
    assert await states(db) == ["pending", "awaiting_approval", "pending"]


async def test_what_needs_consent_merges_with_nothing(db: Database):
    async with db.transaction() as tx:
        await commands.order(tx, [asking("a", merge_key="card"), asking("b", merge_key="card")])
        await commands.order(tx, [make.message(merge_key="card")])
        await commands.order(tx, [asking("c", merge_key="card")])
    assert await states(db) == ["awaiting_approval", "awaiting_approval", "pending", "awaiting_approval"]


@pytest.mark.parametrize("strange", ["a\0b", "\ud800", "ქართული", "1e400", "  ", '"quoted"'])
async def test_the_hash_is_that_of_what_was_stored_whatever_the_words_were(db: Database, strange: str):
    async with db.transaction() as tx:
        await commands.order(tx, [asking("a", ask=AskApproval(Role.ADMIN, {"text": strange}, SOON, origin=strange))])
        found = await approvals.find(tx, approvals.id_of("a"))
    assert found is not None
    assert found.is_as_shown


@pytest.mark.parametrize("column", ["kind", "destination", "payload"])
async def test_any_change_of_the_command_shows(db: Database, column: str):
    changes = {
        "kind": "kind = 'another'",
        "destination": "destination = 'another'",
        "payload": "payload = payload || '{\"chat_id\": 2}'",
    }
    async with db.transaction() as tx:
        await tx.run("INSERT INTO destinations (destination, system) VALUES ('another', 'telegram')")
        await commands.order(tx, [asking("a")])
        await tx.run(f"UPDATE commands SET {changes[column]}")
        found = await approvals.find(tx, approvals.id_of("a"))
    assert found is not None
    assert not found.is_as_shown


def test_the_order_of_keys_says_nothing():
    first = arguments_hash("k", {"a": 1, "b": {"c": 2, "d": 3}}, "to")
    assert arguments_hash("k", {"b": {"d": 3, "c": 2}, "a": 1}, "to") == first
    assert arguments_hash("k", {"a": 1, "b": {"c": 2, "d": 4}}, "to") != first


async def test_a_consent_is_consumed_once_even_by_two_who_read_it_open(db: Database):
    async with db.transaction() as tx:
        await commands.order(tx, [asking("a")])
        found = await approvals.find(tx, approvals.id_of("a"))
        assert found is not None
        head = new_id()
        assert await approvals.consume(tx, found, decided_by=head, now=SOON)
        assert not await approvals.consume(tx, found, decided_by=head, now=SOON)
        await approvals.deny(tx, found, "refused", decided_by=head, why="too late", now=SOON)
        row = await approvals.find(tx, found.id)
    assert row is not None
    assert (row.state, row.command_state) == ("consumed", "pending")


async def test_a_command_that_is_not_waiting_is_not_released_and_its_consent_stays(db: Database):
    async with db.transaction() as tx:
        await commands.order(tx, [asking("a")])
        await tx.run("UPDATE commands SET state = 'cancelled'")
        found = await approvals.find(tx, approvals.id_of("a"))
        assert found is not None
        assert not await approvals.consume(tx, found, decided_by=new_id(), now=SOON)
        row = await approvals.find(tx, found.id)
    assert row is not None
    assert (row.state, row.command_state) == ("asked", "cancelled")


async def test_only_what_is_late_has_run_out(db: Database):
    async with db.transaction() as tx:
        await commands.order(tx, [asking("a"), asking("b", ask=AskApproval(Role.ADMIN, {}, SOON + timedelta(hours=1)))])
        late = await approvals.run_out(tx, now=SOON)
    assert [one.id for one in late] == [approvals.id_of("a")]
