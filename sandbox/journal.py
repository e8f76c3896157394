"""The journal of every call that a twin received: append-only, numbered, bounded."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.clock import VirtualClock

# Older calls are forgotten, so that a soak of days does not fill the memory; numbers go on.
KEPT_CALLS = 10_000


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One call: `n` counts from 1 over all systems, `at` is the sandbox's own time in ISO 8601."""

    n: int
    at: str
    system: str
    method: str
    params: dict[str, Any]
    ok: bool
    result: Any = None
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        entry = asdict(self)
        entry.pop("error" if self.ok else "result")
        return entry


class Journal:
    """What was asked of the twins and what they answered."""

    def __init__(self, clock: VirtualClock, kept: int = KEPT_CALLS) -> None:
        self._clock = clock
        self._entries: deque[JournalEntry] = deque(maxlen=kept)
        self._count = 0

    def record(
        self, system: str, method: str, params: dict[str, Any], *, result: Any = None, error: str | None = None
    ) -> JournalEntry:
        self._count += 1
        entry = JournalEntry(
            n=self._count,
            at=self._clock.now().isoformat(),
            system=system,
            method=method,
            params=params,
            ok=error is None,
            result=result,
            error=error,
        )
        self._entries.append(entry)
        return entry

    def since(self, number: int = 0, system: str | None = None) -> list[JournalEntry]:
        """The calls after `number`, oldest first."""
        return [entry for entry in self._entries if entry.n > number and system in {None, entry.system}]
