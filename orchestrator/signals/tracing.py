"""OpenTelemetry traces: one event followed through ingress, worker and deliverer. Off by default, and then nothing.

No context is stored or sent along: trace and span ids are derived from the root event and from the ids of runs and
commands, which every process knows (docs/decisions/0016-traces-are-derived-from-ids.md). Spans carry ids, kinds and
states, never what somebody wrote.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from core.errors import Temporary
from core.events import Event, NewEvent, Recorded
from core.log import get_logger
from core.settings import MonitoringSettings
from db.commands import ClaimedCommand
from db.queries import roots
from db.runs import ClaimedRun
from db.session import Database

if TYPE_CHECKING:
    from orchestrator.signals.spans import Spans

log = get_logger(__name__)

MOST_ROOTS = 20_000
"""Events whose root is remembered; beyond it all are forgotten and asked for again."""


class Tracing:
    """One per process while traces are on."""

    def __init__(self, db: Database, spans: "Spans", installation: str) -> None:
        self._db = db
        self._spans = spans
        self._installation = installation
        self._roots: dict[int, int] = {}

    async def find_roots(self, event_ids: Iterable[int]) -> None:
        unknown = [event_id for event_id in set(event_ids) if event_id not in self._roots]
        if not unknown:
            return
        if len(self._roots) > MOST_ROOTS:
            self._roots.clear()
        try:
            async with self._db.transaction() as tx:
                self._roots |= await roots.roots(tx, unknown)
        except Temporary as error:
            log.info("these events begin traces of their own", error=error)

    def trace_id(self, event_id: int) -> int:
        return self._derived("trace", self._roots.get(event_id, event_id), size=16)

    def recorded(self, door: str, events: Sequence[NewEvent[Any]], recorded: Recorded, came: Sequence[float]) -> None:
        for event, event_id, came_at in zip(events, recorded.ids, came, strict=True):
            if event_id is not None:
                self._roots[event_id] = event_id
                self._spans.add(
                    f"event {event.body.kind}",
                    by=door,
                    trace=self.trace_id(event_id),
                    span=self._derived("event", event_id),
                    parent=None,
                    times=(came_at, time.monotonic()),
                    facts={"jarvis.event": event_id, "jarvis.subject": event.subject},
                )

    def run_ended(self, run: ClaimedRun, state: str, *, thought_at: float | None) -> None:
        now, trace = time.monotonic(), self.trace_id(run.event.id)
        span = self._derived("run", run.id if state == "done" else f"{run.id}:{run.attempt}")
        self._spans.add(
            f"run {run.agent}",
            by="worker",
            trace=trace,
            span=span,
            parent=self._cause_of(run.event),
            times=(run.claimed_at, now),
            facts=_facts_of(run) | {"jarvis.state": state},
            is_error=state == "dead",
        )
        if thought_at is not None:
            for name, times in (("think", (run.claimed_at, thought_at)), ("save", (thought_at, now))):
                self._spans.add(name, by="worker", trace=trace, span=None, parent=span, times=times)

    def thinking(self, run: ClaimedRun) -> AbstractContextManager[None]:
        return self._spans.under(self.trace_id(run.event.id), self._derived("run", run.id))

    @property
    def of_libraries(self) -> Any:
        return self._spans.of_libraries

    def command_ended(self, claimed: ClaimedCommand, state: str) -> None:
        event_id = claimed.event_id
        if event_id is None:
            return
        cause = ("event", event_id) if claimed.run_id is None else ("run", claimed.run_id)
        self._spans.add(
            f"command {claimed.kind}",
            by="deliverer",
            trace=self.trace_id(event_id),
            span=self._derived("command", claimed.id if state == "sent" else f"{claimed.id}:{claimed.attempt}"),
            parent=self._derived(*cause),
            times=(claimed.claimed_at, time.monotonic()),
            facts={"jarvis.command": claimed.id, "jarvis.state": state, "jarvis.attempt": claimed.attempt},
            is_error=state in ("dead", "unknown"),
        )

    def _cause_of(self, event: Event[Any]) -> int:
        """The span that brought the event about: of a run, of a command, or of the door it came through."""
        if event.caused_by is not None:
            return self._derived("run", event.caused_by)
        if event.source == "command":
            return self._derived("command", event.external_id.partition(":")[0])
        return self._derived("event", event.id)

    def _derived(self, what: str, identifier: int | str, *, size: int = 8) -> int:
        text = f"{self._installation}:{what}:{identifier}"
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=size).digest())


def _facts_of(run: ClaimedRun) -> dict[str, int | str]:
    return {
        "jarvis.run": run.id,
        "jarvis.event": run.event.id,
        "jarvis.agent": run.agent,
        "jarvis.subject": run.event.subject,
        "jarvis.attempt": run.attempt,
    }


_on: Tracing | None = None


@asynccontextmanager
async def tracing(settings: MonitoringSettings, db: Database, *, process: str) -> AsyncGenerator[None]:
    """Traces while the block runs, if an address is set; the libraries are loaded only then."""
    global _on  # noqa: PLW0603 - one per process, as with logs and metrics
    if settings.otlp_endpoint is None:
        yield
        return
    from orchestrator.signals.spans import Spans

    async with db.transaction() as tx:
        installation = await roots.installation(tx)
    spans = Spans(settings, process=process)
    _on = Tracing(db, spans, installation)
    try:
        yield
    finally:
        _on = None
        await asyncio.to_thread(spans.close)


async def find_roots(event_ids: Iterable[int]) -> None:
    """Before work on these events begins; one question for all that are not known."""
    if _on is not None:
        await _on.find_roots(event_ids)


def log_fields(event_id: int | None) -> Mapping[str, str]:
    """What a line of the log about work on this event carries: the trace to look at, while traces are on."""
    return {} if _on is None or event_id is None else {"trace": f"{_on.trace_id(event_id):032x}"}


def recorded(
    door: str, events: Sequence[NewEvent[Any]], recorded: Recorded, came: Sequence[float] | None = None
) -> None:
    """After the commit of events from outside; ``came`` says for each when it was at the door (monotonic seconds)."""
    if _on is not None:
        _on.recorded(door, events, recorded, came or [time.monotonic()] * len(events))


def run_ended(run: ClaimedRun, state: str, *, thought_at: float | None = None) -> None:
    """``done``, ``failed``, ``dead`` or ``retried``; ``thought_at`` is when the agent had its outcome."""
    if _on is not None:
        _on.run_ended(run, state, thought_at=thought_at)


def thinking(run: ClaimedRun) -> AbstractContextManager[None]:
    """Around an agent's thinking: what it asks of a model stands under its run."""
    return nullcontext() if _on is None else _on.thinking(run)


def of_libraries() -> Any:
    """The provider for a library that makes spans itself; None, which is nothing, while traces are off."""
    return None if _on is None else _on.of_libraries


def command_ended(claimed: ClaimedCommand, state: str) -> None:
    if _on is not None:
        _on.command_ended(claimed, state)
