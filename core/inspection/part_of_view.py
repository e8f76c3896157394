"""Which part of the car a place on a photo is: guessed from the side that is shown, and ``unknown`` when not sure.

The zones are where the parts lie on a photo that shows the whole car as the outline of the form asks for it. A person
sees the guess and may change it; nothing but the order of showing and the proposed cost follows from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.inspection.damage import DamageKind, Part
from core.inspection.views import EXTERIOR, TYRES, Viewpoint

SURE = 0.6
"""Of a finding's box so much must lie in one zone, or its part is unknown."""


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a photo, relative to it (0..1, y goes down)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def mirrored(self) -> "Place":
        return Place(1 - self.right, self.top, 1 - self.left, self.bottom)

    def share_in(self, zone: "Place") -> float:
        """How much of this box lies in the zone; a point counts as in or out."""
        width = min(self.right, zone.right) - max(self.left, zone.left)
        height = min(self.bottom, zone.bottom) - max(self.top, zone.top)
        if self.area <= 0:
            return float(width >= 0 and height >= 0)
        return max(0.0, width) * max(0.0, height) / self.area


_FRONT: Mapping[Part, tuple[Place, ...]] = {
    Part.WINDSCREEN: (Place(0.28, 0.25, 0.72, 0.44),),
    Part.HOOD: (Place(0.23, 0.47, 0.77, 0.57),),
    Part.HEADLAMP: (Place(0.17, 0.60, 0.31, 0.71), Place(0.69, 0.60, 0.83, 0.71)),
    Part.FRONT_BUMPER: (Place(0.17, 0.73, 0.83, 0.93), Place(0.36, 0.65, 0.64, 0.93)),
}
_REAR: Mapping[Part, tuple[Place, ...]] = {
    Part.REAR_WINDOW: (Place(0.26, 0.27, 0.74, 0.48),),
    Part.TAILGATE: (Place(0.28, 0.53, 0.72, 0.69),),
    Part.TAIL_LAMP: (Place(0.16, 0.52, 0.26, 0.63), Place(0.74, 0.52, 0.84, 0.63)),
    Part.REAR_BUMPER: (Place(0.17, 0.72, 0.83, 0.91),),
}
_LEFT: Mapping[Part, tuple[Place, ...]] = {
    Part.SIDE_WINDOW: (Place(0.33, 0.33, 0.78, 0.45),),
    Part.FRONT_BUMPER: (Place(0.03, 0.58, 0.11, 0.72),),
    Part.WHEEL: (Place(0.14, 0.58, 0.28, 0.76), Place(0.72, 0.58, 0.86, 0.76)),
    Part.FRONT_LEFT_FENDER: (Place(0.11, 0.46, 0.29, 0.56),),
    Part.FRONT_LEFT_DOOR: (Place(0.32, 0.46, 0.53, 0.68),),
    Part.REAR_LEFT_DOOR: (Place(0.55, 0.46, 0.70, 0.68),),
    Part.REAR_LEFT_FENDER: (Place(0.72, 0.46, 0.89, 0.56),),
    Part.REAR_BUMPER: (Place(0.89, 0.58, 0.96, 0.72),),
}
_FRONT_LEFT: Mapping[Part, tuple[Place, ...]] = {
    Part.WINDSCREEN: (Place(0.27, 0.31, 0.48, 0.43),),
    Part.HOOD: (Place(0.11, 0.46, 0.29, 0.54), Place(0.29, 0.46, 0.40, 0.49)),
    Part.FRONT_BUMPER: (Place(0.05, 0.66, 0.25, 0.83), Place(0.05, 0.60, 0.19, 0.83)),
    Part.FRONT_LEFT_FENDER: (Place(0.31, 0.51, 0.48, 0.58), Place(0.28, 0.56, 0.34, 0.68)),
    Part.FRONT_LEFT_DOOR: (Place(0.50, 0.47, 0.64, 0.69),),
    Part.REAR_LEFT_DOOR: (Place(0.66, 0.46, 0.72, 0.63),),
    Part.REAR_LEFT_FENDER: (Place(0.75, 0.42, 0.82, 0.49),),
    Part.SIDE_WINDOW: (Place(0.56, 0.33, 0.75, 0.43),),
    Part.WHEEL: (Place(0.36, 0.61, 0.48, 0.86), Place(0.73, 0.52, 0.79, 0.68)),
}
_REAR_LEFT: Mapping[Part, tuple[Place, ...]] = {
    Part.REAR_WINDOW: (Place(0.72, 0.33, 0.89, 0.45),),
    Part.TAILGATE: (Place(0.78, 0.48, 0.91, 0.60),),
    Part.REAR_BUMPER: (Place(0.75, 0.63, 0.95, 0.81),),
    Part.REAR_LEFT_FENDER: (Place(0.54, 0.48, 0.69, 0.58),),
    Part.REAR_LEFT_DOOR: (Place(0.42, 0.47, 0.52, 0.69),),
    Part.FRONT_LEFT_DOOR: (Place(0.28, 0.46, 0.40, 0.65),),
    Part.FRONT_LEFT_FENDER: (Place(0.19, 0.44, 0.26, 0.50),),
    Part.SIDE_WINDOW: (Place(0.31, 0.34, 0.54, 0.44),),
    Part.WHEEL: (Place(0.52, 0.61, 0.64, 0.86), Place(0.21, 0.52, 0.27, 0.68)),
}
_OTHER_SIDE = {
    Part.FRONT_LEFT_FENDER: Part.FRONT_RIGHT_FENDER,
    Part.REAR_LEFT_FENDER: Part.REAR_RIGHT_FENDER,
    Part.FRONT_LEFT_DOOR: Part.FRONT_RIGHT_DOOR,
    Part.REAR_LEFT_DOOR: Part.REAR_RIGHT_DOOR,
}


