"""The real statements of db/ do in PostgreSQL what the model says, step by step, in whatever order."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from core.events import (
    AlarmCleared,
    AlarmRaised,
    ClientUpdated,
    EventBody,
    HealthDue,
    NewEvent,
    SyncDue,
    WebhookQuarantined,
)
from core.plans import Plan
from db import batches, commands, runs, sweeps
from db.batches import Batch
from db.commands import ClaimedCommand
from db.events import lock_subjects, record
from db.runs import ClaimedRun, Lease
from db.session import Database, Tx
from tests import make
from tests.circle_model.model import MAX_ATTEMPTS, MAX_CRASHES, PLANS, Circle, Command, LeaseLostError, Run

T = TypeVar("T")

SUBJECTS = ("car:1", "car:2")
ENOUGH = 6
"""Unfinished runs, above which nothing new comes: steps that do something are worth more."""
FIRST_COMMAND = 1000
"""Number of the first command that no run has ordered."""
LEASE = Lease(timedelta(hours=1))
ROOMS = {"reader": 100, "writer": 100, "clerk": 100}
NO_BRANCH = [""]

BODIES: dict[str, EventBody] = {
    "plain": AlarmCleared(key="plain"),
    "pair": WebhookQuarantined(system="trial", reason="pair", detail=""),
    "staged": SyncDue(branch="north"),
    "reversed": HealthDue(),
    "overtaking": ClientUpdated(client_id=UUID(int=1), changed=(), found_by="webhook"),
    "nobody": AlarmRaised(key="nobody", text_key="nobody", args={}),
}
KIND_OF = {body.kind: name for name, body in BODIES.items()}


def route(kind: str) -> Plan:
    return Plan(PLANS[KIND_OF[kind]])


@dataclass
class Held:
    """One run in a worker's hands: as the model and as the database knows it."""

    run: Run
    token: int
    claimed: ClaimedRun


