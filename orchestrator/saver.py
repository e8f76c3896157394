"""Saving: outcomes become rows, events, commands and the end of their runs in one transaction, for one run or many."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from agents.spec import AgentSpec, Outcome
from core.events import NewEvent, Recorded
from core.plans import Route
from db import batches, commands, runs
from db.batches import Batch
from db.events import lock_subjects, record_caused
from db.queries.approvals import asked_by
from db.runs import ClaimedRun
from db.session import Database, Tx
from orchestrator.asking import asked_of, price_alarms
from orchestrator.failpoints import failpoint
from orchestrator.signals import metrics, tracing
from orchestrator.streams import Bell

MarkDone = Callable[[Tx, Sequence[tuple[ClaimedRun, str | None]]], Awaitable[list[int]]]
"""Ends runs, each with its note, and returns those that may start now."""


@dataclass(frozen=True, slots=True)
class Thought:
    """A run with what its agent found, not saved yet."""

    run: ClaimedRun
    outcome: Outcome
    at: float = field(default_factory=time.monotonic)


class Written(NamedTuple):
    """What a transaction left to tell after its commit."""

    ready_runs: list[int]
    systems: frozenset[str]
    """Those whose deliverers have something new to do."""
    events: list[NewEvent[Any]]
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Saver:
    specs: Mapping[str, AgentSpec]
    db: Database
    route: Route
    bell: Bell

    async def save(self, thought: Thought) -> None:
        """All that follows from a run or nothing, then ring for what may start now.

        Raises ``LeaseLostError`` when the run belongs to another worker.
        """
        async with self.db.transaction() as tx:
            await lock_subjects(tx, [thought.run.event.subject, *(event.subject for event in thought.outcome.events)])
            written = await self._write(tx, [thought], _end_claimed)
            failpoint("worker.before_commit")
        await self._tell([thought], written)

    async def save_batch(
        self, batch: Batch, think: Callable[[ClaimedRun], Awaitable[Outcome]]
    ) -> tuple[list[int], list[int]]:
        """The same for the runs of a batch, all of them or none; ``think`` waits for nothing.

        Returns the ids of what was saved, and of what was tried before and must be worked on alone.
        """
        async with self.db.transaction() as tx:
            opened = await batches.open_batch(tx, batch)
            fresh = [run for run in opened if run.attempt == 1]
            thoughts = [Thought(run, await think(run)) for run in fresh]
            written = await self._write(tx, thoughts, batches.mark_done)
            failpoint("worker.before_commit")
        metrics.runs_claimed([(run.agent, run.waited_s) for run in fresh])
        await tracing.find_roots(run.event.id for run in fresh)
        await self._tell(thoughts, written)
        return [run.id for run in fresh], [run.id for run in opened if run.attempt > 1]

    async def _tell(self, saved: Sequence[Thought], written: Written) -> None:
        failpoint("worker.after_commit")
        _count(saved)
        metrics.events_recorded(written.events, written.recorded)
        await self.bell.ring_runs(written.ready_runs)
        await self.bell.ring_commands(written.systems)

    async def _write(self, tx: Tx, thoughts: Sequence[Thought], mark_done: MarkDone) -> Written:
        """The caller holds the subjects of the runs; ``record_caused`` takes those of what they cause."""
        saved = await self._save_by_agent(tx, thoughts)
        promoted = await mark_done(tx, [(thought.run, thought.outcome.note) for thought in saved])
        asked = [asked_of(thought.run, thought.outcome.records) for thought in saved if thought.outcome.records]
        if asked:
            await runs.keep_asked(tx, asked)
        caused = [(thought.run.id, events) for thought in saved if (events := _events_of(thought))]
        recorded = await record_caused(tx, caused, self.route)
        ordered = [(thought.run, thought.outcome.commands) for thought in saved if thought.outcome.commands]
        if ordered:
            await commands.order_many(tx, [(run.id, run.event.id, wanted) for run, wanted in ordered])
        events = [event for _, events in caused for event in events]
        systems = frozenset(command.body.system for _, wanted in ordered for command in wanted)
        return Written([*recorded.ready_runs, *promoted], systems, events, recorded)

    async def _save_by_agent(self, tx: Tx, thoughts: Sequence[Thought]) -> list[Thought]:
        """What the agents wrote, in the order of the runs: commands to one chat keep the order of their events."""
        by_agent: defaultdict[str, list[Thought]] = defaultdict(list)
        for thought in thoughts:
            by_agent[thought.run.agent].append(thought)
        saved: list[Thought] = []
        for agent, group in by_agent.items():
            outcomes = await self.specs[agent].save_outcomes(
                tx, [(thought.run.event, thought.outcome) for thought in group]
            )
            saved += [
                # Nothing is asked of a model while saving: the record is that of the thinking.
                Thought(thought.run, replace(outcome, records=thought.outcome.records))
                for thought, outcome in zip(group, outcomes, strict=True)
            ]
        return sorted(saved, key=lambda thought: thought.run.id)


def _events_of(thought: Thought) -> tuple[NewEvent[Any], ...]:
    asked = asked_by(thought.outcome.commands)
    return (*thought.outcome.events, *asked, *price_alarms(thought.outcome.records))


async def _end_claimed(tx: Tx, ended: Sequence[tuple[ClaimedRun, str | None]]) -> list[int]:
    await runs.mark_done(tx, ended)
    return await runs.promote(tx, [run.id for run, _ in ended])


def _count(saved: Sequence[Thought]) -> None:
    now, moment = time.monotonic(), datetime.now(UTC)
    metrics.runs_ended("done", [(thought.run.agent, now - thought.run.claimed_at) for thought in saved])
    metrics.effects_after("saved", [(moment - thought.run.event.received_at).total_seconds() for thought in saved])
    for thought in saved:
        metrics.models_asked(thought.run.agent, thought.outcome.records)
        tracing.run_ended(thought.run, "done", thought_at=thought.at)
