"""Finds figures and a few letters in a picture: pieces that stand out, each told by a small net."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np

CLASSES = (*"0123456789", *"kmTRPDEF", "other")
MODEL = Path(__file__).parent.parent / "models" / "digits" / "figures.npz"
LEVELS = (900, 1600)
"""The long sides at which a photo is looked at."""
LOWEST, HIGHEST = 11, 90
"""Heights of a piece in pixels of the picture looked at."""
LIKELY = 0.5
JOINS = (1, 3, 6)
"""Segments and dots are joined over so many pixels, at each of which other figures come out whole."""
PATCH = (20, 28)


@dataclass(frozen=True, slots=True)
class Seen:
    """One character: what, how sure (0..1), where (centre and size in pixels), and if it is lighter than its ground."""

    char: str
    score: float
    x: float
    y: float
    width: float
    height: float
    is_light: bool = True

    def times(self, by: float) -> "Seen":
        return replace(self, x=self.x * by, y=self.y * by, width=self.width * by, height=self.height * by)


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands out from its ground: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int
    is_light: bool


def find_all(picture: np.ndarray) -> list[list[Seen]]:
    """Characters of a whole photo, at two scales; places are those in the photo."""
    levels = []
    for long_side in LEVELS:
        scale = long_side / max(picture.shape[:2])
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        scaled = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way)
        levels.append([one.times(1 / scale) for one in find(scaled, with_points=False)])
    return levels


def find(picture: np.ndarray, *, with_points: bool) -> list[Seen]:
    """Characters of 11 to 90 pixels in height, and points (their height is that of a point)."""
    plane = even(picture)
    pieces = pieces_of(plane)
    tall = [piece for piece in pieces if piece.height >= LOWEST]
    points = [_as_point(piece) for piece in pieces if _is_point(piece)] if with_points else []
    if not tall:
        return points
    chances = classify(np.stack([features(patch_of(plane, piece)) for piece in tall]))
    seen = [
        Seen(CLASSES[best], float(row[best]), p.x + p.width / 2, p.y + p.height / 2, p.width, p.height, p.is_light)
        for p, row in zip(tall, chances, strict=True)
        if (best := int(row.argmax())) < len(CLASSES) - 1 and row[best] >= LIKELY
    ]
    return _without_doubles(seen) + points


def even(picture: np.ndarray) -> np.ndarray:
    """The brightest colour of each pixel with its local contrast evened out, about -1..1."""
    plane = picture.max(axis=2).astype(np.float32)
    mean = cv2.blur(plane, (61, 61), borderType=cv2.BORDER_REFLECT_101)
    spread = cv2.blur((plane - mean) ** 2, (61, 61), borderType=cv2.BORDER_REFLECT_101)
    return np.clip((plane - mean) / (2.5 * np.sqrt(spread + 200)), -1, 1)


def pieces_of(plane: np.ndarray) -> list[Piece]:
    """Connected places lighter or darker than what is around them, and what comes of joining them."""
    smooth = cv2.GaussianBlur(plane, (0, 0), 0.8)
    found: set[Piece] = set()
    for is_light in (True, False):
        mask = ((smooth if is_light else -smooth) > 0.12).astype(np.uint8)
        for join in JOINS:
            kernel = np.ones((join, max(1, join * 2 // 3)), np.uint8)
            joined = mask if join == 1 else cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
            _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
            for x, y, width, height, area in stats[1:].tolist():
                is_slim = 0.08 < width / height < 1.4
                is_filled = area > 0.14 * width * height
                if 3 <= height <= HIGHEST and is_slim and is_filled:
                    found.add(Piece(x, y, width, height, is_light))
    return list(found)


def patch_of(plane: np.ndarray, piece: Piece) -> np.ndarray:
    """The piece in the middle of a patch of one size, light on dark, dots run together."""
    margin = 0.08 * piece.height
    height = piece.height + 2 * margin
    scale = PATCH[1] / height
    x, y = piece.x + piece.width / 2, piece.y + piece.height / 2
    matrix = np.array([[scale, 0, PATCH[0] / 2 - scale * x], [0, scale, PATCH[1] / 2 - scale * y]])
    source, way = plane, cv2.INTER_LINEAR
    if scale < 0.7:
        source, matrix, way = _nearby(plane, piece, matrix)
    patch = cv2.warpAffine(source, matrix, PATCH, flags=way, borderMode=cv2.BORDER_REPLICATE)
    return cv2.GaussianBlur(patch if piece.is_light else -patch, (0, 0), 1.0)


def _nearby(plane: np.ndarray, piece: Piece, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """A smoothed cut-out of a large piece, so that shrinking it leaves no gaps."""
    left, top = max(0, piece.x - piece.height), max(0, piece.y - piece.height // 4)
    cut = plane[top : piece.y + piece.height * 5 // 4, left : piece.x + piece.width + piece.height]
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ (left, top)
    return cv2.GaussianBlur(cut, (0, 0), piece.height / 60), moved, cv2.INTER_LINEAR


@cache
def _hog() -> cv2.HOGDescriptor:
    return cv2.HOGDescriptor(PATCH, (12, 12), (8, 8), (6, 6), 8)


def features(patch: np.ndarray) -> np.ndarray:
    """Directions of edges, and the patch itself in small."""
    spread = np.clip((patch + 1) * 127.5, 0, 255).astype(np.uint8)
    directions = np.asarray(_hog().compute(spread)).ravel()
    return np.concatenate([directions, cv2.resize(patch, (10, 14), interpolation=cv2.INTER_AREA).ravel()])


def classify(rows: np.ndarray) -> np.ndarray:
    """Chances of ``CLASSES`` for each row of features."""
    net = _net()
    hidden = np.maximum(((rows - net["mean"]) / net["spread"]) @ net["w1"] + net["b1"], 0)
    logits = np.maximum(hidden @ net["w2"] + net["b2"], 0) @ net["w3"] + net["b3"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@cache
def _net() -> dict[str, np.ndarray]:
    with np.load(MODEL, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def _is_point(piece: Piece) -> bool:
    return piece.height < LOWEST and piece.width / piece.height > 0.5


def _as_point(piece: Piece) -> Seen:
    return Seen(
        "point", 1.0, piece.x + piece.width / 2, piece.y + piece.height / 2, piece.width, piece.height, piece.is_light
    )


def _without_doubles(seen: list[Seen]) -> list[Seen]:
    """Of two characters on one place the surer stays, of two about as sure the larger."""
    kept: list[Seen] = []
    for one in sorted(seen, key=lambda each: (-round(each.score, 1), -each.height)):
        if all(not _is_on(one, other) for other in kept):
            kept.append(one)
    return kept


def _is_on(one: Seen, other: Seen) -> bool:
    width = min(one.x + one.width / 2, other.x + other.width / 2) - max(
        one.x - one.width / 2, other.x - other.width / 2
    )
    height = min(one.y + one.height / 2, other.y + other.height / 2) - max(
        one.y - one.height / 2, other.y - other.height / 2
    )
    smaller = min(one.width * one.height, other.width * other.height)
    return width > 0 and height > 0 and width * height > 0.45 * smaller
