"""Replay: an event's agents think again, and nothing is saved. For after a fix, before a redrive."""

from collections.abc import Iterator
from typing import Any

from agents.spec import Outcome
from core.events import Event
from core.settings import WrongSettings
from db.events import EVENT_COLUMNS, event_of
from orchestrator.cli.session import database_url, run, start
from orchestrator.registry import AGENTS
from orchestrator.router import route
from orchestrator.servers import Servers
from orchestrator.wiring import wired


def replay(event_id: int) -> Iterator[str]:
    """Lines that tell what each agent of the event's plan would cause now."""
    yield from run(_think_again(event_id))


async def _think_again(event_id: int) -> list[str]:
    settings = start(quiet=True)
    found = Servers(database_url(settings), "redis://127.0.0.1:1", (settings.home.absolute() / "storage").as_uri())
    async with wired(settings, found) as jarvis:
        async with jarvis.db.transaction() as tx:
            row = await tx.row(f"SELECT {EVENT_COLUMNS} FROM events AS e WHERE e.id = %s", (event_id,))  # noqa: S608 - constant columns
        if row is None:
            raise WrongSettings(f"there is no event {event_id}")
        event: Event[Any] = event_of(row)
        names = [name for stage in route(event.body.kind).stages for name in stage]
        lines = [f"{event.body.kind} {event.subject}: {len(names)} agents"]
        for spec in AGENTS:
            if spec.name in names:
                lines += [f"  {spec.name}", *_told(await spec.run(event, jarvis.deps))]
        return lines


def _told(outcome: Outcome) -> list[str]:
    lines = [f"    note: {outcome.note}"] if outcome.note else []
    lines += [f"    event {event.body.kind} {event.subject}" for event in outcome.events]
    lines += [f"    command {command.body.kind} {command.destination}" for command in outcome.commands]
    if outcome.changes is not None:
        lines.append(f"    changes: {outcome.changes!r}"[:400])
    return lines or ["    nothing"]
