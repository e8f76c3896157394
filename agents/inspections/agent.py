"""Look at a photo; whatever else happens to a form is decided in ``store``, under the lock of its inspection."""

from typing import Any

from agents.inspections.frame import Frame
from agents.inspections.look import look_at
from agents.spec import Deps, Outcome
from core.events import Event, PhotoGiven


async def run(event: Event[Any], deps: Deps) -> Outcome:
    settings = deps.settings
    looked = await look_at(event, deps) if isinstance(event.body, PhotoGiven) else None
    return Outcome(changes=Frame(deps.clock.now(), settings.photos, settings.operations, settings.hours, looked))
