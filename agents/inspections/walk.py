"""Where a form stands and where a photo belongs: pure rules over the steps of an inspection."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.inspection.views import Question, Viewpoint
from db.queries.inspection_answers import Answer
from db.queries.inspection_photos import Photo

PICTURED: Mapping[str, Viewpoint] = {
    Question.MILEAGE: Viewpoint.DASHBOARD,
    Question.FUEL_LEVEL: Viewpoint.DASHBOARD,
    Question.FLUID_LEVELS: Viewpoint.FLUIDS,
    Question.KIT_ITEMS: Viewpoint.TRUNK,
}
"""A photo that is sent at a question shows where its answer is found."""
NOT_TAKEN = ("retake", "refused")


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps of a form with what is done. ``settled`` counts a step that was skipped with a reason as well."""

    steps: tuple[str, ...]
    position: int
    done: frozenset[str]
    settled: frozenset[str]

    @property
    def current(self) -> str | None:
        return self.steps[self.position] if self.position < len(self.steps) else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Steps that were neither done nor skipped."""
        return tuple(step for step in self.steps if step not in self.settled)

    def after(self, step: str) -> int:
        """The next place where something is missing: further on, else before; past the end where nothing is."""
        here = self.steps.index(step)
        order = [*range(here + 1, len(self.steps)), *range(here)]
        return next((place for place in order if self.steps[place] not in self.settled), len(self.steps))


def walk_of(steps: tuple[str, ...], position: int, photos: Collection[Photo], answers: Mapping[str, Answer]) -> Walk:
    taken = {photo.step for photo in photos if photo.step is not None and photo.state == "accepted"}
    answered = {step for step, answer in answers.items() if not answer.is_skipped}
    views = {step for step in steps if is_view(step)}
    done = frozenset((taken & views) | (answered - views))
    skipped = {step for step, answer in answers.items() if answer.is_skipped}
    return Walk(steps, position, done, done | frozenset(skipped))


def is_view(step: str) -> bool:
    return step in tuple(Viewpoint)


@dataclass(frozen=True, slots=True)
class Target:
    """What a photo is for. ``step`` of None: nothing asked for it."""

    step: str | None
    viewpoint: Viewpoint


EXTRA = Target(None, Viewpoint.CLOSE_UP)


def target_of(walk: Walk, asked: str | None) -> Target:
    """Where one photo belongs. ``asked``: the step that was shown when it was sent.

    A second photo that was sent before the form moved on is for the next side that is missing.
    """
    here = walk.current if asked is None else asked
    if here in PICTURED and here in walk.steps:
        return _at_question(walk, here)
    if here is not None and is_view(here) and (here not in walk.done or here == walk.current):
        return Target(here, Viewpoint(here))
    return _first(_views_from(walk, walk.current or here), walk.done)


def target_in_album(walk: Walk, asked: str | None, tried: Collection[str]) -> Target:
    """Each photo of an album is for the next side that is missing, ``tried`` ones apart: they are asked for again."""
    here = walk.current if asked is None else asked
    is_retaken = here is not None and is_view(here) and here == walk.current and here not in tried
    if is_retaken and here is not None:
        return Target(here, Viewpoint(here))
    return _first(_views_from(walk, here), walk.done | frozenset(tried))


def _at_question(walk: Walk, question: str) -> Target:
    view = PICTURED[question]
    if view is Viewpoint.FLUIDS:
        return Target(question, view)
    return Target(str(view) if view in walk.steps else None, view)


def _views_from(walk: Walk, start: str | None) -> Sequence[str]:
    """The sides in the order of the form, beginning with ``start``."""
    place = walk.steps.index(start) if start in walk.steps else 0
    return [step for step in (*walk.steps[place:], *walk.steps[:place]) if is_view(step)]


def _first(views: Sequence[str], done: Collection[str]) -> Target:
    found = next((view for view in views if view not in done), None)
    return EXTRA if found is None else Target(found, Viewpoint(found))


def last_given(photos: Sequence[Photo], step: str | None) -> Photo | None:
    """The newest photo that was meant for the step."""
    return next((photo for photo in reversed(photos) if step and photo.step == step and photo.state != "extra"), None)


def notice_at(photos: Sequence[Photo], step: str | None) -> Mapping[str, Any] | None:
    """Why the step is asked for again; None where its last photo was taken."""
    last = last_given(photos, step)
    return last.verdict.get("notice") if last is not None and last.state in NOT_TAKEN else None


def accepted(photos: Sequence[Photo]) -> int:
    """How many photos count for a side."""
    return sum(photo.state == "accepted" and photo.step is not None and is_view(photo.step) for photo in photos)
