"""A flat sheet in metres on which the skin of a solid is painted: colour, body paint, gloss, relief, damage."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.drawn.camera import Floats

Colour = tuple[int, int, int]
"""Red, green, blue as on a screen, 0..255."""
Place = tuple[float, float]
"""(u, v) in metres; v goes up."""

Mask = tuple[Floats, tuple[slice, slice]]
"""Shares 0..1, and the part of the sheet they lie on."""

_SHIFT = 4


def linear(colour: Colour) -> Floats:
    """Blue, green, red as light, 0..1."""
    return (np.asarray(colour[::-1], np.float32) / 255) ** 2.2


@dataclass(frozen=True)
class Ink:
    """What a stroke leaves: a colour (None keeps what is there), its share of body paint, gloss, relief in metres."""

    colour: Colour | None = None
    paint: float | None = None
    gloss: float | None = None
    relief: float = 0.0
    strength: float = 1.0


@dataclass(frozen=True)
class Panel:
    """``window`` is (left, bottom, right, top) in metres, ``scale`` pixels per metre."""

    window: tuple[float, float, float, float]
    scale: float
    axes: tuple[int, int]
    """Which coordinates of the solid's own space are u and v."""
    light: Floats = field(init=False)
    """Blue, green, red, share of paint."""
    gloss: Floats = field(init=False)
    relief: Floats = field(init=False)
    damage: NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        left, bottom, right, top = self.window
        shape = (round((top - bottom) * self.scale) + 1, round((right - left) * self.scale) + 1)
        light = np.zeros((*shape, 4), np.float32)
        light[..., 3] = 1
        for name, value in (
            ("light", light),
            ("gloss", np.full(shape, 1.0, np.float32)),
            ("relief", np.zeros(shape, np.float32)),
            ("damage", np.zeros(shape, np.uint8)),
        ):
            object.__setattr__(self, name, value)

    def copy(self) -> "Panel":
        twin = Panel(self.window, self.scale, self.axes)
        for name in ("light", "gloss", "relief", "damage"):
            getattr(twin, name)[...] = getattr(self, name)
        return twin

    def pixels(self, places: Sequence[Place] | Floats) -> Floats:
        """Metres to (column, row)."""
        left, _, _, top = self.window
        flat = np.asarray(places, np.float32).reshape(-1, 2)
        return np.stack([(flat[:, 0] - left) * self.scale, (top - flat[:, 1]) * self.scale], axis=1)

    # Strokes.

    def area(self, outline: Sequence[Place] | Floats, ink: Ink, *, soft: float = 0.0, mark: int = 0) -> None:
        """Fills an outline. ``soft`` blurs its edge by so many metres; ``mark`` numbers it as damage."""
        self.put(self.mask(np.asarray(outline, np.float32), soft=soft), ink, mark=mark)

    def line(
        self, path: Sequence[Place] | Floats, width: float, ink: Ink, *, closed: bool = False, mark: int = 0
    ) -> None:
        """A stroke of so many metres; thinner than a pixel it grows faint instead of vanishing."""
        wide = width * self.scale
        pixels = self.pixels(path)
        mask, part = self._blank(pixels, wide + 3)
        if mask.size:
            corners = _fixed(pixels, part)
            cv2.polylines(mask, [corners], closed, 255, max(1, round(wide)), cv2.LINE_AA, _SHIFT)
            self.put((mask.astype(np.float32) / 255, part), ink, strength=min(1.0, wide), mark=mark)

    def disc(self, centre: Place, radius: float, ink: Ink, *, soft: float = 0.0, mark: int = 0) -> None:
        self.area(circle(centre, radius), ink, soft=soft, mark=mark)

    def groove(self, path: Sequence[Place] | Floats, *, width: float = 0.005, closed: bool = False) -> None:
        """The gap between two parts: dark in the middle, its edges catch the light."""
        self.line(path, width * 2.6, Ink(relief=-0.002), closed=closed)
        self.line(path, width, Ink((12, 12, 14), paint=0.0, gloss=0.1), closed=closed)

    def picture(self, bgr: NDArray[np.uint8], box: tuple[float, float, float, float], *, gloss: float = 0.5) -> None:
        """A picture fitted into (left, bottom, right, top)."""
        left, bottom, right, top = box
        (x0, y0), (x1, y1) = np.round(self.pixels([(left, top), (right, bottom)])).astype(int)
        width, height = max(1, x1 - x0), max(1, y1 - y0)
        small = cv2.resize(bgr, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        rows, columns = self.gloss.shape
        top_row, left_column = max(0, y0), max(0, x0)
        part = (slice(top_row, min(rows, y0 + height)), slice(left_column, min(columns, x0 + width)))
        if part[0].stop <= part[0].start or part[1].stop <= part[1].start:
            return
        cut = small[part[0].start - y0 : part[0].stop - y0, part[1].start - x0 : part[1].stop - x0]
        self.light[part][..., :3] = cut**2.2
        self.light[part][..., 3] = 0
        self.gloss[part] = gloss

    # Masks.

    def mask(self, outline: Floats, *, soft: float = 0.0) -> Mask:
        """A filled outline (0..1) and the part of the sheet in which it lies."""
        blur = soft * self.scale
        pixels = self.pixels(outline)
        mask, part = self._blank(pixels, 3 * blur + 3)
        if not mask.size:
            return mask.astype(np.float32), part
        cv2.fillPoly(mask, [_fixed(pixels, part)], 255, cv2.LINE_AA, _SHIFT)
        shares = mask.astype(np.float32) / 255
        return (cv2.GaussianBlur(shares, (0, 0), blur) if blur > 0.4 else shares), part

    def _blank(self, pixels: Floats, margin: float) -> tuple[NDArray[np.uint8], tuple[slice, slice]]:
        part = self._around(pixels, margin)
        shape = (max(0, part[0].stop - part[0].start), max(0, part[1].stop - part[1].start))
        return np.zeros(shape, np.uint8), part

    def _around(self, pixels: Floats, margin: float) -> tuple[slice, slice]:
        rows, columns = self.gloss.shape
        (x0, y0), (x1, y1) = np.floor(pixels.min(axis=0) - margin), np.ceil(pixels.max(axis=0) + margin)
        return (
            slice(int(np.clip(y0, 0, rows)), int(np.clip(y1, 0, rows))),
            slice(int(np.clip(x0, 0, columns)), int(np.clip(x1, 0, columns))),
        )

    def put(
        self,
        mask_and_part: Mask,
        ink: Ink,
        *,
        strength: float = 1.0,
        mark: int = 0,
    ) -> None:
        """Lays ink through a mask."""
        mask, part = mask_and_part
        if not mask.size:
            return
        share = mask * np.float32(strength * ink.strength)
        if ink.colour is not None:
            light = self.light[part]
            light[..., :3] += (linear(ink.colour) - light[..., :3]) * share[..., None]
        if ink.paint is not None:
            self.light[part][..., 3] += (ink.paint - self.light[part][..., 3]) * share
        if ink.gloss is not None:
            self.gloss[part] += (ink.gloss - self.gloss[part]) * share
        if ink.relief:
            self.relief[part] += ink.relief * share
        if mark:
            self.damage[part][mask > 0.25] = mark

    # What the shading asks for.

    @cached_property
    def slopes(self) -> Floats:
        """Gloss and the slopes of the relief along u and v."""
        kernel = self.scale / 8
        along = cv2.Sobel(self.relief, cv2.CV_32F, 1, 0) * kernel
        down = cv2.Sobel(self.relief, cv2.CV_32F, 0, 1) * kernel
        return cv2.merge([self.gloss, along, -down])

    def look_up(self, local: Floats) -> tuple[Floats, Floats, NDArray[np.uint8]]:
        """(light and paint), (gloss and slopes), damage number at places of the solid's own space."""
        at = self.pixels(local[:, list(self.axes)])
        count = len(at)
        width = 1024
        rows = -(-count // width)
        padded = np.zeros((rows * width, 2), np.float32)
        padded[:count] = at
        grid = padded.reshape(rows, width, 2)

        def sampled(layer: Floats | NDArray[np.uint8], how: int) -> NDArray[np.float32]:
            taken = cv2.remap(layer, grid, None, how, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]  # None is the documented second map
            return taken.reshape(rows * width, -1)[:count]

        return (
            sampled(self.light, cv2.INTER_LINEAR),
            sampled(self.slopes, cv2.INTER_LINEAR),
            sampled(self.damage, cv2.INTER_NEAREST)[:, 0].astype(np.uint8),
        )


def _fixed(pixels: Floats, part: tuple[slice, slice]) -> NDArray[np.int32]:
    """Pixels inside the part, in the fixed point that the drawing functions take."""
    return np.round((pixels - [part[1].start, part[0].start]) * (1 << _SHIFT)).astype(np.int32)


def circle(centre: Place, radius: float, *, start: float = 0.0, end: float = 360.0, steps: int = 72) -> Floats:
    turn = np.radians(np.linspace(start, end, steps, dtype=np.float32))
    return np.stack([centre[0] + radius * np.cos(turn), centre[1] + radius * np.sin(turn)], axis=1)


def rounded(box: tuple[float, float, float, float], radius: float) -> Floats:
    """(left, bottom, right, top) with round corners."""
    left, bottom, right, top = box
    corners = (
        ((right - radius, top - radius), 0),
        ((left + radius, top - radius), 90),
        ((left + radius, bottom + radius), 180),
        ((right - radius, bottom + radius), 270),
    )
    return np.concatenate([circle(c, radius, start=a, end=a + 90, steps=10) for c, a in corners])


def curve(points: Sequence[Place], *, steps: int = 12) -> Floats:
    """A smooth line through points (Catmull-Rom)."""
    p = np.asarray([points[0], *points, points[-1]], np.float32)
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[:, None]
    parts = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*parts, p[-1:]])
