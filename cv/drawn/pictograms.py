"""Line drawings that are made by hand: the plan view with its arrow, instruments, document, close-up, fluids."""

from collections.abc import Callable

import cv2
import numpy as np

from core.inspection.views import Viewpoint
from cv.drawn.lens import Picture

PAGE = (238, 238, 238)
FILL = (255, 255, 255)
ACCENT = (190, 222, 255)
INK = (74, 54, 38)
ARROW = (36, 110, 232)
_FINE = 3


def _page() -> Picture:
    picture = np.empty((480 * _FINE, 640 * _FINE, 3), np.uint8)
    picture[:] = PAGE
    return picture


def _made_small(picture: Picture) -> Picture:
    return cv2.resize(picture, (640, 480), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _box(
    picture: Picture, box: tuple[int, int, int, int], fill: tuple[int, int, int], *, line: int = 3, radius: int = 18
) -> None:
    """A rectangle with round corners: (left, top, right, bottom) on the 640 x 480 page."""
    left, top, right, bottom = (v * _FINE for v in box)
    r = radius * _FINE
    for colour, inset in ((INK, 0), (fill, line * _FINE)):
        a, b, c, d, e = left + inset, top + inset, right - inset, bottom - inset, max(1, r - inset)
        cv2.rectangle(picture, (a + e, b), (c - e, d), colour, -1)
        cv2.rectangle(picture, (a, b + e), (c, d - e), colour, -1)
        for x in (a + e, c - e):
            for y in (b + e, d - e):
                cv2.circle(picture, (x, y), e, colour, -1, cv2.LINE_AA)


def _line(picture: Picture, *points: tuple[float, float], width: int = 3, colour: tuple[int, int, int] = INK) -> None:
    corners = np.round(np.asarray(points) * _FINE).astype(np.int32)
    cv2.polylines(picture, [corners], isClosed=False, color=colour, thickness=width * _FINE, lineType=cv2.LINE_AA)


def _ring(picture: Picture, centre: tuple[int, int], radius: int, fill: tuple[int, int, int], *, line: int = 3) -> None:
    place = (centre[0] * _FINE, centre[1] * _FINE)
    cv2.circle(picture, place, radius * _FINE, INK, -1, cv2.LINE_AA)
    cv2.circle(picture, place, (radius - line) * _FINE, fill, -1, cv2.LINE_AA)


def plan_view(picture: Picture, *, turn: float) -> None:
    """A small car from above in the corner, nose up, and an arrow from where to stand."""
    side, fine = 118, 4
    tile = np.empty((side * fine, side * fine, 3), np.uint8)
    tile[:] = PAGE
    middle = np.array([side / 2, side / 2])
    angle = np.radians(np.linspace(0, 360, 80))
    shape = np.stack([15 * _soft(np.cos(angle)), 30 * _soft(np.sin(angle))], axis=1)
    hull = np.round((middle + shape) * fine).astype(np.int32)
    cv2.fillPoly(tile, [hull], FILL)
    cv2.polylines(tile, [hull], isClosed=True, color=INK, thickness=2 * fine, lineType=cv2.LINE_AA)
    for y0, y1, inset in ((-12, -5, 1), (17, 22, 2)):
        glass = middle + np.array([(-11 + inset, y0), (11 - inset, y0), (9 - inset, y1), (-9 + inset, y1)])
        cv2.fillPoly(tile, [np.round(glass * fine).astype(np.int32)], INK)
    # Turn 0 is the nose, which points up; the driver's left is on the left.
    away = np.radians(turn)
    towards = np.array([-np.sin(away), -np.cos(away)])
    reach = 1 / max(abs(towards[0]) / 22, abs(towards[1]) / 37)
    start, end = middle + towards * min(reach + 20, 57), middle + towards * reach
    tail, head = (tuple(np.round(p * fine).astype(int).tolist()) for p in (start, end))
    cv2.arrowedLine(tile, tail, head, ARROW, 5 * fine, cv2.LINE_AA, tipLength=0.55)
    small = cv2.resize(tile, (side, side), interpolation=cv2.INTER_AREA)
    picture[480 - side - 6 : 474, 640 - side - 6 : 634] = small


def _soft(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.abs(values) ** 0.45


def _dashboard() -> Picture:
    picture = _page()
    _box(picture, (50, 90, 590, 390), FILL, radius=90)
    for x in (185, 455):
        _ring(picture, (x, 235), 108, FILL)
        _dial(picture, (x, 235), 108)
    _box(picture, (272, 150, 368, 320), ACCENT, radius=12)
    for y, width in ((200, 32), (235, 26), (270, 32)):
        _line(picture, (320 - width, y), (320 + width, y), width=5)
    return _made_small(picture)


def _dial(picture: Picture, centre: tuple[int, int], radius: int, *, start: float = 135, sweep: float = 270) -> None:
    for step in range(11):
        turn = np.radians(start + sweep * step / 10)
        way = np.array([np.cos(turn), np.sin(turn)])
        _line(picture, tuple(centre + way * (radius - 24)), tuple(centre + way * (radius - 10)))
    turn = np.radians(start + sweep * 0.35)
    way = np.array([np.cos(turn), np.sin(turn)])
    _line(picture, centre, tuple(centre + way * (radius - 34)), width=6, colour=ARROW)
    _ring(picture, centre, 13, INK)


def _fuel() -> Picture:
    picture = _page()
    _ring(picture, (320, 265), 190, FILL)
    _ring(picture, (320, 265), 178, ACCENT)
    _dial(picture, (320, 265), 176, start=190, sweep=160)
    _box(picture, (280, 330, 330, 400), FILL, radius=8)
    _box(picture, (288, 340, 322, 364), INK, radius=4)
    _line(picture, (330, 350), (346, 356), (346, 390), (356, 390), (356, 352), (342, 334), width=4)
    _line(picture, (272, 400), (338, 400), width=5)
    return _made_small(picture)


def _document() -> Picture:
    picture = _page()
    _box(picture, (110, 90, 530, 390), FILL, radius=22)
    _box(picture, (134, 114, 506, 160), ACCENT, radius=8)
    for y, right in ((195, 400), (230, 360), (265, 420), (300, 340), (335, 380)):
        _line(picture, (146, y), (right, y), width=5)
    _ring(picture, (460, 325), 34, FILL)
    corners = ((80, 60, 1, 1), (560, 60, -1, 1), (80, 420, 1, -1), (560, 420, -1, -1))
    for x, y, right, down in corners:
        _line(picture, (x + 46 * right, y), (x, y), (x, y + 46 * down), width=7, colour=ARROW)
    return _made_small(picture)


def _close_up() -> Picture:
    picture = _page()
    _line(picture, (40, 120), (330, 96), (600, 120), width=4)
    _line(picture, (150, 118), (140, 300), (170, 440), width=3)
    _line(picture, (470, 108), (480, 300), (450, 440), width=3)
    _line(picture, (60, 440), (580, 440), width=4)
    _box(picture, (180, 160, 250, 182), FILL, radius=10)
    _ring(picture, (340, 270), 112, ACCENT, line=9)
    _line(picture, (420, 350), (500, 440), width=18)
    _line(picture, (280, 290), (330, 268), (360, 276), (402, 244), width=7, colour=ARROW)
    _line(picture, (296, 312), (346, 296), (376, 286), width=4, colour=ARROW)
    return _made_small(picture)


def _fluids() -> Picture:
    """Two reservoirs under the bonnet, the level between their marks."""
    picture = _page()
    _line(picture, (40, 130), (320, 60), (600, 130), width=4)
    for left, right, level in ((110, 280, 290), (360, 530, 260)):
        middle = (left + right) // 2
        _box(picture, (middle - 34, 140, middle + 34, 184), INK, radius=10)
        _box(picture, (left, 178, right, 430), FILL, radius=26)
        _box(picture, (left + 10, level, right - 10, 420), ACCENT, line=0, radius=18)
        for mark in (230, 350):
            _line(picture, (left + 3, mark), (left + 44, mark), width=5, colour=ARROW)
    return _made_small(picture)


DRAWN: dict[Viewpoint, Callable[[], Picture]] = {
    Viewpoint.DASHBOARD: _dashboard,
    Viewpoint.FUEL: _fuel,
    Viewpoint.DOCUMENT: _document,
    Viewpoint.CLOSE_UP: _close_up,
    Viewpoint.FLUIDS: _fluids,
}
