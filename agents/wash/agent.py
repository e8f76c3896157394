"""Each outside photo of a hand-over is judged by itself; the car is as clean as its dirtiest side."""

from dataclasses import dataclass
from datetime import datetime

from agents.reading_tools.photos import look_at
from agents.spec import Deps, Outcome
from agents.wash.decide import Side, side_of
from core.events import BodyPhotographed, Event
from core.inspection.views import EXTERIOR, Occasion
from db.queries.readings import Seen


@dataclass(frozen=True, slots=True)
class Judged:
    """One side. The wash is closed without a person from ``sure`` on."""

    photo: Seen
    side: Side
    sure: float
    now: datetime


async def run(event: Event[BodyPhotographed], deps: Deps) -> Outcome:
    if event.body.viewpoint not in EXTERIOR or deps.vision is None:
        return Outcome(note="no outside view" if deps.vision else "no vision: people look")
    look = await look_at(event.body, deps)
    if look is None or look.photo.occasion is not Occasion.HAND_OVER:
        return Outcome(note="only a hand-over has to be clean")
    seen = await deps.vision.judge_wash(look.content)
    vision = deps.settings.vision
    side = side_of(seen.verdict, seen.confidence, seen.why, least=vision.min_confidence)
    return Outcome(changes=Judged(look.photo, side, vision.sure_confidence, deps.clock.now()), note=seen.why)
