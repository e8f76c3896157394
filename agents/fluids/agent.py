"""Not written yet: nothing is decided."""

from typing import Any

from agents.spec import Deps, Outcome
from core.events import Event


async def run(event: Event[Any], deps: Deps) -> Outcome:
    del event, deps
    return Outcome()
