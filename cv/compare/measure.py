"""How well new damage is told from old: on real pairs with damage of other photos pasted in, and on drawn cars.

Findings are the human masks, so the figures are those of a perfect detector: what is lost here is lost by comparing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.inspection.damage import DamageKind, Part
from core.inspection.views import EXTERIOR
from cv.compare.matching import Comparison, compare
from cv.drawn.car import DrawnPhoto, Shot, draw_car
from cv.drawn.harm import DrawnDamage
from cv.drawn.skin import CarLook
from cv.found import Box, Found, Point
from cv.overlay import encoded
from cv.reading import colour_image


@dataclass(frozen=True)
class Trial:
    """One pair: on ``after``, ``is_new`` says of each found whether it was put there."""

    before: bytes
    after: bytes
    known: tuple[Found, ...]
    found: tuple[Found, ...]
    is_new: tuple[bool, ...]


@dataclass(frozen=True)
class Figures:
    """Shares 0..1. ``unsure`` goes to a person as it is; ``taken_for_old`` is what a client would get away with."""

    pairs: int
    registered: float
    new_found: float
    new_unsure: float
    new_taken_for_old: float
    old_found_again: float
    old_unsure: float
    false_alarms_per_pair: float
    seconds_per_pair: float


def measure(data: Path | None = None, *, limit: int | None = None) -> dict[str, Figures]:
    """``data`` is a folder with ``same_car_pairs.json`` and COCO parts; drawn cars are measured in any case."""
    figures = {"drawn": figures_of(drawn_trials(limit=limit or 24))}
    if data is not None:
        figures["photos"] = figures_of(photo_trials(data, limit=limit))
    return figures


def figures_of(trials: Iterable[Trial]) -> Figures:
    new, old = np.zeros(3), np.zeros(3)
    pairs = registered = 0
    spent = 0.0
    for trial in trials:
        start = perf_counter()
        comparison = compare(trial.before, trial.after, trial.known, trial.found)
        spent += perf_counter() - start
        pairs += 1
        registered += comparison.registered
        for index, is_new in enumerate(trial.is_new):
            (new if is_new else old)[_verdict(comparison, index)] += 1
    new_share, old_share = new / max(1, new.sum()), old / max(1, old.sum())
    return Figures(
        pairs=pairs,
        registered=registered / max(1, pairs),
        new_found=float(new_share[0]),
        new_unsure=float(new_share[1]),
        new_taken_for_old=float(new_share[2]),
        old_found_again=float(old_share[2]),
        old_unsure=float(old_share[1]),
        false_alarms_per_pair=float(old[0]) / max(1, pairs),
        seconds_per_pair=spent / max(1, pairs),
    )


def _verdict(comparison: Comparison, index: int) -> int:
    """0 new, 1 unsure, 2 old."""
    if index in comparison.new:
        return 0
    return 1 if index in comparison.unsure else 2


# Drawn cars.

_PARTS = (
    Part.FRONT_LEFT_DOOR, Part.REAR_LEFT_DOOR, Part.FRONT_RIGHT_DOOR, Part.REAR_RIGHT_DOOR, Part.FRONT_BUMPER,
    Part.REAR_BUMPER, Part.TAILGATE, Part.HOOD, Part.FRONT_LEFT_FENDER, Part.FRONT_RIGHT_FENDER,
)  # fmt: skip


def drawn_trials(*, limit: int, width: int = 1200) -> Iterator[Trial]:
    """One car after another from every side: two damages known, two new, a hand that moved."""
    for number in range(limit):
        random = np.random.default_rng(number)
        parts = [_PARTS[i] for i in random.permutation(len(_PARTS))]
        kinds = (DamageKind.SCRATCH, DamageKind.DENT)
        damages = [
            DrawnDamage(kinds[i % 2], part, float(random.uniform(0.15, 0.32)), int(random.integers(1000)))
            for i, part in enumerate(parts)
        ]
        colour = random.integers(20, 235, 3)
        look = CarLook((int(colour[0]), int(colour[1]), int(colour[2])), f"AB-{100 + number}-CD", number)
        known, fresh = damages[::2], damages[1::2]
        side = EXTERIOR[number % len(EXTERIOR)]
        before = draw_car(look, Shot(side, seed=2 * number, width=width), known)
        after = draw_car(look, Shot(side, seed=2 * number + 1, width=width), [*known, *fresh])
        yield _drawn(before, after, len(known))


def _drawn(before: DrawnPhoto, after: DrawnPhoto, known: int) -> Trial:
    seen_before = {mark.index for mark in before.marks}
    # A known damage that the first photo did not see is neither old nor new for this pair.
    judged = [mark for mark in after.marks if mark.index >= known or mark.index in seen_before]
    return Trial(
        before.jpeg,
        after.jpeg,
        tuple(mark.as_found() for mark in before.marks),
        tuple(mark.as_found() for mark in judged),
        tuple(mark.index >= known for mark in judged),
    )


# Photos of real cars.


def photo_trials(data: Path, *, limit: int | None = None) -> Iterator[Trial]:
    """Every pair; on its second photo one damage, cut out of a photo of another pair, is pasted in."""
    found = {f"{part}/{name}": value for part in ("train", "valid") for name, value in _annotated(data / part).items()}
    pairs: Sequence[Mapping[str, Any]] = json.loads((data / "same_car_pairs.json").read_text())
    random = np.random.default_rng(5)
    for pair in pairs[:limit]:
        donor = _donor(pairs, found, pair, random)
        after = colour_image((data / pair["b"]).read_bytes())
        pasted, added = _pasted(after, found[pair["b"]], colour_image((data / donor[0]).read_bytes()), donor[1], random)
        yield Trial(
            before=(data / pair["a"]).read_bytes(),
            after=encoded(pasted, quality=95),
            known=found[pair["a"]],
            found=(*found[pair["b"]], added),
            is_new=(*(False for _ in found[pair["b"]]), True),
        )


def _donor(
    pairs: Sequence[Mapping[str, Any]],
    found: Mapping[str, tuple[Found, ...]],
    pair: Mapping[str, Any],
    random: np.random.Generator,
) -> tuple[str, Found]:
    while True:
        other = pairs[int(random.integers(len(pairs)))]
        good = [one for one in found[other["a"]] if 0.003 < one.box.area < 0.06]
        if good and other["a"] not in {pair["a"], pair["b"]}:
            return other["a"], good[int(random.integers(len(good)))]


def _pasted(
    photo: NDArray[np.uint8],
    there: Sequence[Found],
    donor: NDArray[np.uint8],
    damage: Found,
    random: np.random.Generator,
) -> tuple[NDArray[np.uint8], Found]:
    """The damage at a place where no other is (after twenty tries: wherever)."""
    box = damage.box
    shift = (0.0, 0.0)
    for _ in range(20):
        left = float(random.uniform(0.12, max(0.13, 0.88 - box.width)))
        top = float(random.uniform(0.12, max(0.13, 0.88 - box.height)))
        shift = (left - box.left, top - box.top)
        room = Box(left - 0.04, top - 0.04, left + box.width + 0.04, top + box.height + 0.04)
        if all(room.overlap(other.box) == 0 for other in there):
            break
    height, width = photo.shape[:2]
    if donor.shape != photo.shape:
        donor = cv2.resize(donor, (width, height)).astype(np.uint8)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round([(p.x * width, p.y * height) for p in damage.polygon]).astype(np.int32)], 255)
    soft = cv2.GaussianBlur(cv2.dilate(mask, np.ones((5, 5), np.uint8)), (0, 0), 2)
    move = np.array([[1, 0, shift[0] * width], [0, 1, shift[1] * height]], np.float32)
    share = cv2.warpAffine(soft, move, (width, height)).astype(np.float32)[..., None] / 255
    moved = cv2.warpAffine(donor, move, (width, height))
    together = (photo * (1 - share) + moved * share).astype(np.uint8)
    polygon = tuple(Point(p.x + shift[0], p.y + shift[1]) for p in damage.polygon)
    placed = Box(box.left + shift[0], box.top + shift[1], box.right + shift[0], box.bottom + shift[1])
    return together, Found(damage.kind, damage.confidence, placed, polygon, damage.label)


def _annotated(folder: Path) -> dict[str, tuple[Found, ...]]:
    """The human masks of a COCO folder by file name."""
    coco = json.loads((folder / "_annotations.coco.json").read_text())
    images = {image["id"]: image for image in coco["images"]}
    names = {category["id"]: category["name"] for category in coco["categories"]}
    found: dict[str, list[Found]] = {image["file_name"]: [] for image in coco["images"]}
    for annotation in coco["annotations"]:
        image = images[annotation["image_id"]]
        outlines = annotation["segmentation"]
        if outlines and len(outlines[0]) >= 6:
            label = names[annotation["category_id"]]
            found[image["file_name"]].append(_found(np.asarray(outlines[0], float).reshape(-1, 2), image, label))
    return {name: tuple(some) for name, some in found.items()}


def _found(outline: NDArray[np.float64], image: Mapping[str, Any], label: str) -> Found:
    places = outline / (image["width"], image["height"])
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    polygon = tuple(Point(float(x), float(y)) for x, y in places)
    return Found(DamageKind.OTHER, 1.0, Box(float(left), float(top), float(right), float(bottom)), polygon, label)
