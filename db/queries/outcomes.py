"""What a run left behind: its note, its error, the events and commands it caused."""

from dataclasses import dataclass
from typing import Any

from db.session import Tx

Caused = tuple[str, str, dict[str, Any]]
"""Kind; subject, or destination and effect key; payload."""


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """Commands that a pending one absorbed were never stored: they are not here."""

    run: int
    state: str
    note: str | None
    error: str | None
    events: tuple[Caused, ...]
    commands: tuple[Caused, ...]


async def stored(tx: Tx, event_id: int, agent: str) -> StoredOutcome | None:
    run = await tx.row("SELECT id, state, why, error FROM runs WHERE event_id = %s AND agent = %s", (event_id, agent))
    if run is None:
        return None
    events = await tx.rows("SELECT kind, subject, payload FROM events WHERE caused_by = %s", (run["id"],))
    commands = await tx.rows(
        "SELECT kind, destination || ' ' || effect_key AS queue, payload FROM commands WHERE run_id = %s", (run["id"],)
    )
    return StoredOutcome(
        run=run["id"],
        state=run["state"],
        note=run["why"],
        error=run["error"],
        events=tuple((row["kind"], row["subject"], row["payload"]) for row in events),
        commands=tuple((row["kind"], row["queue"], row["payload"]) for row in commands),
    )
