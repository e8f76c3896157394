"""The camera before a drawn dashboard: a tilt, a dark car around it, glare, blur, noise and JPEG."""

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from cv.drawn.dashboard_faces import Glyph


@dataclass(frozen=True, slots=True)
class Shot:
    """How the photo is taken; sizes in pixels of the photo."""

    size: tuple[int, int] = (1280, 960)
    tilt: float = 0.0
    """Degrees."""
    lean: float = 0.0
    """Perspective: how much shorter one side becomes, 0..0.2."""
    zoom: float = 0.9
    """Width of the dashboard as a share of the photo."""
    gain: float = 1.0
    blur: float = 0.6
    noise: float = 4.0
    glare: float = 0.0
    """Strength of a reflection of light, 0..1."""
    quality: int = 88
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands where in the photo: a box around a character, in pixels."""

    char: str
    x: float
    y: float
    width: float
    height: float


def take(drawing: Image.Image, glyphs: list[Glyph], shot: Shot) -> tuple[bytes, tuple[Mark, ...]]:
    """The JPEG and the places of the characters in it."""
    rng = np.random.default_rng(shot.seed)
    matrix = _placing(drawing.size, shot, random.Random(shot.seed))  # noqa: S311 - a picture, no secret
    photo = cv2.warpPerspective(
        cv2.cvtColor(np.asarray(drawing), cv2.COLOR_RGB2BGR),
        matrix,
        shot.size,
        flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=tuple(float(v) for v in rng.integers(8, 60, 3)),
    ).astype(np.float32)
    photo = _with_glare(photo * shot.gain, shot, rng)
    if shot.blur > 0:
        photo = cv2.GaussianBlur(photo, (0, 0), shot.blur)
    photo += rng.normal(0, shot.noise, photo.shape).astype(np.float32)
    _, content = cv2.imencode(".jpg", np.clip(photo, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, shot.quality])
    return content.tobytes(), tuple(_mark(glyph, matrix) for glyph in glyphs)


def _placing(drawn: tuple[int, int], shot: Shot, rng: random.Random) -> np.ndarray:
    width, height = drawn
    scale = shot.zoom * shot.size[0] / width
    lean_x, lean_y = (shot.lean * rng.uniform(-1, 1) for _ in range(2))
    turn = math.radians(shot.tilt)
    shift = [rng.uniform(-0.3, 0.3) * (1 - min(shot.zoom, 1)) * side for side in shot.size]
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        u = x * width / 2 * scale * (1 + lean_y * y)
        v = y * height / 2 * scale * (1 + lean_x * x)
        corners.append(
            (
                shot.size[0] / 2 + shift[0] + u * math.cos(turn) - v * math.sin(turn),
                shot.size[1] / 2 + shift[1] + u * math.sin(turn) + v * math.cos(turn),
            )
        )
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return cv2.getPerspectiveTransform(source, np.array(corners, np.float32))


def _with_glare(photo: np.ndarray, shot: Shot, rng: np.random.Generator) -> np.ndarray:
    if shot.glare <= 0:
        return photo
    height, width = photo.shape[:2]
    light = np.zeros((height // 8, width // 8), np.float32)
    centre = (int(rng.integers(0, width // 8)), int(rng.integers(0, height // 8)))
    axes = (int(rng.integers(4, width // 20)), int(rng.integers(2, height // 30)))
    cv2.ellipse(light, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    light = cv2.resize(cv2.GaussianBlur(light, (0, 0), 3), (width, height))
    return photo + light[..., None] * shot.glare * 200


def _mark(glyph: Glyph, matrix: np.ndarray) -> Mark:
    left, top, right, bottom = glyph.box
    corners = np.array([[(left, top), (right, top), (right, bottom), (left, bottom)]], np.float32)
    points = cv2.perspectiveTransform(corners, matrix)[0]
    width = (math.dist(points[0], points[1]) + math.dist(points[3], points[2])) / 2
    height = (math.dist(points[0], points[3]) + math.dist(points[1], points[2])) / 2
    x, y = points.mean(axis=0)
    return Mark(glyph.char, float(x), float(y), float(width), float(height))
