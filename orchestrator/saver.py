"""Saving: outcomes become rows, events, commands and the end of their runs in one transaction, for one run or many."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agents.spec import AgentSpec, Outcome
from core.plans import Route
from db import commands, runs
from db.events import lock_subjects, record_caused
from db.runs import ClaimedRun
from db.session import Database, Tx
from orchestrator import metrics, tracing
from orchestrator.failpoints import failpoint
from orchestrator.streams import Bell


@dataclass(frozen=True, slots=True)
class Thought:
    """A run with what its agent found, not saved yet."""

    run: ClaimedRun
    outcome: Outcome
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Saver:
    specs: Mapping[str, AgentSpec]
    db: Database
    route: Route
    bell: Bell

    async def save(self, thoughts: Sequence[Thought]) -> None:
        """All of them or none, then ring for what may start now.

        Raises ``LeaseLostError`` when one of the runs belongs to another worker: nothing of the whole is kept.
        """
        async with self.db.transaction() as tx:
            ready, has_commands = await self._write(tx, thoughts)
            failpoint("worker.before_commit")
        failpoint("worker.after_commit")
        _tell(thoughts)
        await self.bell.ring_runs(ready)
        if has_commands:
            await self.bell.ring_commands()

    async def _write(self, tx: Tx, thoughts: Sequence[Thought]) -> tuple[list[int], bool]:
        lines = {thought.run.event.subject for thought in thoughts}
        lines.update(event.subject for thought in thoughts for event in thought.outcome.events)
        await lock_subjects(tx, sorted(lines))
        saved = await self._save_by_agent(tx, thoughts)
        await runs.mark_done(tx, [(thought.run, thought.outcome.note) for thought in saved])
        caused = [(thought.run.id, thought.outcome.events) for thought in saved if thought.outcome.events]
        recorded = await record_caused(tx, caused, self.route)
        has_commands = False
        for thought in saved:
            if thought.outcome.commands:
                has_commands = True
                run = thought.run
                await commands.order(tx, thought.outcome.commands, run_id=run.id, event_id=run.event.id)
        promoted = await runs.promote(tx, [thought.run.id for thought in saved])
        return [*recorded.ready_runs, *promoted], has_commands

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
            saved += [Thought(thought.run, outcome) for thought, outcome in zip(group, outcomes, strict=True)]
        return sorted(saved, key=lambda thought: thought.run.id)


def _tell(saved: Sequence[Thought]) -> None:
    now, moment = time.monotonic(), datetime.now(UTC)
    metrics.runs_ended("done", [(thought.run.agent, now - thought.run.claimed_at) for thought in saved])
    metrics.effects_after("saved", [(moment - thought.run.event.received_at).total_seconds() for thought in saved])
    for thought in saved:
        tracing.run_ended(thought.run, "done", thought_at=thought.at)
