"""Who hears of alarms and how often, by the settings; the counting is done where it is written."""

from typing import Any

from agents.alarms.decide import Rules
from agents.spec import Deps, Outcome
from core.events import Event


async def run(event: Event[Any], deps: Deps) -> Outcome:
    del event
    return Outcome(changes=Rules.of(deps.settings.telegram, now=deps.clock.now()))
