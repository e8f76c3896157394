"""The picture of a finding: the whole photo with the place framed, and the place enlarged beside it."""

import numpy as np
import pytest

from core.errors import Broken, Rejected
from cv.detail import COLOUR, GAP, LONG_SIDE, detail_picture
from cv.found import Box, Point
from cv.overlay import encoded
from cv.reading import colour_image

BLUE, GREEN = (200, 60, 30), (40, 190, 40)
"""As OpenCV counts: blue, green, red."""


def photo(width: int, height: int, box: Box) -> bytes:
    """A blue photo with a green place on it."""
    picture = np.full((height, width, 3), BLUE, np.uint8)
    rows = slice(round(box.top * height), round(box.bottom * height))
    picture[rows, round(box.left * width) : round(box.right * width)] = GREEN
    return encoded(picture)


def is_like(picture, colour):
    return (np.abs(picture.astype(int) - colour) < 30).all(axis=2)


SMALL = Box(0.70, 0.50, 0.74, 0.54)


def halves_of(drawn):
    """The whole photo and the enlarged place."""
    height, width = drawn.shape[:2]
    if height > width:
        return drawn[: (height - GAP) // 2], drawn[-((height - GAP) // 2) :]
    return drawn[:, : (width - GAP) // 2], drawn[:, -((width - GAP) // 2) :]


@pytest.mark.parametrize(("width", "height"), [(2000, 1500), (1500, 2000)])
def test_the_whole_photo_and_the_enlarged_place_are_of_one_size(width, height):
    drawn = colour_image(detail_picture(photo(width, height, SMALL), SMALL))
    whole, near = halves_of(drawn)
    assert max(whole.shape) == LONG_SIDE
    assert whole.shape == near.shape
    assert abs(whole.shape[1] / whole.shape[0] - width / height) < 0.01
    assert is_like(near, GREEN).sum() > 9 * is_like(whole, GREEN).sum()


def test_the_frame_on_the_photo_holds_the_place():
    whole, _ = halves_of(colour_image(detail_picture(photo(2000, 1500, SMALL), SMALL)))
    rows, columns = np.nonzero(is_like(whole, COLOUR))
    middle = 0.72 * whole.shape[1], 0.52 * whole.shape[0]
    assert columns.min() < middle[0] < columns.max()
    assert rows.min() < middle[1] < rows.max()
    assert columns.max() - columns.min() > 0.15 * whole.shape[1]


def test_nothing_covers_the_enlarged_place():
    _, near = halves_of(colour_image(detail_picture(photo(2000, 1500, SMALL), SMALL)))
    rows, columns = np.nonzero(is_like(near, GREEN))
    place = near[rows.min() + 4 : rows.max() - 3, columns.min() + 4 : columns.max() - 3]
    assert is_like(place, GREEN).all()


def test_a_place_in_the_corner_is_enlarged_with_what_there_is_around_it():
    corner = Box(0.0, 0.96, 0.03, 1.0)
    _, near = halves_of(colour_image(detail_picture(photo(2000, 1500, corner), corner)))
    rows, columns = np.nonzero(is_like(near, GREEN))
    assert columns.max() < 0.2 * near.shape[1]
    assert rows.min() > 0.7 * near.shape[0]


def test_an_outline_is_followed_on_the_whole_photo():
    around = Box(0.4, 0.4, 0.6, 0.6)
    triangle = (Point(0.4, 0.6), Point(0.5, 0.4), Point(0.6, 0.6))
    plain = encoded(np.full((1500, 2000, 3), 90, np.uint8))
    boxed, traced = (halves_of(colour_image(detail_picture(plain, around, shape)))[0] for shape in ((), triangle))
    corner = slice(round(0.38 * 960), round(0.42 * 960)), slice(round(0.38 * 1280), round(0.42 * 1280))
    assert np.ptp(boxed[corner]) > 100
    assert np.ptp(traced[corner]) < 20


def test_of_damage_that_fills_the_photo_there_is_only_the_photo():
    large = Box(0.1, 0.2, 0.9, 0.8)
    drawn = colour_image(detail_picture(photo(2000, 1500, large), large))
    assert drawn.shape == (960, 1280, 3)


def test_what_was_not_opened_first_is_told_as_our_own_mistake():
    with pytest.raises(Broken):
        detail_picture(b"%PDF-1.4", SMALL)


def test_a_place_outside_the_photo_is_refused():
    with pytest.raises(Rejected):
        detail_picture(photo(400, 300, SMALL), Box(1.5, 0.1, 1.6, 0.2))
