"""The picture of one finding: where on the car it is, and what it looks like from near, for the person who decides."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import Rejected
from cv.found import Box, Point
from cv.marks import Mark, MarkState
from cv.overlay import COLOURS, Picture, encoded, outline_of, stroke
from cv.reading import colour_image

LONG_SIDE = 1280
"""Of either half; messengers make larger ones smaller."""
CONTEXT = 0.8
"""Room on each side of the damage, as a share of its longer side: the panel it is on is to be recognised."""
LEAST_PX = 400
"""Of the photo's longer side: what is enlarged further shows its pixels instead of the damage."""
MOST = 0.75
"""Of the photo: a larger part shows nothing that the whole does not."""
GAP = 12
COLOUR = COLOURS[MarkState.PROPOSED]


def detail_picture(photo: bytes, box: Box, polygon: Sequence[Point] = ()) -> bytes:
    """JPEG: the whole photo with the place framed on it, and below it (beside it, if tall) what the frame holds.

    Nothing is written on it: words stand in the caption. Of damage that fills the photo there is only the whole.
    """
    whole = colour_image(photo)
    if box.overlap(Box(0.0, 0.0, 1.0, 1.0)) <= 0:
        raise Rejected("the box lies outside the photo")
    frame = frame_around(box, whole.shape[1], whole.shape[0])
    outline = Mark(0, box, tuple(polygon))
    if frame.width > MOST:
        return encoded(_bracketed(_sized(whole), box))
    near = _edged(_bracketed(_sized(_cut(whole, frame)), _within(box, frame)))
    return encoded(_joined(_placed(_sized(whole), outline, frame), near))


def frame_around(box: Box, width: int, height: int) -> Box:
    """What is enlarged: the box with room around it, of the photo's own shape, inside the photo."""
    longer = max(box.width * width, box.height * height)
    room = 2 * CONTEXT * longer
    share = min(1.0, max(box.width + room / width, box.height + room / height, LEAST_PX / max(width, height)))
    left = min(max((box.left + box.right - share) / 2, 0.0), 1.0 - share)
    top = min(max((box.top + box.bottom - share) / 2, 0.0), 1.0 - share)
    return Box(left, top, left + share, top + share)


def _placed(whole: Picture, mark: Mark, frame: Box) -> Picture:
    """The outline of the damage in a frame that is found at once, however small the damage is."""
    height, width = whole.shape[:2]
    stroke(whole, outline_of(mark, width, height), COLOUR, 1)
    stroke(whole, outline_of(Mark(0, frame), width, height), COLOUR, 3)
    return whole


def _bracketed(picture: Picture, box: Box) -> Picture:
    """Four corners around the box: they show what is meant, and cover none of it."""
    height, width = picture.shape[:2]
    corners = outline_of(Mark(0, box), width, height)
    (left, top), _, (right, bottom), _ = corners
    arm = round(max(14, 0.2 * min(right - left, bottom - top)))
    for (x, y), (along, down) in zip(corners, ((1, 1), (-1, 1), (-1, -1), (1, -1)), strict=True):
        angle = np.array([(x + along * arm, y), (x, y), (x, y + down * arm)], np.int32)
        stroke(picture, angle, COLOUR, 3, is_closed=False)
    return picture


def _edged(picture: Picture) -> Picture:
    """In the colour of the frame, so that the eye sees which is the enlarged one."""
    height, width = picture.shape[:2]
    cv2.rectangle(picture, (0, 0), (width - 1, height - 1), COLOUR, 12)
    return picture


def _cut(whole: Picture, frame: Box) -> Picture:
    height, width = whole.shape[:2]
    rows = slice(round(frame.top * height), round(frame.bottom * height))
    return whole[rows, round(frame.left * width) : round(frame.right * width)]


def _within(box: Box, frame: Box) -> Box:
    """The box as a part of the frame."""
    return Box(
        (box.left - frame.left) / frame.width,
        (box.top - frame.top) / frame.height,
        (box.right - frame.left) / frame.width,
        (box.bottom - frame.top) / frame.height,
    )


def _sized(picture: Picture) -> Picture:
    scale = LONG_SIDE / max(picture.shape[:2])
    manner = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=manner).astype(np.uint8)


def _joined(whole: Picture, near: Picture) -> NDArray[np.uint8]:
    """Each as large as the screen of a phone lets it be."""
    height, width = whole.shape[:2]
    near = cv2.resize(near, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
    if width > height:
        return np.vstack([whole, np.full((GAP, width, 3), 255, np.uint8), near])
    return np.hstack([whole, np.full((height, GAP, 3), 255, np.uint8), near])