class Statements(RuleBasedStateMachine):
    """Every rule is one transaction in both worlds; afterwards all rows must be what the model says."""

    db: Database
    runner: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.circle = Circle()
        self.event_ids: dict[int, int] = {}
        self.run_ids: dict[int, Run] = {}
        self.held: list[Held] = []
        self.batches: list[tuple[int, Batch]] = []
        self.lost: set[int] = set()
        self.sending: list[tuple[Command, int, ClaimedCommand]] = []
        self._do(_empty)

    def _do(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        async def inside() -> T:
            async with self.db.transaction() as tx:
                return await work(tx)

        return self.runner.run(inside())

    # -- recording -------------------------------------------------------------------------------------------------

    @initialize(kinds=st.lists(st.sampled_from([*PLANS]), min_size=3, max_size=8), data=st.data())
    def begin(self, kinds: list[str], data: st.DataObject) -> None:
        for key, kind in enumerate(kinds):
            self.record(key, kind, data.draw(st.sampled_from(SUBJECTS)))
        for number in range(FIRST_COMMAND, FIRST_COMMAND + 4):
            self._do(lambda tx, number=number: _order(tx, number))
            self.circle.order(number, _chat(number), may_repeat=_may_repeat(number))

    @precondition(lambda self: len(self.circle.unfinished()) < ENOUGH)
    @rule(key=st.integers(0, 20), kind=st.sampled_from([*PLANS]), subject=st.sampled_from(SUBJECTS))
    def record(self, key: int, kind: str, subject: str) -> None:
        """A low key is a repeat."""
        given = NewEvent(body=BODIES[kind], subject=subject, source="trial", external_id=str(key))
        recorded = self._do(lambda tx: record(tx, [given], route))
        number = self.circle.record(str(key), kind, subject)
        assert (number is None) == (recorded.ids == (None,))
        if number is not None:
            [event_id] = recorded.ids
            assert event_id is not None
            self.event_ids[event_id] = number
            self._learn_runs()
        assert {id(self.run_ids[run_id]) for run_id in recorded.ready_runs} == {
            id(run) for run in self.circle.queued() if run.event == number
        }
        self.compare()

    def _learn_runs(self) -> None:
        for row in self._do(lambda tx: tx.rows("SELECT id, event_id, agent FROM runs")):
            self.run_ids[row["id"]] = self.circle.runs[self.event_ids[row["event_id"]], row["agent"]]

    # -- runs, one by one ------------------------------------------------------------------------------------------

    @precondition(lambda self: self.circle.claimable())
    @rule(most=st.integers(1, 4))
    def claim(self, most: int) -> None:
        may_start = self.circle.claimable()
        claimed = self._do(lambda tx: runs.claim(tx, rooms=ROOMS, branches=NO_BRANCH, limit=most, lease=LEASE))
        assert len(claimed) == min(most, len(may_start))
        self._hold(claimed)

    @precondition(lambda self: self.circle.claimable())
    @rule(most=st.integers(1, 4), data=st.data())
    def claim_rung(self, most: int, data: st.DataObject) -> None:
        """Of any runs, finished ones too: a ring may be old."""
        rung = [run_id for run_id in self.run_ids if data.draw(st.booleans())]
        claimed = self._do(lambda tx: runs.claim_rung(tx, rung, agents=ROOMS, limit=most, lease=LEASE))
        may_start = [run_id for run_id in rung if self.run_ids[run_id] in self.circle.claimable()]
        assert len(claimed) == min(most, len(may_start))
        assert {run.id for run in claimed} <= {*may_start}
        self._hold(claimed)

    @precondition(lambda self: self.circle.suspects())
    @rule()
    def claim_suspect(self) -> None:
        assert self._do(runs.has_suspects)
        claimed = self._do(lambda tx: runs.claim_suspect(tx, agents=ROOMS, lease=LEASE))
        assert len(claimed) == 1
        self._hold(claimed)

    def _hold(self, claimed: list[ClaimedRun]) -> None:
        known = [self.run_ids[run.id] for run in claimed]
        token = self.circle.claim(known)
        self.held += [Held(run, token, found) for run, found in zip(known, claimed, strict=True)]
        self.compare()

    @precondition(lambda self: self.held)
    @rule(data=st.data(), end=st.sampled_from(["done", "done", "done", "failed", "dead"]), orders=st.booleans())
    def end(self, data: st.DataObject, end: Any, orders: bool) -> None:
        """By the one who has it, or by a zombie: then nothing of its transaction stays."""
        held = self._pick(data)

        async def save(tx: Tx) -> list[int]:
            await lock_subjects(tx, [held.run.subject])
            if orders:
                await _order(tx, held.run.event)
            match end:
                case "done":
                    await runs.mark_done(tx, [(held.claimed, None)])
                case "failed":
                    await runs.mark_failed(tx, held.claimed, "no")
                case _:
                    await runs.mark_dead(tx, held.claimed, "broken")
            return await runs.promote(tx, [held.claimed.id])

        before = self._queued()
        try:
            rung = self._do(save)
        except runs.LeaseLostError:
            rung = None
        try:
            self.circle.save(held.run, held.token) if end == "done" else self.circle.give_up(held.run, held.token, end)
        except LeaseLostError:
            assert rung is None
        else:
            assert rung is not None
            assert {id(self.run_ids[run_id]) for run_id in rung} == self._queued() - before
            if orders:
                self.circle.order(held.run.event, _chat(held.run.event), may_repeat=_may_repeat(held.run.event))
        self.compare()

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        held = self._pick(data)
        self._do(lambda tx: runs.retry_later(tx, held.claimed, delay=timedelta(0), error="later"))
        self.circle.retry_later(held.run, held.token)
        self.compare()

    def _pick(self, data: st.DataObject) -> Held:
        return self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))

    def _queued(self) -> set[int]:
        return {id(run) for run in self.circle.queued()}

    # -- batches ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.circle.claimable())
    @rule(most=st.integers(1, 5))
    def take_batch(self, most: int) -> None:
        may_start = self.circle.batchable()
        batch = self._do(lambda tx: batches.take(tx, rooms=ROOMS, branches=NO_BRANCH, limit=most, lease=LEASE))
        assert len(batch.run_ids if batch else ()) == min(most, len(may_start))
        if batch is not None:
            number = self.circle.take_batch([self.run_ids[run_id] for run_id in batch.run_ids])
            self.batches.append((number, batch))
        self.compare()

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def save_batch(self, data: st.DataObject) -> None:
        number, batch = self.batches.pop(data.draw(st.integers(0, len(self.batches) - 1)))

        async def save(tx: Tx) -> tuple[list[int], list[int]]:
            opened = await batches.open_batch(tx, batch)
            return [run.id for run in opened], await batches.mark_done(tx, [(run, None) for run in opened])

        before = self._queued()
        opened, rung = self._do(save)
        saved = self.circle.save_batch(number)
        assert {id(self.run_ids[run_id]) for run_id in opened} == {id(run) for run in saved}
        assert {id(self.run_ids[run_id]) for run_id in rung} == self._queued() - before
        self.compare()

    # -- time and death --------------------------------------------------------------------------------------------

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def a_lease_runs_out(self, data: st.DataObject) -> None:
        """Its holder may come back as a zombie."""
        token = data.draw(st.sampled_from(self.held)).token
        ids = [held.claimed.id for held in self.held if held.token == token]
        tokens = [held.claimed.lease_token for held in self.held if held.token == token]
        self._do(
            lambda tx: tx.run(
                "UPDATE runs SET lease_until = now() - interval '1 s' WHERE id = ANY(%s) AND lease_token = ANY(%s)",
                (ids, tokens),
            )
        )
        for held in self.held:
            if held.token == token and held.run.token == token:
                held.run.is_expired = True

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def a_run_goes_to_another_worker(self, data: st.DataObject) -> None:
        """The first one does not know it yet."""
        self.a_lease_runs_out(data)
        self.the_relay_takes_back()
        self.claim(100)

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def a_batch_is_lost(self, data: st.DataObject) -> None:
        number, batch = data.draw(st.sampled_from(self.batches))
        self.lost.add(number)
        self._do(
            lambda tx: tx.run("UPDATE batches SET lease_until = now() - interval '1 s' WHERE id = %s", (batch.id,))
        )

    @precondition(lambda self: self.lost or self.circle.expired())
    @rule()
    def the_relay_takes_back(self) -> None:
        spent = self._do(_take_back)
        for number in self.lost:
            self.circle.lose_batch(number)
        self.lost.clear()
        buried = self.circle.take_back()
        assert {id(self.run_ids[run_id]) for run_id in spent} == {id(run) for run in buried}
        self.compare()

    # -- commands --------------------------------------------------------------------------------------------------

    @precondition(lambda self: any(command.state == "pending" for command in self.circle.commands.values()))
    @rule()
    def claim_commands(self) -> None:
        """Of all destinations: which comes first is nobody's promise."""
        waiting = {command.key: command for command in self.circle.deliverable()}
        claimed = self._do(lambda tx: commands.claim(tx, systems=["telegram"], limit=9, lease=timedelta(hours=1)))
        assert len(claimed) == len(waiting)
        for found in sorted(claimed, key=lambda found: found.id):
            key = self._do(lambda tx, number=found.id: _key_of(tx, number))
            self.sending.append((waiting[key], self.circle.claim_command(waiting[key]), found))
        self.compare()

    @precondition(lambda self: self.sending)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        command, token, claimed = self.sending.pop(data.draw(st.integers(0, len(self.sending) - 1)))
        is_news = self._do(lambda tx: commands.settle(tx, claimed, state="sent", result={}))
        assert is_news == self.circle.settle(command, token)
        self.compare()

    @precondition(lambda self: any(self.circle.leased.values()))
    @rule(data=st.data())
    def a_deliverer_dies(self, data: st.DataObject) -> None:
        leased = [destination for destination, token in self.circle.leased.items() if token is not None]
        destination = data.draw(st.sampled_from(leased))
        self._do(
            lambda tx: tx.run(
                """UPDATE destinations SET lease_until = now() - interval '1 s'
                   WHERE destination = %s AND lease_until > now()""",
                (destination,),
            )
        )
        self.circle.lose_deliverer(destination)
        self.compare()

    @precondition(lambda self: self.circle.in_doubt())
    @rule()
    def the_relay_judges(self) -> None:
        self._do(lambda tx: commands.judge_lost(tx, max_attempts=MAX_ATTEMPTS))
        self.circle.judge_lost()
        self.compare()

    # -- what is compared ------------------------------------------------------------------------------------------

    def compare(self) -> None:
        stored_runs, stored_commands = self._do(_everything)
        assert {row["id"]: (row["state"], row["attempt"], row["crashes"]) for row in stored_runs} == {
            run_id: (self.circle.state_of(run), run.attempt, run.crashes) for run_id, run in self.run_ids.items()
        }
        assert {int(row["effect_key"]): (row["state"], row["attempt"]) for row in stored_commands} == {
            command.key: (command.state, command.attempt) for command in self.circle.commands.values()
        }


