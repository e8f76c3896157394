"""COCO folders: photos beside one JSON file that holds every annotation, with polygons or boxes in pixels."""

from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from core.errors import Rejected, without_values
from cv.found import Box, Point
from cv.training.labelled import LabelledFolder, LabelledPhoto, Mark, path_inside

NAMES = ("_annotations.coco.json", "annotations.json", "instances_default.json")
SMALLEST = 1.0
"""Pixels; a mark thinner than that is a slip of the mouse."""

Side = Annotated[int, Field(gt=0, le=100_000)]


class _Photo(BaseModel):
    id: int
    file_name: str
    width: Side
    height: Side


class _Category(BaseModel):
    id: int
    name: str


class _Annotation(BaseModel):
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float]
    segmentation: Any = None


class _File(BaseModel):
    images: list[_Photo]
    categories: list[_Category]
    annotations: list[_Annotation]


def find_annotations(folder: Path) -> Path | None:
    """The known names first, else the only JSON file there."""
    for name in NAMES:
        if (folder / name).is_file():
            return folder / name
    others = sorted(folder.glob("*.json"))
    return others[0] if len(others) == 1 else None


def read(annotations: Path) -> LabelledFolder:
    """A category that marks nothing (the parent of the others, as some tools write it) is left out."""
    try:
        file = _File.model_validate_json(annotations.read_bytes())
    except ValidationError as error:
        raise Rejected(f"{annotations}: not a COCO file: {without_values(error)}") from None
    names = {category.id: category.name for category in file.categories}
    photos = {photo.id: photo for photo in file.images}
    marks: dict[int, list[Mark]] = defaultdict(list)
    for annotation in file.annotations:
        if annotation.image_id not in photos or annotation.category_id not in names:
            raise Rejected(f"{annotations}: an annotation names a photo or a category that the file does not list")
        if min(annotation.bbox[2:]) >= SMALLEST:
            photo = photos[annotation.image_id]
            marks[photo.id].append(_mark(names[annotation.category_id], annotation, photo))
    used = {annotation.category_id for annotation in file.annotations}
    return LabelledFolder(
        labels=tuple(name for number, name in sorted(names.items()) if number in used),
        photos=tuple(
            LabelledPhoto(path_inside(annotations.parent, photo.file_name), tuple(marks[photo.id]))
            for photo in file.images
        ),
    )


def _mark(label: str, annotation: _Annotation, photo: _Photo) -> Mark:
    left, top, width, height = annotation.bbox
    box = Box(left / photo.width, top / photo.height, (left + width) / photo.width, (top + height) / photo.height)
    return Mark(label, box, _polygon(annotation.segmentation, photo))


def _polygon(segmentation: Any, photo: _Photo) -> tuple[Point, ...]:
    """Of one outline only: several, and masks written as run lengths, are known by their box."""
    if not isinstance(segmentation, list) or len(segmentation) != 1 or len(segmentation[0]) < 6:
        return ()
    numbers = segmentation[0]
    return tuple(Point(x / photo.width, y / photo.height) for x, y in zip(numbers[::2], numbers[1::2], strict=False))
