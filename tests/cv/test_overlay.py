"""Marks on photos: seen on any background, numbers beside the damage, crops and sheets of the asked size."""

import cv2
import numpy as np
import pytest

from core.errors import Broken, Rejected
from cv.found import Box, Point
from cv.marks import Mark, MarkState
from cv.overlay import COLOURS, contact_sheet, crop, draw_overlay, encoded, marked
from cv.reading import colour_image


def plain(tone, size=(600, 800)):
    return np.full((*size, 3), tone, np.uint8)


BOX = Box(0.4, 0.4, 0.6, 0.6)


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_mark_stands_out_on_any_background(tone):
    drawn = marked(plain(tone), [Mark(1, BOX)])
    changed = np.abs(drawn.astype(int) - tone).max(axis=2) > 60
    assert changed.sum() > 800


def test_the_damage_itself_stays_uncovered():
    drawn = marked(plain(90), [Mark(12, BOX, state=MarkState.NEW)])
    assert (drawn[245:355, 325:475] == 90).all()


@pytest.mark.parametrize("state", list(MarkState))
def test_each_state_has_its_own_colour(state):
    drawn = marked(plain(200), [Mark(1, BOX, state=state)])
    assert (drawn == np.array(COLOURS[state])).all(axis=2).sum() > 200


def test_a_polygon_is_followed_instead_of_its_box():
    triangle = (Point(0.4, 0.4), Point(0.6, 0.4), Point(0.5, 0.6))
    drawn = marked(plain(90), [Mark(1, BOX, triangle)])
    assert (drawn[355, 322] == 90).all()


def test_numbers_of_neighbours_do_not_cover_each_other():
    left, right = Mark(1, Box(0.40, 0.4, 0.45, 0.5)), Mark(2, Box(0.5, 0.4, 0.55, 0.5))
    together = marked(plain(255), [left, right])
    plate = np.array(COLOURS[MarkState.PROPOSED])
    alone = (marked(plain(255), [left]) == plate).all(axis=2).sum()
    assert (together == plate).all(axis=2).sum() > 1.85 * alone


def test_a_mark_at_the_edge_keeps_its_number_inside_the_photo():
    drawn = marked(plain(255), [Mark(3, Box(0.0, 0.0, 0.02, 0.02))])
    assert (drawn == np.array(COLOURS[MarkState.PROPOSED])).all(axis=2).sum() > 100


def test_a_crop_shows_the_box_with_room_around_it():
    photo = plain(0)
    photo[240:360, 320:480] = 255
    part = colour_image(crop(encoded(photo), BOX, 0.25))
    assert part.shape[1] >= 320
    middle = part[part.shape[0] // 2, part.shape[1] // 2]
    assert middle.min() > 240
    assert part[2, 2].max() < 20


def test_a_crop_outside_the_photo_is_refused():
    with pytest.raises(Rejected):
        crop(encoded(plain(9)), Box(1.5, 0.1, 1.6, 0.2), 0.0)


def test_what_was_not_opened_first_is_told_as_our_own_mistake():
    with pytest.raises(Broken):
        draw_overlay(b"%PDF-1.4", [])


def test_a_sheet_holds_every_photo_whole():
    photos = [encoded(plain(tone)) for tone in (10, 90, 170)] + [encoded(plain(230, (800, 300)))]
    sheet = colour_image(contact_sheet(photos, columns=2, width=600))
    assert sheet.shape[1] == 600
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY)
    assert all(((grey > tone - 6) & (grey < tone + 6)).sum() > 9000 for tone in (10, 90, 170, 230))
