"""Marks on a photo that people read: numbered findings, crops of them, and many photos on one sheet."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import Rejected
from cv.found import Box
from cv.marks import Mark, MarkState
from cv.reading import colour_image

Picture = NDArray[np.uint8]


COLOURS = {
    MarkState.PROPOSED: (0, 165, 255),
    MarkState.NEW: (48, 48, 235),
    MarkState.KNOWN: (220, 140, 40),
    MarkState.NEGATIVE: (150, 150, 150),
}
"""Blue, green, red."""


def draw_overlay(photo: bytes, marks: Sequence[Mark]) -> bytes:
    """The photo with every mark on it, as JPEG."""
    return encoded(marked(colour_image(photo), marks))


def crop(photo: bytes, box: Box, margin: float = 0.35, *, min_px: int = 320) -> bytes:
    """The box with a margin (a share of its longer side) around it, as JPEG; a small one is enlarged."""
    picture = colour_image(photo)
    height, width = picture.shape[:2]
    room = margin * max(box.width * width, box.height * height)
    left, top = max(0, round(box.left * width - room)), max(0, round(box.top * height - room))
    right, bottom = min(width, round(box.right * width + room)), min(height, round(box.bottom * height + room))
    if right - left < 1 or bottom - top < 1:
        raise Rejected("the box lies outside the photo")
    part = picture[top:bottom, left:right]
    larger = min_px / max(part.shape[:2])
    if larger > 1:
        part = cv2.resize(part, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
    return encoded(part)


def contact_sheet(photos: Sequence[bytes], *, columns: int = 4, width: int = 1600) -> bytes:
    """Photos in rows on white, each whole, as JPEG."""
    if not photos:
        raise Rejected("no photos for a sheet")
    columns = min(columns, len(photos))
    gap = max(4, width // 200)
    cell = (width - gap * (columns + 1)) // columns
    high = cell * 3 // 4
    rows = -(-len(photos) // columns)
    sheet = np.full((rows * (high + gap) + gap, width, 3), 255, np.uint8)
    for number, photo in enumerate(photos):
        small = _fitted(colour_image(photo), cell, high)
        top = gap + number // columns * (high + gap) + (high - small.shape[0]) // 2
        left = gap + number % columns * (cell + gap) + (cell - small.shape[1]) // 2
        sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
    return encoded(sheet)


def marked(picture: Picture, marks: Sequence[Mark]) -> Picture:
    """A copy with the marks; outlines first, so that no outline crosses a number."""
    drawn = picture.copy()
    height, width = drawn.shape[:2]
    line = max(2, round(max(height, width) / 500))
    outlines = [outline_of(mark, width, height) for mark in marks]
    for mark, outline in zip(marks, outlines, strict=True):
        stroke(drawn, outline, COLOURS[mark.state], line)
    taken = [cv2.boundingRect(outline) for outline in outlines]
    for mark, outline in zip(marks, outlines, strict=True):
        taken.append(_badge(drawn, mark, outline, taken))
    return drawn


def stroke(
    picture: Picture, points: NDArray[np.int32], colour: tuple[int, int, int], line: int, *, is_closed: bool = True
) -> None:
    """A line through the points that is seen on any background: its colour on white on black."""
    for ink, thickness in (((20, 20, 20), line * 3), ((255, 255, 255), line * 2), (colour, line)):
        cv2.polylines(picture, [points], isClosed=is_closed, color=ink, thickness=thickness, lineType=cv2.LINE_AA)


def encoded(picture: NDArray[np.uint8] | cv2.typing.MatLike, *, quality: int = 90) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _fitted(picture: Picture, width: int, height: int) -> cv2.typing.MatLike:
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def outline_of(mark: Mark, width: int, height: int) -> NDArray[np.int32]:
    """Pixels of the outline. A box keeps a little distance, so that its line does not cover the damage."""
    if len(mark.polygon) >= 3:
        corners = np.array([(p.x * width, p.y * height) for p in mark.polygon])
    else:
        box, room = mark.box, max(width, height) / 200
        left, right = box.left * width - room, box.right * width + room
        top, bottom = box.top * height - room, box.bottom * height + room
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    return np.round(np.clip(corners, 0, [width - 1, height - 1])).astype(np.int32)


Rectangle = tuple[int, int, int, int] | Sequence[int]


def _badge(
    picture: Picture, mark: Mark, outline: NDArray[np.int32], taken: Sequence[Rectangle]
) -> tuple[int, int, int, int]:
    """The number in a coloured plate beside the mark, where it covers the least of all marks and plates."""
    height, width = picture.shape[:2]
    size = max(height, width) / 1600
    scale, thick = max(0.45, 1.15 * size), max(1, round(2.6 * size))
    text = str(mark.number)
    (text_width, text_height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    pad = round(text_height * 0.5)
    wide, high = max(text_width + 2 * pad, text_height + 2 * pad), text_height + 2 * pad
    x, y, box_width, box_height = cv2.boundingRect(outline)
    gap = max(3, round(8 * size))
    places = [
        (across, down)
        for down in (y - high - gap, y + box_height + gap, y, y + box_height - high)
        for across in (x, x + box_width - wide, x - wide - gap, x + box_width + gap)
    ]
    inside = [(min(max(a, 0), width - wide), min(max(d, 0), height - high)) for a, d in places]
    left, top = min(inside, key=lambda place: sum(_covered((*place, wide, high), other) for other in taken))
    corner, far = (left, top), (left + wide, top + high)
    cv2.rectangle(picture, corner, far, COLOURS[mark.state], -1)
    cv2.rectangle(picture, corner, far, (255, 255, 255), max(1, thick // 2 + 1))
    start = (left + (wide - text_width) // 2, top + pad + text_height)
    cv2.putText(picture, text, start, cv2.FONT_HERSHEY_SIMPLEX, scale, (20, 20, 20), thick + 3, cv2.LINE_AA)
    cv2.putText(picture, text, start, cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 255, 255), thick, cv2.LINE_AA)
    return left, top, wide, high


def _covered(one: Rectangle, other: Rectangle) -> int:
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, width) * max(0, height)
