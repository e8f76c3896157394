"""YOLO folders: a ``data.yaml`` with the labels, photos in ``images/``, one text file per photo in ``labels/``."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from core.errors import Rejected
from cv.found import Box, Point
from cv.training.labelled import LabelledFolder, LabelledPhoto, Mark, box_around, corners_of, path_inside

DESCRIPTION = "data.yaml"
PHOTO_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
SAME_PART = {"train": ("train",), "valid": ("val", "valid", "test")}


def find_description(folder: Path) -> Path | None:
    path = folder / DESCRIPTION
    return path if path.is_file() else None


def read(description: Path, part: str) -> LabelledFolder:
    told = _load(description)
    labels = _labels(told.get("names"), description)
    folder = _photos_of(told, description, part)
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_ENDINGS)
    if not paths:
        raise Rejected(f"{folder}: no photo")
    return LabelledFolder(labels, tuple(LabelledPhoto(path, _marks(_text_of(path), labels)) for path in paths))


def write(parts: dict[str, LabelledFolder], target: Path) -> Path:
    """Write a training folder with ``train`` and ``val`` (photos are linked, not copied); answers its ``data.yaml``."""
    labels = parts["train"].labels
    for name, folder in parts.items():
        unknown = {mark.label for photo in folder.photos for mark in photo.marks} - set(labels)
        if unknown:
            raise Rejected(f"the part for training has no {', '.join(sorted(unknown))}: nothing could learn it")
        images, texts = target / "images" / name, target / "labels" / name
        for place in (images, texts):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
        for number, photo in enumerate(folder.photos):
            stem = f"{number:06d}"
            (images / f"{stem}{photo.path.suffix.lower()}").symlink_to(photo.path.resolve())
            lines = [_line(mark, labels) for mark in photo.marks]
            (texts / f"{stem}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
    description = target / DESCRIPTION
    told = {"path": str(target.resolve()), "names": dict(enumerate(labels))}
    told |= {name: f"images/{name}" for name in parts}
    description.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return description


def _load(description: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load(description.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise Rejected(f"{description}: not YAML") from error
    if not isinstance(told, dict):
        raise Rejected(f"{description}: says nothing")
    return told


def _labels(names: Any, description: Path) -> tuple[str, ...]:
    if isinstance(names, dict) and sorted(names) == list(range(len(names))):
        return tuple(str(names[number]) for number in range(len(names)))
    if isinstance(names, list):
        return tuple(str(name) for name in names)
    raise Rejected(f"{description}: names must be a list, or numbered from 0")


def _photos_of(told: dict[str, Any], description: Path, part: str) -> Path:
    given = next((told[name] for name in SAME_PART.get(part, (part,)) if name in told), None)
    if not isinstance(given, str):
        raise Rejected(f"{description}: does not say where the photos of {part} are")
    root = description.parent
    # Exports of labelling sites write ../train/images although the folder lies beside the file.
    for candidate in (path_inside(root, given.removeprefix("../")), path_inside(root, f"images/{part}")):
        if candidate.is_dir():
            return candidate
    raise Rejected(f"{description}: the photos of {part} are not there: {given}")


def _text_of(photo: Path) -> Path:
    """``…/images/…/a.jpg`` → ``…/labels/…/a.txt``: the last folder of that name counts."""
    parts = list(photo.parts)
    last = len(parts) - 1 - parts[::-1].index("images") if "images" in parts else None
    if last is not None:
        parts[last] = "labels"
    return Path(*parts).with_suffix(".txt")


def _marks(text: Path, labels: tuple[str, ...]) -> tuple[Mark, ...]:
    if not text.is_file():
        return ()
    lines = text.read_text(encoding="ascii", errors="replace").splitlines()
    try:
        return tuple(_mark(line.split(), labels) for line in lines if line.strip())
    except (ValueError, IndexError):
        raise Rejected(f"{text}: a line is not: number of the label, then a box or a polygon") from None


def _mark(words: list[str], labels: tuple[str, ...]) -> Mark:
    label = labels[int(words[0])]
    numbers = [float(word) for word in words[1:]]
    if len(numbers) == 4:
        x, y, width, height = numbers
        return Mark(label, Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    if len(numbers) < 6 or len(numbers) % 2:
        raise ValueError(words)
    polygon = tuple(Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
    return Mark(label, box_around(polygon), polygon)


def _line(mark: Mark, labels: tuple[str, ...]) -> str:
    """Always a polygon: a file that mixes boxes and polygons is misread; a detector takes the box around it."""
    points = mark.polygon or corners_of(mark.box)
    numbers = (f"{min(max(value, 0.0), 1.0):.6f}" for point in points for value in (point.x, point.y))
    return f"{labels.index(mark.label)} {' '.join(numbers)}"
