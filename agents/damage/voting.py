"""Several views vote on what is one damage, whether it is known, and how much it deserves to be looked at: pure.

What one photo shows is a ``Sighting``. Sightings of one kind on one part of the car, seen from several sides, are one
damage as often as the side that shows most of them allows. A sighting that was recognised on the photo before makes its
damage known, also for the sides that could not be compared; one that was compared and not recognised stays proposed.
Nothing that passes its threshold is dropped but what every view holds for dirt, a shadow or a reflection.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

from core.inspection.damage import NEGATIVES, DamageKind, Part
from core.inspection.part_of_view import shown_by
from core.inspection.views import Viewpoint
from core.inspection.why import Why
from cv.found import Box, Found, Point

COVERED = 0.5
"""Of a finding so much must lie in a negative for its vote to count."""
ONE_VIEW_FACTOR = 0.8
KNOWN_NEAR_FACTOR = 0.8
NOT_COMPARED_FACTOR = 0.9
OVERTURNED_FACTOR = 0.5
MORE_VIEWS_WEIGHT = 0.5
"""Photos of one place are no independent witnesses: each further one closes half of its share of the doubt."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A finding on one photo. ``threshold`` is what its class needs; ``against`` the confidence of a negative on it.

    ``compared`` is one of ``core.inspection.why.COMPARED``; ``damage_id`` the damage that it was recognised as;
    ``was_overturned``: it was recognised as something of which a person said that it is no damage.
    """

    photo_id: UUID
    viewpoint: Viewpoint
    kind: DamageKind
    part: Part
    confidence: float
    threshold: float
    box: Box
    compared: Why
    polygon: tuple[Point, ...] = ()
    against: float = 0.0
    damage_id: UUID | None = None
    was_overturned: bool = False

    @property
    def is_known(self) -> bool:
        return self.compared is Why.MATCHED and not self.was_overturned


@dataclass(frozen=True, slots=True)
class Voted:
    """One damage as all photos show it. ``score`` ranks it, 0 to 1; ``others`` are the photos beside the best one."""

    best: Sighting
    others: tuple[Sighting, ...]
    score: float
    why: tuple[Why, ...]

    @property
    def is_known(self) -> bool:
        return any(one.is_known for one in (self.best, *self.others))

    @property
    def damage_id(self) -> UUID | None:
        return next((one.damage_id for one in (self.best, *self.others) if one.damage_id is not None), None)


@dataclass(frozen=True, slots=True)
class Ballot:
    """``proposed`` and ``known``, each with what deserves most to be looked at first.

    ``outvoted``: what a negative had more votes for. ``faint``: what no view was sure enough of.
    """

    proposed: tuple[Voted, ...]
    known: tuple[Voted, ...]
    outvoted: int = 0
    faint: int = 0


def votes_against(found: Found, others: Iterable[Found]) -> float:
    """The highest confidence of a negative that covers the finding."""
    area = found.box.area
    covering = [
        other.confidence
        for other in others
        if other.kind in NEGATIVES and area > 0 and other.box.overlap(found.box) / area >= COVERED
    ]
    return max(covering, default=0.0)


def vote(sightings: Sequence[Sighting], photographed: AbstractSet[Viewpoint]) -> Ballot:
    """``photographed``: the sides of which there is a photo that the machine has looked at."""
    proposed: list[Voted] = []
    known: list[Voted] = []
    outvoted = faint = 0
    for cluster in _clusters(sightings):
        if all(one.against >= one.confidence for one in cluster.members) and not cluster.is_known:
            outvoted += 1
        elif not _is_sure(cluster.members) and not any(one.damage_id for one in cluster.members):
            faint += 1
        else:
            voted = _voted(cluster, photographed)
            (known if voted.is_known else proposed).append(voted)
    return Ballot(_ranked(proposed), _ranked(known), outvoted, faint)


@dataclass
class _Cluster:
    """Sightings, at most one a view, that are taken for one damage."""

    members: list[Sighting] = field(default_factory=list[Sighting])
    has_known_near: bool = False

    @property
    def is_known(self) -> bool:
        return any(one.is_known for one in self.members)

    def is_seen_from(self, viewpoint: Viewpoint) -> bool:
        return any(one.viewpoint is viewpoint for one in self.members)


def _clusters(sightings: Sequence[Sighting]) -> list[_Cluster]:
    groups: dict[tuple[object, ...], list[Sighting]] = {}
    for number, one in enumerate(sightings):
        # Where the part is not known nothing ties two photos together.
        key = (number,) if one.part is Part.UNKNOWN else (one.part, one.kind)
        groups.setdefault(key, []).append(one)
    return [cluster for group in groups.values() for cluster in _of_one_part(group)]


def _of_one_part(group: Sequence[Sighting]) -> list[_Cluster]:
    """First what is known, then what was compared and is new, then what could not be compared fills what is left."""
    surest = sorted(group, key=lambda one: -one.confidence)
    known = _gathered([one for one in surest if one.is_known], [])
    new = _gathered([one for one in surest if not one.is_known and one.compared is Why.NOT_MATCHED], [])
    for one in surest:
        if one.is_known or one.compared is Why.NOT_MATCHED:
            continue
        free = next((cluster for cluster in (*known, *new) if not cluster.is_seen_from(one.viewpoint)), None)
        if free is None or one.was_overturned:
            new.append(_Cluster([one]))
        else:
            free.members.append(one)
    for cluster in new:
        cluster.has_known_near = bool(known)
    return [*known, *new]


def _gathered(sightings: Iterable[Sighting], clusters: list[_Cluster]) -> list[_Cluster]:
    for one in sightings:
        own = [cluster for cluster in clusters if not cluster.is_seen_from(one.viewpoint) and _may_be(one, cluster)]
        if own:
            own[0].members.append(one)
        else:
            clusters.append(_Cluster([one]))
    return clusters


def _may_be(one: Sighting, cluster: _Cluster) -> bool:
    """Two that were recognised as different damages are different."""
    ids = {member.damage_id for member in cluster.members} - {None}
    return one.damage_id is None or not ids or one.damage_id in ids


def _is_sure(members: Sequence[Sighting]) -> bool:
    """One view is sure enough by itself, or several are together."""
    if any(one.confidence >= one.threshold for one in members):
        return True
    return len(members) > 1 and _together(members) >= min(one.threshold for one in members)


def _together(members: Sequence[Sighting]) -> float:
    heard = sorted((one.confidence * (1 - one.against) for one in members), reverse=True)
    total = heard[0]
    for more in heard[1:]:
        total += (1 - total) * more * MORE_VIEWS_WEIGHT
    return total


def _voted(cluster: _Cluster, photographed: AbstractSet[Viewpoint]) -> Voted:
    members = sorted(cluster.members, key=lambda one: (not one.is_known, -one.confidence * (1 - one.against)))
    best = members[0]
    why = [_comparison(members)]
    factor = 1.0
    if len(members) > 1:
        why.append(Why.SEVERAL_VIEWS)
    elif (shown_by(best.part) - {best.viewpoint}) & photographed:
        why.append(Why.ONE_VIEW)
        factor *= ONE_VIEW_FACTOR
    for is_so, word, weight in (
        (any(one.against > 0 for one in members), Why.NEGATIVE, 1.0),
        (cluster.has_known_near, Why.KNOWN_NEAR, KNOWN_NEAR_FACTOR),
        (why[0] in {Why.NOT_COMPARED, Why.LOOKS_OTHERWISE}, None, NOT_COMPARED_FACTOR),
        (any(one.was_overturned for one in members), Why.SAID_NO_DAMAGE, OVERTURNED_FACTOR),
    ):
        if is_so:
            why += [] if word is None else [word]
            factor *= weight
    return Voted(best, tuple(members[1:]), round(_together(members) * factor, 4), tuple(why))


def _comparison(members: Sequence[Sighting]) -> Why:
    """What the sides together say: known before new, and new before what nobody could compare."""
    said = {one.compared for one in members}
    order = (Why.MATCHED, Why.NOT_MATCHED, Why.LOOKS_OTHERWISE, Why.NOT_COMPARED, Why.NOTHING_BEFORE)
    return next(word for word in order if word in said)


def _ranked(voted: Iterable[Voted]) -> tuple[Voted, ...]:
    return tuple(sorted(voted, key=lambda one: -one.score))
