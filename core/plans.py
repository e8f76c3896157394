"""Plans: which agents work on an event, stage after stage."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Agents of one stage run in parallel; a stage starts when every run of the earlier ones is finished."""

    stages: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, *stages: str | tuple[str, ...]) -> "Plan":
        return cls(tuple((stage,) if isinstance(stage, str) else stage for stage in stages))


NOBODY = Plan()
"""The event is kept as history and nobody works on it."""

Route = Callable[[str], Plan]
"""From an event's kind to its plan: pure, the same for every process (orchestrator/router.py)."""
