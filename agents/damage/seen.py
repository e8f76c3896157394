"""What the detector saw on a photo, as it is kept in the photo's row and read again."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.inspection.abilities import Ability, as_json
from core.inspection.damage import DamageKind
from cv.damage import Detections
from cv.found import Box, Found, Point

PLACES = 5
"""Digits of a position: a hundred-thousandth of a photo is less than a pixel."""


def to_json(detections: Detections, trusted: Mapping[DamageKind, Ability]) -> dict[str, Any]:
    """``trusted`` is kept with it: what the weights could do on that day is part of the evidence."""
    return {
        "model": detections.model,
        "tiled": detections.tiled,
        "trusted": as_json(trusted),
        "found": [_found(one) for one in detections.findings],
    }


def is_seen(seen: Mapping[str, Any]) -> bool:
    return "model" in seen


def found_in(seen: Mapping[str, Any]) -> tuple[Found, ...]:
    return tuple(
        Found(
            kind=DamageKind(one["kind"]),
            confidence=one["confidence"],
            box=Box(*one["box"]),
            polygon=points_of(one["polygon"]),
            label=one["label"],
        )
        for one in seen.get("found", ())
    )


def box_as_list(box: Box) -> list[float]:
    return [round(side, PLACES) for side in (box.left, box.top, box.right, box.bottom)]


def points_as_list(points: Sequence[Point]) -> list[list[float]]:
    return [[round(point.x, PLACES), round(point.y, PLACES)] for point in points]


def points_of(points: Sequence[Sequence[float]]) -> tuple[Point, ...]:
    return tuple(Point(x, y) for x, y in points)


def _found(one: Found) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "label": one.label,
        "confidence": one.confidence,
        "box": box_as_list(one.box),
        "polygon": points_as_list(one.polygon),
    }
