"""Damage on one photo: what the weights see, as far as their card says they can be believed."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.inspection.damage import DamageKind
from cv.found import Box, Found, Point
from cv.reading import colour_image
from cv.weights import Weights

if TYPE_CHECKING:
    from cv.detector import Detection, Detector


@dataclass(frozen=True, slots=True)
class Detections:
    """``findings``, the surest first; ``model`` is the card's name and version; ``tiled``: the photo was cut up."""

    findings: tuple[Found, ...]
    model: str
    tiled: bool
    has_masks: bool = False
    """Outlines follow the damage: by the model itself or by SAM2."""


def find_damage(photo: bytes, weights: Weights) -> Detections:
    from cv.detector.suppress import joined
    from cv.detector.tiles import tile_corners

    image = colour_image(photo)
    height, width = image.shape[:2]
    believed = {label: least for label in weights.card.classes if (least := weights.threshold(label)) is not None}
    if not believed:
        return Detections((), weights.card.title, tiled=False)
    seen = _detector(weights.model, weights.threads).detect(image, min(believed.values()), weights.card.tiles)
    sure = [one for one in joined(seen) if one.confidence >= believed.get(one.label, 2.0)]
    if weights.masks is not None:
        from cv.refine import refined

        sure = refined(image, sure, weights.masks, weights.threads)
    return Detections(
        tuple(_found(one, weights.card.classes[one.label].kind, width, height) for one in sure),
        weights.card.title,
        tiled=bool(tile_corners(width, height, weights.card.tiles)),
        has_masks=any(one.outline is not None for one in sure),
    )


@lru_cache(maxsize=1)
def _detector(model: Path, threads: int) -> "Detector":
    from cv.detector import open_detector

    return open_detector(model, threads)


def _found(one: "Detection", kind: DamageKind, width: int, height: int) -> Found:
    left, top, right, bottom = one.corners
    points = [] if one.outline is None else one.outline.tolist()
    return Found(
        kind=kind,
        confidence=round(one.confidence, 4),
        box=Box(left / width, top / height, right / width, bottom / height),
        polygon=tuple(Point(x / width, y / height) for x, y in points),
        label=one.label,
    )
