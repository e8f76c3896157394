"""What the oracle measures against: the written limits of this installation."""

from dataclasses import dataclass

from core.settings import Settings

NOTE_LENGTH = 1_000
"""Characters; a run's note says in a few words what was decided."""
NEWEST = 100_000
QUIET_FOR_S = 300.0
STATEMENT_S = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """``quiet_for_s``: unfinished work may be that old; 0 asks for none at all, as after a storm.

    ``newest``: how many events back the look goes.
    """

    max_attempts: int
    body_bytes: int
    stall_s: float
    quiet_for_s: float = QUIET_FOR_S
    newest: int = NEWEST
    note_length: int = NOTE_LENGTH
    statement_s: float = STATEMENT_S


def limits_of(settings: Settings, *, quiet_for_s: float = QUIET_FOR_S, newest: int = NEWEST) -> Limits:
    return Limits(
        max_attempts=settings.work.max_attempts,
        body_bytes=max(settings.rentprog.webhook_max_bytes, settings.http.max_body_bytes),
        stall_s=settings.monitoring.stall_s,
        quiet_for_s=quiet_for_s,
        newest=newest,
    )