async def _empty(tx: Tx) -> None:
    await tx.run("TRUNCATE events, runs, batches, commands, destinations CASCADE")


async def _everything(tx: Tx) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return (
        await tx.rows("SELECT id, state, attempt, crashes FROM runs"),
        await tx.rows("SELECT effect_key, state, attempt FROM commands"),
    )


async def _take_back(tx: Tx) -> list[int]:
    """As the relay does; the ones that had their tries are buried."""
    await batches.take_back(tx)
    spent = (await sweeps.take_back(tx, max_attempts=MAX_ATTEMPTS, max_crashes=MAX_CRASHES)).spent
    for row in spent:
        assert await sweeps.bury(tx, row["id"], "its worker died every time")
        await runs.promote(tx, [row["id"]])
    return [row["id"] for row in spent]


def _chat(number: int) -> str:
    return f"telegram:{number % 2}"


def _may_repeat(number: int) -> bool:
    return number % 3 > 0


async def _order(tx: Tx, number: int) -> None:
    """A message; one in three is of a kind that nobody knows any more, and such a one is not repeated."""
    await commands.order(tx, [make.message(number % 2, effect_key=str(number))])
    if not _may_repeat(number):
        await tx.run("UPDATE commands SET kind = 'money.paid' WHERE effect_key = %s", (str(number),))


async def _key_of(tx: Tx, command_id: int) -> int:
    row = await tx.row("SELECT effect_key FROM commands WHERE id = %s", (command_id,))
    assert row is not None
    return int(row["effect_key"])


def test_the_statements_do_what_the_model_says(owner_url: str) -> None:
    with asyncio.Runner() as runner:
        db = Database(owner_url, pool_size=1)
        Statements.db, Statements.runner = db, runner
        try:
            run_state_machine_as_test(
                Statements,
                settings=settings(
                    max_examples=45,
                    stateful_step_count=30,
                    deadline=None,
                    derandomize=True,
                    database=None,
                    phases=[Phase.generate],  # shrinking would take minutes, and thirty steps can be read
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
                ),
            )
        finally:
            runner.run(db.close())
