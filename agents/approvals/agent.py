"""Nothing is thought about: who may decide, and about what, is read under the locks of ``store``."""

from datetime import datetime
from typing import Any

from agents.spec import Deps, Outcome
from core.events import Event


async def run(event: Event[Any], deps: Deps) -> Outcome:
    del event
    return Outcome(changes=deps.clock.now())


def moment_of(changes: object) -> datetime:
    """When the run decided, carried from ``run`` to ``save``."""
    assert isinstance(changes, datetime)
    return changes
