"""What people decided about findings, as labels for the next training: pure, from rows to a COCO dictionary.

A photo is only worth learning from when everything on it is labelled: one that shows a damage whose place nobody marked
is left out, or it would teach that damage is none. Photos of one car stay on one side of the split.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from core.inspection.damage import NEGATIVES, DamageKind, FindingState
from db.queries.finding_record import Labelled, LabelledPhoto

CATEGORIES: tuple[DamageKind, ...] = tuple(DamageKind)
VALID_SHARE = 5
"""One car of so many is kept for validation."""
DAMAGE = frozenset({FindingState.NEW, FindingState.KNOWN})

Points = tuple[tuple[float, float], ...]
Split = Literal["train", "valid"]


@dataclass(frozen=True, slots=True)
class Label:
    """One place, relative to its photo: left, top, right, bottom; ``polygon`` is empty where only the box is known."""

    kind: DamageKind
    box: tuple[float, float, float, float]
    polygon: Points = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by photo: none means that a person looked and what the machine saw was no damage."""

    by_photo: Mapping[UUID, tuple[Label, ...]]
    left_out: frozenset[UUID]
    """Photos on which something is not labelled."""
    without_place: int
    """Damages of which nobody marked where they are."""


def labels_of(findings: Iterable[Labelled]) -> Labels:
    places: dict[UUID, list[Label]] = {}
    left_out: set[UUID] = set()
    without_place = 0
    for finding in findings:
        is_damage = finding.state in DAMAGE
        for photo_id, label in _places(finding):
            places.setdefault(photo_id, [])
            if not finding.is_decided:
                left_out.add(photo_id)
            elif label is not None and (is_damage or label.kind in NEGATIVES):
                places[photo_id].append(label)
            elif label is None and is_damage:
                left_out.add(photo_id)
        without_place += is_damage and finding.box is None
    kept = {photo_id: tuple(labels) for photo_id, labels in places.items() if photo_id not in left_out}
    return Labels(kept, frozenset(left_out), without_place)


def _places(finding: Labelled) -> Iterable[tuple[UUID, Label | None]]:
    if finding.photo_id is not None:
        label = None if finding.box is None else Label(finding.kind, finding.box, finding.polygon)
        yield finding.photo_id, label
    for view in finding.views:
        left, top, right, bottom = view["box"]
        yield UUID(view["photo_id"]), Label(finding.kind, (left, top, right, bottom))


def split_of(photo: LabelledPhoto) -> Split:
    """The same car is always on the same side, in every export: figures of two trainings can be compared."""
    digest = hashlib.sha256(photo.car_id.bytes).digest()
    return "valid" if digest[0] % VALID_SHARE == 0 else "train"


def file_name(photo: LabelledPhoto) -> str:
    """Says which inspection and side it is, and neither plate nor name."""
    return f"inspection-{photo.inspection_number}-{photo.ordinal}-{photo.viewpoint}.jpg"


@dataclass(frozen=True, slots=True)
class Sized:
    """A photo that was written, with its pixels."""

    photo: LabelledPhoto
    width: int
    height: int


def coco(photos: Sequence[Sized], labels: Mapping[UUID, Sequence[Label]]) -> dict[str, Any]:
    """Categories are ``DamageKind``; a box without an outline has its corners as polygon, as COCO readers expect."""
    numbers = {kind: number for number, kind in enumerate(CATEGORIES, start=1)}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for image_id, one in enumerate(photos, start=1):
        images.append({"id": image_id, "file_name": file_name(one.photo), "width": one.width, "height": one.height})
        for label in labels[one.photo.id]:
            place = {"id": len(annotations) + 1, "image_id": image_id, "category_id": numbers[label.kind], "iscrowd": 0}
            annotations.append(place | _shape(label, one))
    return {
        "info": {"description": "Findings that people decided about, exported by jarvis vision export-data"},
        "categories": [{"id": number, "name": str(kind)} for kind, number in numbers.items()],
        "images": images,
        "annotations": annotations,
    }


def _shape(label: Label, photo: Sized) -> dict[str, Any]:
    left, top, right, bottom = label.box
    corners: Points = ((left, top), (right, top), (right, bottom), (left, bottom))
    outline = label.polygon if len(label.polygon) >= 3 else corners
    pixels = [(x * photo.width, y * photo.height) for x, y in outline]
    wide, high = (right - left) * photo.width, (bottom - top) * photo.height
    return {
        "bbox": [round(value, 2) for value in (left * photo.width, top * photo.height, wide, high)],
        "area": round(_area(pixels), 2),
        "segmentation": [[round(value, 2) for point in pixels for value in point]],
    }


def _area(points: Sequence[tuple[float, float]]) -> float:
    """The shoelace formula."""
    following = [*points[1:], points[0]]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, following, strict=True))) / 2
