"""Textures of the yard and the hall: bricks, gates, panels, asphalt, tiles; full of small things to recognise."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Sheet = NDArray[np.uint8]
WALL_HEIGHT = 3.4
WALL_SCALE = 90.0
FLOOR_SCALE = 120
_WIDE, _HIGH = int(16 * WALL_SCALE), int(WALL_HEIGHT * WALL_SCALE)


@lru_cache(maxsize=6)
def walls(seed: int, *, is_hall: bool) -> tuple[Sheet, ...]:
    """Four walls from within, the first behind the car."""
    random = np.random.default_rng(seed + 900)
    if is_hall:
        return tuple(_tiles(random, gate=index % 2 == 0) for index in range(4))
    return (_bricks(random), _plaster(random), _fence(random), _gates(random))


def _noise(random: np.random.Generator, shape: tuple[int, int], cell: int, strength: float) -> NDArray[np.float32]:
    small = random.normal(0, 1, (max(2, shape[0] // cell), max(2, shape[1] // cell))).astype(np.float32)
    return cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)[..., None] * strength


def _toned(sheet: NDArray[np.float32], random: np.random.Generator) -> Sheet:
    shape = sheet.shape[:2]
    for cell, strength in ((2, 5), (12, 5), (90, 9)):
        sheet = sheet + _noise(random, shape, cell, strength)
    rows = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None, None]
    return np.clip(sheet * (1.04 - 0.3 * np.clip(rows - 0.8, 0, 1)), 0, 255).astype(np.uint8)


def _flat(colour: tuple[int, int, int]) -> NDArray[np.float32]:
    return np.full((_HIGH, _WIDE, 3), colour[::-1], np.float32)


def _box(  # noqa: PLR0917  # where, how large and what colour: read like a drawing, a hundred times below
    sheet: NDArray[np.float32], x: float, z: float, width: float, height: float, colour: tuple[int, int, int]
) -> None:
    """A filled rectangle; metres from the left and from the ground."""
    top_left = (round(x * WALL_SCALE), round((WALL_HEIGHT - z - height) * WALL_SCALE))
    low_right = (round((x + width) * WALL_SCALE), round((WALL_HEIGHT - z) * WALL_SCALE))
    cv2.rectangle(sheet, top_left, low_right, colour[::-1], -1, cv2.LINE_AA)


def _bricks(random: np.random.Generator) -> Sheet:
    sheet = _flat((178, 170, 160))
    for row, z in enumerate(np.arange(0, WALL_HEIGHT, 0.12)):
        for x in np.arange(-0.2 * (row % 2), 16, 0.4):
            tone = random.normal(0, 9)
            _box(sheet, x + 0.01, z + 0.01, 0.37, 0.095, (int(158 + tone), int(102 + tone), int(82 + tone)))
    for x in (2.2, 6.6, 11.4):
        _window(sheet, x, 1.3, random)
    _box(sheet, 9.2, 0, 1.1, 2.15, (70, 84, 92))
    _box(sheet, 9.28, 0.08, 0.94, 1.98, (96, 112, 120))
    _box(sheet, 10.1, 1.0, 0.1, 0.04, (210, 210, 205))
    _box(sheet, 14.6, 0, 0.12, 3.4, (120, 122, 124))
    return _toned(sheet, random)


def _window(sheet: NDArray[np.float32], x: float, z: float, random: np.random.Generator) -> None:
    _box(sheet, x - 0.1, z - 0.1, 1.8, 0.1, (200, 198, 192))
    _box(sheet, x, z, 1.6, 1.3, (228, 228, 224))
    for part in (0.06, 0.83):
        tone = int(random.integers(60, 96))
        _box(sheet, x + part, z + 0.06, 0.71, 1.18, (tone, tone + 12, tone + 22))
        _box(sheet, x + part, z + 0.7, 0.71, 0.3, (tone + 40, tone + 50, tone + 60))


def _plaster(random: np.random.Generator) -> Sheet:
    sheet = _flat((206, 200, 186))
    _box(sheet, 0, 0, 16, 0.55, (126, 122, 116))
    for x in (1.0, 5.2, 12.6):
        _window(sheet, x, 1.25, random)
    for x in (3.9, 10.9):
        _box(sheet, x, 0.4, 0.1, 3.0, (150, 152, 150))
    _box(sheet, 7.6, 0.9, 2.4, 1.1, (34, 92, 140))
    _box(sheet, 7.68, 0.98, 2.24, 0.94, (236, 238, 238))
    for z, width in ((1.6, 1.8), (1.4, 1.2), (1.2, 1.5)):
        _box(sheet, 7.85, z, width, 0.1, (60, 110, 150))
    for _ in range(14):
        x, z = random.uniform(0, 16), random.uniform(0.6, 3.2)
        path = np.cumsum(random.normal(0, 6, (7, 2)), axis=0) + np.array([x, WALL_HEIGHT - z]) * WALL_SCALE
        cv2.polylines(sheet, [path.astype(np.int32)], isClosed=False, color=(150, 155, 160), lineType=cv2.LINE_AA)
    return _toned(sheet, random)


def _fence(random: np.random.Generator) -> Sheet:
    sheet = _flat((152, 160, 158))
    for x in np.arange(0, 16, 0.22):
        _box(sheet, x, 0.1, 0.1, 2.7, (134, 143, 142))
        _box(sheet, x + 0.1, 0.1, 0.02, 2.7, (176, 184, 182))
    for x in np.arange(0, 16, 2.5):
        _box(sheet, x, 0, 0.12, 2.9, (92, 98, 98))
    for _ in range(5200):
        x, z = random.uniform(0, 16), random.normal(2.85, 0.3) + 0.12 * np.sin(random.uniform(0, 16))
        tone = int(random.integers(-30, 30))
        place = (round(x * WALL_SCALE), round((WALL_HEIGHT - z) * WALL_SCALE))
        radius = int(random.integers(2, 7))
        cv2.circle(sheet, place, radius, (52 + tone, 104 + tone, 74 + tone), -1, cv2.LINE_AA)
    return _toned(sheet, random)


def _gates(random: np.random.Generator) -> Sheet:
    sheet = _flat((188, 190, 190))
    for x, colour in ((0.8, (66, 92, 120)), (5.9, (172, 174, 172)), (11.0, (66, 92, 120))):
        _box(sheet, x - 0.12, 0, 4.44, 2.85, (96, 98, 100))
        _box(sheet, x, 0, 4.2, 2.75, colour)
        for z in np.arange(0.05, 2.7, 0.46):
            _box(sheet, x, z, 4.2, 0.025, tuple(int(c * 0.72) for c in colour))  # type: ignore[arg-type]  # three of three
        for part in range(4):
            _box(sheet, x + 0.3 + part, 1.72, 0.6, 0.3, (58, 70, 80))
        _box(sheet, x + 1.9, 2.9, 0.4, 0.32, (240, 220, 90))
    return _toned(sheet, random)


def _tiles(random: np.random.Generator, *, gate: bool) -> Sheet:
    sheet = _flat((210, 214, 214))
    for z in np.arange(0, WALL_HEIGHT, 0.3):
        for x in np.arange(0, 16, 0.3):
            tone = int(random.normal(0, 3))
            base = (92, 140, 164) if 0.85 < z < 1.25 else (222, 226, 226)
            _box(sheet, x + 0.01, z + 0.01, 0.27, 0.27, tuple(c + tone for c in base))  # type: ignore[arg-type]  # three of three
    if gate:
        _box(sheet, 5.5, 0, 4.4, 2.9, (120, 124, 126))
        for z in np.arange(0.05, 2.8, 0.4):
            _box(sheet, 5.6, z, 4.2, 0.36, (196, 200, 202))
    for x in (2.0, 12.2):
        _box(sheet, x, 0.9, 1.3, 1.5, (60, 66, 72))
        _box(sheet, x + 0.1, 1.0, 1.1, 1.3, (188, 60, 50))
    return _toned(sheet, random)


@lru_cache(maxsize=4)
def floor(seed: int, *, is_hall: bool) -> Sheet:
    """Sixteen by sixteen metres from above."""
    random = np.random.default_rng(seed + 77)
    side = 16 * FLOOR_SCALE
    tone = 132 if is_hall else 98
    sheet = np.full((side, side, 3), (tone, tone + 2, tone + 3), np.float32)
    for cell, strength in ((2, 7), (14, 5), (120, 7), (500, 7)):
        sheet += _noise(random, (side, side), cell, strength)
    for _ in range(26):
        centre = random.uniform(0, side, 2).astype(int)
        stain = np.zeros((side, side), np.uint8)
        cv2.ellipse(
            stain, centre.tolist(), random.integers(10, 70, 2).tolist(), float(random.uniform(0, 180)), 0, 360, 255, -1
        )
        low, high = np.maximum(centre - 110, 0), centre + 110
        part = (slice(low[1], high[1]), slice(low[0], high[0]))
        sheet[part] *= 1 - 0.16 * cv2.GaussianBlur(stain[part], (0, 0), 9)[..., None].astype(np.float32) / 255
    if is_hall:
        for line in range(0, side, FLOOR_SCALE // 2):
            cv2.line(sheet, (line, 0), (line, side), (104, 106, 106), 2)
            cv2.line(sheet, (0, line), (side, line), (104, 106, 106), 2)
    else:
        _cracks(sheet, random)
        for line in (3.9, 6.9, 9.9, 12.9):
            at = round(line * FLOOR_SCALE)
            cv2.line(sheet, (at - FLOOR_SCALE, 0), (at - FLOOR_SCALE, side // 3), (186, 190, 190), 12, cv2.LINE_AA)
        for line in (4.6, 11.4):
            at = round(line * FLOOR_SCALE)
            cv2.line(sheet, (2 * FLOOR_SCALE, at), (14 * FLOOR_SCALE, at), (188, 196, 200), 12, cv2.LINE_AA)
    return np.clip(sheet, 0, 255).astype(np.uint8)


def _cracks(sheet: NDArray[np.float32], random: np.random.Generator) -> None:
    for _ in range(22):
        way = np.cumsum(random.normal(0, 1, 2) * 4 + random.normal(0, 9, (40, 2)), axis=0)
        path = (way + random.uniform(0, sheet.shape[0], 2)).astype(np.int32)
        cv2.polylines(sheet, [path], isClosed=False, color=(62, 62, 62), thickness=int(random.integers(1, 4)))


@lru_cache(maxsize=1)
def grain() -> Sheet:
    """Small stones, three metres square, to be repeated; 128 leaves things as they are."""
    random = np.random.default_rng(5)
    sheet = 128 + random.normal(0, 34, (1024, 1024)).astype(np.float32)
    sheet += cv2.resize(random.normal(0, 14, (256, 256)).astype(np.float32), (1024, 1024))
    return np.clip(cv2.GaussianBlur(sheet, (0, 0), 0.8), 60, 200).astype(np.uint8)
