"""The story of a look-round: read what is known, judge it, raise what is new and clear what is over."""

from agents.spec import Deps, Outcome
from agents.watchman.context import load_context
from agents.watchman.decide import decide
from core.events import Event, HealthDue


async def run(event: Event[HealthDue], deps: Deps) -> Outcome:
    context = await load_context(deps)
    return decide(context, now=event.occurred_at, rules=deps.settings.monitoring)
