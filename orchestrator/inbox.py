"""The inbox: accepts deliveries, answers after the commit, and lets those that arrive together share one.

At low load a delivery is committed at once; under load everything that came during a commit goes into the next one.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import Temporary
from core.events import NewEvent
from core.log import get_logger
from core.plans import Route
from db.events import Previous, lock_subjects, previous_deliveries, record
from db.session import Database
from orchestrator.failpoints import failpoint
from orchestrator.signals import metrics, tracing
from orchestrator.streams import Bell

log = get_logger(__name__)

MAX_BATCH = 200
MAX_COMMITS = 2
COMMIT_S = 4.0
ANSWER_S = 4.5
"""The sender learns within this time that we cannot store what it sent, whatever Postgres does or does not say."""
MAX_WAITING = 5_000
"""Deliveries in memory before new ones are told to come later (503): the sender keeps what we cannot."""


_NO_DOUBT = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery. One without an ``external_id`` of its own is judged by ``content_hash`` and the subject's history.

    ``build(is_ambiguous)`` makes the event once that is known.
    """

    subject: str
    content_hash: str
    build: Callable[[bool], NewEvent[Any]]
    external_id: str | None = None
    came_at: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class _Waiting:
    arrival: Arrival
    answer: asyncio.Future[bool]


class Inbox:
    """One per ingress process and source. ``accept`` tells a new event (True) from a repeat; both are stored facts."""

    def __init__(self, source: str, db: Database, route: Route, bell: Bell, *, window: timedelta) -> None:
        self._source = source
        self._db = db
        self._route = route
        self._bell = bell
        self._window = window
        self._waiting: list[_Waiting] = []
        self._in_hand = 0
        self._commits = 0
        self._subjects: set[str] = set()
        self._changed = asyncio.Event()
        self.counts: Counter[str] = Counter()

    async def accept(self, arrival: Arrival) -> bool:
        """Wait until the delivery is committed. Raises ``Temporary`` when it cannot be stored now."""
        if len(self._waiting) >= MAX_WAITING:
            raise Temporary("too many deliveries wait for the database", retry_after=5)
        waiting = _Waiting(arrival, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._changed.set()
        try:
            async with asyncio.timeout(ANSWER_S):
                return await waiting.answer
        except TimeoutError:
            raise Temporary(f"not stored within {ANSWER_S} s", retry_after=5) from None

    async def run(self, stop: asyncio.Event) -> None:
        """Commit batches until ``stop``; what is waiting then is still stored."""
        async with asyncio.TaskGroup() as commits:
            stopping = commits.create_task(self._notice(stop))
            while not stop.is_set() or self._waiting or self._in_hand:
                if batch := self._next_batch():
                    self._hold(batch)
                    commits.create_task(self._commit_in_turn(batch))
                    continue
                self._changed.clear()
                await self._changed.wait()
            stopping.cancel()

    async def _notice(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._changed.set()

    def _next_batch(self) -> list[_Waiting]:
        """What may be committed now, in the order of arrival; nothing of a subject that is being committed.

        A second commit begins beside the first when as many wait as are in hand: so the database works while the next
        ones are read, and batches stay large.
        """
        if not self._waiting or self._commits >= MAX_COMMITS or len(self._waiting) < self._in_hand:
            return []
        batch: list[_Waiting] = []
        later: list[_Waiting] = []
        for waiting in self._waiting:
            is_free = waiting.arrival.subject not in self._subjects and len(batch) < MAX_BATCH
            (batch if is_free else later).append(waiting)
        self._waiting = later
        return batch

    def _hold(self, batch: Sequence[_Waiting]) -> None:
        self._commits += 1
        self._in_hand += len(batch)
        self._subjects |= {waiting.arrival.subject for waiting in batch}

    async def _commit_in_turn(self, batch: Sequence[_Waiting]) -> None:
        try:
            ready = await self._commit(batch)
        finally:
            self._commits -= 1
            self._in_hand -= len(batch)
            self._subjects -= {waiting.arrival.subject for waiting in batch}
            self._changed.set()
        await self._bell.ring_runs(ready)  # a Redis that hangs keeps nobody waiting: the batch is let go before

    async def _commit(self, batch: Sequence[_Waiting]) -> Sequence[int]:
        """Store a batch and answer it; the runs to ring for."""
        try:
            news, ready = await self._store([waiting.arrival for waiting in batch])
        except Temporary as error:
            # Those behind would wait for the same database; their senders hear it now instead of one by one.
            late, self._waiting = self._waiting, []
            _refuse([*batch, *late], error)
            return ()
        except Exception as error:
            log.exception("batch not stored", size=len(batch))
            if len(batch) == 1:
                _refuse(batch, Temporary(f"not stored: {type(error).__name__}", retry_after=5))
                return ()
            # One bad delivery must not refuse those that came with it.
            return [run_id for waiting in batch for run_id in await self._commit([waiting])]
        for waiting, is_new in zip(batch, news, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(is_new)
        return ready

    async def _store(self, arrivals: Sequence[Arrival]) -> tuple[list[bool], tuple[int, ...]]:
        async with self._db.transaction(within_s=COMMIT_S) as tx:
            await lock_subjects(tx, [arrival.subject for arrival in arrivals])
            now = datetime.now(UTC)
            known = await previous_deliveries(
                tx,
                [(arrival.subject, arrival.content_hash) for arrival in arrivals],
                source=self._source,
                since=now - self._window,
            )
            events = judge(arrivals, known, source=self._source, since=now - self._window)
            new = [event for event in events if event is not None]
            recorded = await record(tx, new, self._route)
            failpoint("ingress.before_commit")
        failpoint("ingress.after_commit")
        metrics.events_recorded(new, recorded)
        came = [arrival.came_at for arrival, event in zip(arrivals, events, strict=True) if event is not None]
        tracing.recorded("ingress", new, recorded, came)
        ids = iter(recorded.ids)
        news = [event is not None and next(ids) is not None for event in events]
        metrics.events_repeated(self._source, news.count(False))
        self.counts["repeat"] += news.count(False)
        self.counts["new"] += news.count(True)
        return news, recorded.ready_runs


def judge(
    arrivals: Sequence[Arrival], known: Sequence[Previous], *, source: str, since: datetime
) -> list[NewEvent[Any] | None]:
    """Rule 8 of "Applying events": None for a repeat, else the event with an external id that fits its place.

    The same text straight after itself inside the window is a repeat. With other events of the entity in between it
    cannot be told from a toggle, so it is kept as ambiguous: nothing of it is applied, the entity is fetched.
    """
    last: dict[str, tuple[str | None, bool]] = {}
    seen: dict[str, set[str]] = {}
    count: Counter[str] = Counter()
    events: list[NewEvent[Any] | None] = []
    for arrival, previous in zip(arrivals, known, strict=True):
        if arrival.external_id is not None:
            event = arrival.build(_NO_DOUBT)
            events.append(replace(event, source=source, external_id=arrival.external_id))
            continue
        is_recent = previous.last_received_at is not None and previous.last_received_at >= since
        last_hash, last_is_recent = last.get(arrival.subject, (previous.last_hash, is_recent))
        earlier = seen.setdefault(arrival.subject, set())
        if last_hash == arrival.content_hash and last_is_recent:
            events.append(None)
            continue
        event = arrival.build(previous.has_same_in_window or arrival.content_hash in earlier)
        place = f"{previous.last_id or 0}:{count[arrival.subject]}"
        external_id = f"{arrival.subject}:{arrival.content_hash[:32]}:{place}"
        events.append(replace(event, source=source, external_id=external_id, content_hash=arrival.content_hash))
        count[arrival.subject] += 1
        earlier.add(arrival.content_hash)
        last[arrival.subject] = (arrival.content_hash, True)
    return events


def _refuse(batch: Sequence[_Waiting], error: Temporary) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