def _mirrored(zones: Mapping[Part, tuple[Place, ...]]) -> Mapping[Part, tuple[Place, ...]]:
    return {_OTHER_SIDE.get(part, part): tuple(one.mirrored() for one in places) for part, places in zones.items()}


ZONES: Mapping[Viewpoint, Mapping[Part, tuple[Place, ...]]] = {
    Viewpoint.FRONT: _FRONT,
    Viewpoint.REAR: _REAR,
    Viewpoint.LEFT: _LEFT,
    Viewpoint.FRONT_LEFT: _FRONT_LEFT,
    Viewpoint.REAR_LEFT: _REAR_LEFT,
    Viewpoint.RIGHT: _mirrored(_LEFT),
    Viewpoint.FRONT_RIGHT: _mirrored(_FRONT_LEFT),
    Viewpoint.REAR_RIGHT: _mirrored(_REAR_LEFT),
}
_GLASS = frozenset({Part.WINDSCREEN, Part.REAR_WINDOW, Part.SIDE_WINDOW})
_LAMPS = frozenset({Part.HEADLAMP, Part.TAIL_LAMP})
_FRONT_VIEWS = frozenset({Viewpoint.FRONT, Viewpoint.FRONT_LEFT, Viewpoint.FRONT_RIGHT})
_REAR_VIEWS = frozenset({Viewpoint.REAR, Viewpoint.REAR_LEFT, Viewpoint.REAR_RIGHT})


def part_of(viewpoint: Viewpoint, place: Place, kind: DamageKind) -> Part:
    """The part that the box lies on, as far as the side, the place and the kind of damage tell."""
    if viewpoint in TYRES or kind is DamageKind.FLAT_TYRE:
        return Part.WHEEL
    if viewpoint in {Viewpoint.INTERIOR_FRONT, Viewpoint.INTERIOR_REAR} or kind is DamageKind.AIRBAG:
        return Part.INTERIOR
    if kind is DamageKind.BROKEN_LAMP:
        return _lamp(viewpoint)
    shares = {
        part: max(place.share_in(zone) for zone in zones)
        for part, zones in ZONES.get(viewpoint, {}).items()
        if _is_possible(part, kind)
    }
    part, share = max(shares.items(), key=lambda one: one[1], default=(Part.UNKNOWN, 0.0))
    return part if share >= SURE else Part.UNKNOWN


def shown_by(part: Part) -> frozenset[Viewpoint]:
    """The outside views on which the part has a zone of its own, so that damage on it should be seen there."""
    return frozenset(view for view in EXTERIOR if part in ZONES[view])


def _lamp(viewpoint: Viewpoint) -> Part:
    """From the side both ends of the car are far away: then the lamp is not told apart."""
    if viewpoint in _FRONT_VIEWS:
        return Part.HEADLAMP
    return Part.TAIL_LAMP if viewpoint in _REAR_VIEWS else Part.UNKNOWN


def _is_possible(part: Part, kind: DamageKind) -> bool:
    if kind is DamageKind.BROKEN_GLASS:
        return part in _GLASS
    if kind is DamageKind.DENT:
        return part not in _GLASS | _LAMPS
    return True
