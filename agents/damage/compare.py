"""Each side is laid on the photo before: what was there is known, what was not is new, the rest nobody can tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from agents.damage.context import Reference, View
from agents.damage.pictures import Pictures
from agents.damage.seen import found_in, points_of
from agents.damage.trust import Trust
from agents.damage.voting import Sighting, votes_against
from core.inspection.damage import NEGATIVES, DamageKind, FindingState
from core.inspection.part_of_view import Place, part_of
from core.inspection.views import Viewpoint
from core.inspection.why import Why
from cv.compare.comparison import Comparison
from cv.found import Box, Found
from db.queries.findings import Remembered

INSIDE = frozenset({Viewpoint.INTERIOR_FRONT, Viewpoint.INTERIOR_REAR})
SEEN_INSIDE = frozenset({DamageKind.AIRBAG, DamageKind.BROKEN_GLASS})
"""The weights learn from outsides of cars: of an inside they are believed no more than this."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    compared: Why
    damage_id: UUID | None = None
    was_overturned: bool = False


async def sightings_of(view: View, found: Sequence[Found], pictures: Pictures, trust: Trust) -> list[Sighting]:
    """What the photo shows, each with what the earlier photos of the same side say about it."""
    candidates = [one for one in found if _is_candidate(one, view.photo.viewpoint, trust)]
    if not candidates:
        return []
    verdicts = await _compared_with_before(view, candidates, pictures)
    for reference in view.references:
        for place, verdict in await _recognised_on(reference, candidates, view, pictures):
            verdicts[place] = _better(verdicts[place], verdict)
    return [_sighting(view, one, verdict, found, trust) for one, verdict in zip(candidates, verdicts, strict=True)]


async def pair_of(view: View, pictures: Pictures) -> str | None:
    """The key of both photos side by side, for people's eyes; None where it cannot be made."""
    if view.before is None:
        return None
    return await pictures.drawn("pair", pictures.eyes.pair_picture, view.before.shown_key, view.photo.shown_key)


def _is_candidate(found: Found, viewpoint: Viewpoint, trust: Trust) -> bool:
    if found.kind in NEGATIVES or trust.threshold(found) is None:
        return False
    return viewpoint not in INSIDE or found.kind in SEEN_INSIDE


async def _compared_with_before(view: View, candidates: Sequence[Found], pictures: Pictures) -> list[_Verdict]:
    before = view.before
    if before is None:
        return [_Verdict(Why.NOTHING_BEFORE)] * len(candidates)
    decided = [_as_found(one) for one in view.before_remembered]
    # What was seen and became no finding (too faint, or an inspection without a review) was there all the same.
    others = [one for one in found_in(before.seen) if one.kind not in NEGATIVES]
    known = [*decided, *(one for one in others if not _is_among(one, decided))]
    remembered: list[Remembered | None] = [*view.before_remembered, *([None] * (len(known) - len(decided)))]
    comparison = await _lay(before.shown_key, view, known, candidates, pictures)
    if comparison is None:
        return [_Verdict(Why.NOT_COMPARED)] * len(candidates)
    verdicts = [_Verdict(_told(comparison, place)) for place in range(len(candidates))]
    for known_place, place in comparison.matches:
        verdicts[place] = _better(verdicts[place], _recognised(remembered[known_place]))
    return verdicts


def _told(comparison: Comparison, place: int) -> Why:
    if place in comparison.new:
        return Why.NOT_MATCHED
    return Why.LOOKS_OTHERWISE if place in comparison.changed else Why.NOT_COMPARED


async def _recognised_on(
    reference: Reference, candidates: Sequence[Found], view: View, pictures: Pictures
) -> list[tuple[int, _Verdict]]:
    """An older photo can only say that something is known: what it does not show may have come since."""
    known = [_as_found(one) for one in reference.remembered]
    comparison = await _lay(reference.key, view, known, candidates, pictures)
    matches = () if comparison is None else comparison.matches
    return [(place, _recognised(reference.remembered[known_place])) for known_place, place in matches]


async def _lay(
    key: str, view: View, known: Sequence[Found], candidates: Sequence[Found], pictures: Pictures
) -> Comparison | None:
    """None where the photos do not fit each other."""
    compare = partial(pictures.eyes.compare, known=known, found=candidates)
    comparison = await pictures.attempt(compare, key, view.photo.shown_key)
    return comparison if comparison is not None and comparison.registered else None


def _recognised(remembered: Remembered | None) -> _Verdict:
    if remembered is None:
        return _Verdict(Why.MATCHED)
    is_overturned = remembered.said is FindingState.NOT_DAMAGE
    return _Verdict(Why.MATCHED, remembered.damage_id, was_overturned=is_overturned)


def _better(one: _Verdict, other: _Verdict) -> _Verdict:
    """A damage that has a row says more than a place that was only seen; "no damage" says least."""
    if one.compared is not Why.MATCHED:
        return other
    return other if (other.damage_id is not None, one.was_overturned) > (one.damage_id is not None, False) else one


def _as_found(one: Remembered) -> Found:
    return Found(one.kind, one.confidence, Box(*one.box), points_of(one.polygon), str(one.kind))


def _is_among(one: Found, others: Sequence[Found]) -> bool:
    """Findings keep the very box that was seen, rounded when it was written down."""
    return any(one.kind is other.kind and one.box == other.box for other in others)


def _sighting(view: View, one: Found, verdict: _Verdict, all_found: Sequence[Found], trust: Trust) -> Sighting:
    box = one.box
    threshold = trust.threshold(one)
    assert threshold is not None
    viewpoint = view.photo.viewpoint
    return Sighting(
        photo_id=view.photo.id,
        viewpoint=viewpoint,
        kind=one.kind,
        part=part_of(viewpoint, Place(box.left, box.top, box.right, box.bottom), one.kind),
        confidence=one.confidence,
        threshold=threshold,
        box=box,
        compared=verdict.compared,
        polygon=one.polygon,
        against=votes_against(one, all_found),
        damage_id=verdict.damage_id,
        was_overturned=verdict.was_overturned,
    )
