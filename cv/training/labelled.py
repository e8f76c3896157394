"""Labelled photos: what people marked on each, read from a COCO or a YOLO folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import Rejected
from cv.found import Box, Point


@dataclass(frozen=True, slots=True)
class Mark:
    """One damage as a person marked it, relative to the photo; ``polygon`` is empty where only a box is known."""

    label: str
    box: Box
    polygon: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    path: Path
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class LabelledFolder:
    """``labels`` in the order of their numbers; a photo without marks is one without damage and counts."""

    labels: tuple[str, ...]
    photos: tuple[LabelledPhoto, ...]


def read_folder(folder: Path, part: str = "") -> LabelledFolder:
    """Read ``folder`` (``part``: its ``train`` or ``valid``) as what it looks like: COCO or YOLO."""
    from cv.training import coco, yolo

    place = folder / part
    annotations = coco.find_annotations(place)
    if annotations is not None:
        return coco.read(annotations)
    description = yolo.find_description(folder)
    if description is not None:
        return yolo.read(description, part or "train")
    raise Rejected(f"{place}: neither a COCO folder (one .json with the annotations) nor a YOLO folder (data.yaml)")


def path_inside(folder: Path, name: str) -> Path:
    """Names of files come from whoever made the labels: one that leads out of the folder is refused."""
    path = Path(os.path.normpath(folder / name))  # as written: a photo may well be a link to where photos are kept
    if not path.is_relative_to(folder):
        raise Rejected(f"{folder}: the name of a photo leads out of the folder: {name}")
    return path


def box_around(polygon: tuple[Point, ...]) -> Box:
    across, down = [point.x for point in polygon], [point.y for point in polygon]
    return Box(min(across), min(down), max(across), max(down))


def corners_of(box: Box) -> tuple[Point, ...]:
    return (
        Point(box.left, box.top),
        Point(box.right, box.top),
        Point(box.right, box.bottom),
        Point(box.left, box.bottom),
    )


def relabelled(folder: LabelledFolder, names: Mapping[str, str | None]) -> LabelledFolder:
    """``names`` maps the folder's labels to those of the weights; several may become one, None leaves marks out."""
    untold = [label for label in folder.labels if label not in names]
    if untold:
        raise Rejected(f"what are these labels called in the weights? {', '.join(untold)}")
    photos = tuple(
        LabelledPhoto(photo.path, tuple(replace(mark, label=new) for mark in photo.marks if (new := names[mark.label])))
        for photo in folder.photos
    )
    kept = dict.fromkeys(new for label in names if (new := names[label]) and label in folder.labels)
    return LabelledFolder(tuple(kept), photos)
