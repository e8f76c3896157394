"""Replay: an event's agents think and save again in a transaction that is rolled back, and nothing is sent.

For after a fix, before a redrive. What differs from the stored outcome may come from the code or from the data, which
has gone on since: both are what a retry would meet.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from agents.spec import AgentSpec, Deps, Outcome
from core.errors import Broken
from core.events import Event, payload_of
from core.settings import WrongSettings
from db.events import EVENT_COLUMNS, event_of, lock_subjects
from db.queries import outcomes
from db.session import TRANSACTION_S, Database, Tx
from orchestrator.cli.session import database_url, run, start
from orchestrator.registry import AGENTS
from orchestrator.router import route
from orchestrator.servers import Servers
from orchestrator.wiring import wired

NO_REDIS = "redis://127.0.0.1:1"
SHOWN_CHARS = 400


@dataclass(frozen=True, slots=True)
class Effects:
    """An outcome as plain values: events and commands are one line of text each; ``error`` when there was none."""

    note: str | None = None
    events: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One agent's outcome as it was saved (None: it never ran or its run is gone) and as it would be now."""

    agent: str
    run: int | None
    state: str | None
    stored: Effects | None
    now: Effects

    @property
    def differs(self) -> bool:
        return self.stored != self.now


def replay(event_id: int, *, agent: str | None = None) -> dict[str, Any]:
    """``agents`` holds one rehearsal for each agent of the plan, or for the named one."""
    return run(_replay(event_id, agent))


def told(replayed: Mapping[str, Any]) -> Iterator[str]:
    """What differs, for a person: ``-`` was stored and would not come now, ``+`` would come and was not stored."""
    names = ", ".join(one["agent"] for one in replayed["agents"]) or "none"
    yield f"event {replayed['event']} {replayed['kind']} {replayed['subject']}, agents: {names}"
    yield "nothing of this is saved or sent"
    for one in replayed["agents"]:
        yield from _told_of(one)


async def _replay(event_id: int, only: str | None) -> dict[str, Any]:
    settings = start(quiet=True)
    found = Servers(database_url(settings), NO_REDIS, (settings.home.absolute() / "storage").as_uri())
    async with wired(settings, found) as jarvis:
        event = await _event(jarvis.db, event_id)
        names = [name for stage in route(event.body.kind).stages for name in stage]
        if only is not None and only not in names:
            raise WrongSettings(
                f"agent {only!r} is not in the plan of {event.body.kind}: {', '.join(names) or 'nobody'}"
            )
        specs = [spec for spec in AGENTS if spec.name in names and only in {None, spec.name}]
        reading = ReadingDatabase(found.database_url, pool_size=2, application_name="jarvis-replay")
        try:
            deps = replace(jarvis.deps, db=reading)
            rehearsals = [await rehearse(spec, event, deps, jarvis.db) for spec in specs]
        finally:
            await reading.close()
    return {
        "event": event.id,
        "kind": event.body.kind,
        "subject": event.subject,
        "agents": [{**asdict(one), "differs": one.differs} for one in rehearsals],
    }


async def _event(db: Database, event_id: int) -> Event[Any]:
    async with db.transaction() as tx:
        row = await tx.row(f"SELECT {EVENT_COLUMNS} FROM events AS e WHERE e.id = %s", (event_id,))  # noqa: S608 - constant columns
    if row is None:
        raise WrongSettings(f"there is no event {event_id}")
    try:
        return event_of(row)
    except Broken as error:
        raise WrongSettings(f"event {event_id} cannot be read: {error}") from None


class ReadingDatabase(Database):
    """What agents think with during a replay: Postgres refuses every change."""

    @asynccontextmanager
    async def transaction(
        self, *, within_s: float = TRANSACTION_S, is_single: bool = False
    ) -> AsyncGenerator[Tx, None]:
        del is_single  # the word "read only" is a statement of its own
        async with super().transaction(within_s=within_s) as tx:
            await tx.run("SET TRANSACTION READ ONLY")
            yield tx


async def rehearse(spec: AgentSpec, event: Event[Any], deps: Deps, db: Database) -> Rehearsal:
    """Think with ``deps``, whose database only reads; save in a transaction of ``db`` that is rolled back."""
    async with db.transaction() as tx:
        stored = await outcomes.stored(tx, event.id, spec.name)
    now = await _think_and_save(spec, event, deps, db)
    if stored is None:
        return Rehearsal(spec.name, None, None, None, now)
    then = Effects(
        note=stored.note,
        events=_sorted(_line("event", *one) for one in stored.events),
        commands=_sorted(_line("command", *one) for one in stored.commands),
        error=stored.error,
    )
    return Rehearsal(spec.name, stored.run, stored.state, then, now)


async def _think_and_save(spec: AgentSpec, event: Event[Any], deps: Deps, db: Database) -> Effects:
    try:
        async with asyncio.timeout(spec.time_limit.total_seconds()):
            outcome = await spec.run(event, deps)
        return _effects(await _save_and_undo(spec, event, outcome, db))
    except Exception as error:  # noqa: BLE001 - what an agent raises is the result of its rehearsal
        return Effects(error=f"{type(error).__name__}: {error}".removesuffix(": "))


class _UndoneError(Exception):
    """Leaves a transaction that must not commit."""


async def _save_and_undo(spec: AgentSpec, event: Event[Any], outcome: Outcome, db: Database) -> Outcome:
    saved: list[Outcome] = []
    with suppress(_UndoneError):
        async with db.transaction() as tx:
            await lock_subjects(tx, sorted({event.subject, *(caused.subject for caused in outcome.events)}))
            saved += await spec.save_outcomes(tx, [(event, outcome)])
            raise _UndoneError
    return saved[0]


def _effects(outcome: Outcome) -> Effects:
    return Effects(
        note=outcome.note,
        events=_sorted(_line("event", e.body.kind, e.subject, payload_of(e.body)) for e in outcome.events),
        commands=_sorted(
            _line("command", c.body.kind, f"{c.destination} {c.effect_key}", c.body.model_dump(mode="json"))
            for c in outcome.commands
        ),
    )


def _line(what: str, kind: str, where: str, payload: Mapping[str, Any]) -> str:
    return f"{what} {kind} {where} {json.dumps(payload, ensure_ascii=False, sort_keys=True)}"


def _sorted(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(lines))


def _told_of(one: Mapping[str, Any]) -> Iterator[str]:
    stored, now = one["stored"], one["now"]
    if stored is None:
        yield f"  {one['agent']}: has no run of this event; now it would"
        stored = asdict(Effects())
    else:
        verdict = "differs" if one["differs"] else "the same"
        yield f"  {one['agent']} (run {one['run']}, {one['state']}): {verdict}"
    for name in ("error", "note"):
        if stored[name] != now[name]:
            yield f"    {name} was: {stored[name] or 'none'}"
            yield f"    {name} now: {now[name] or 'none'}"
    for name in ("events", "commands"):
        was: Counter[str] = Counter(stored[name])
        will: Counter[str] = Counter(now[name])
        yield from (f"    - {_clip(line)}" for line in sorted((was - will).elements()))
        yield from (f"    + {_clip(line)}" for line in sorted((will - was).elements()))
        if same := (was & will).total():
            yield f"    = {same} {name} as stored"


def _clip(line: str) -> str:
    return line if len(line) <= SHOWN_CHARS else line[: SHOWN_CHARS - 1] + "…"
