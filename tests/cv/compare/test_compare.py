"""Before and after on drawn cars: old damage is found again, new damage is new, what cannot be lined up is said."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import Broken
from core.inspection.damage import DamageKind, Part
from core.inspection.views import Viewpoint
from cv.compare.appearance import Looks
from cv.compare.comparison import Why
from cv.compare.matching import compare
from cv.compare.pairs import pair_picture
from cv.compare.registration import carried, features_of, is_believable, register
from cv.drawn.car import Shot, draw_car
from cv.drawn.harm import DrawnDamage
from cv.drawn.lens import as_jpeg
from cv.drawn.skin import CarLook
from cv.found import Box, Found
from cv.marks import Mark
from cv.overlay import encoded
from cv.reading import colour_image
from tests.cv.pictures import wider, with_another_picture

OLD = DrawnDamage(DamageKind.SCRATCH, Part.REAR_LEFT_DOOR, 0.3, 2)
NEW = DrawnDamage(DamageKind.DENT, Part.FRONT_LEFT_DOOR, 0.28, 1)
LOOK = CarLook()
WIDTH = 800


@pytest.fixture(scope="module")
def before():
    return draw_car(LOOK, Shot(Viewpoint.LEFT, seed=1, width=WIDTH), [OLD])


@pytest.fixture(scope="module")
def after():
    return draw_car(LOOK, Shot(Viewpoint.LEFT, seed=2, width=WIDTH), [OLD, NEW])


@pytest.fixture(scope="module")
def other_side():
    return draw_car(LOOK, Shot(Viewpoint.REAR, seed=3, width=WIDTH))


def found(photo):
    return [mark.as_found() for mark in photo.marks]


def test_a_known_scratch_is_found_again_and_the_dent_is_new(before, after):
    seen = compare(before.jpeg, after.jpeg, found(before), found(after))
    assert seen.registered
    assert seen.matches == ((0, 0),)
    assert seen.new == (1,)
    assert seen.unsure == ()


def test_boxes_without_polygons_are_compared_too(before, after):
    boxes = [replace(one, polygon=()) for one in found(after)]
    seen = compare(before.jpeg, after.jpeg, found(before), boxes)
    assert (seen.matches, seen.new) == (((0, 0),), (1,))


def around(one: Found) -> Found:
    return replace(one, polygon=(), box=wider(one.box))


def test_what_looks_otherwise_where_old_damage_should_be_is_for_a_person(before, after):
    """The place says known, the looks say no: a broken panel must not hide behind the scratch that was there."""
    known, now = [around(found(before)[0])], [around(found(after)[0])]
    as_it_was = compare(before.jpeg, after.jpeg, known, now)
    assert (as_it_was.matches, as_it_was.unsure) == (((0, 0),), ())
    seen = compare(before.jpeg, with_another_picture(after.bgr, now[0].box), known, now)
    assert (seen.matches, seen.new, seen.unsure, seen.changed, seen.gone) == ((), (), (0,), (0,), ())


def test_a_place_resembles_itself_and_not_its_opposite(before, after):
    first, second = features_of(before.jpeg), features_of(after.jpeg)
    looks = Looks(first, second, register(first, second))
    opposite = Looks(replace(first, grey=255 - first.grey), second, looks.registration)
    place = corners(around(found(after)[0]).box) * looks.registration.after_size
    assert looks.likeness(place) == pytest.approx(0.95, abs=0.05)
    assert opposite.likeness(place) == pytest.approx(0, abs=0.3)


def corners(box: Box) -> NDArray[np.float64]:
    return np.array([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)])


def test_a_place_that_one_photo_does_not_show_has_no_likeness(before, after):
    first, second = features_of(before.jpeg), features_of(after.jpeg)
    looks = Looks(first, second, register(first, second))
    assert looks.likeness(corners(Box(-60, -60, -20, -20))) is None


def test_two_findings_on_one_known_scratch_are_both_known(before, after):
    whole = found(after)[0]
    middle = (whole.box.left + whole.box.right) / 2
    halves = [
        replace(whole, polygon=(), box=replace(whole.box, right=middle)),
        replace(whole, polygon=(), box=replace(whole.box, left=middle)),
    ]
    assert compare(before.jpeg, after.jpeg, found(before), halves).matches == ((0, 0), (0, 1))


def test_a_known_damage_that_is_not_found_any_more_is_told(before, after):
    assert compare(before.jpeg, after.jpeg, found(before), found(after)[1:]).gone == (0,)


def test_photos_of_different_sides_leave_everything_unsure(before, other_side):
    anything = Found(DamageKind.DENT, 0.9, Box(0.4, 0.4, 0.5, 0.5), (), "dent")
    seen = compare(before.jpeg, other_side.jpeg, found(before), [anything])
    assert not seen.registered
    assert (seen.matches, seen.new, seen.unsure) == ((), (), (0,))
    assert seen.why in {Why.TOO_FEW_MATCHES, Why.DEGENERATE}


def test_a_photo_of_nothing_is_refused(before):
    seen = compare(before.jpeg, as_jpeg(np.full((600, 800, 3), 128, np.uint8)), found(before), [])
    assert seen.why is Why.TOO_FEW_FEATURES


def test_what_was_not_opened_first_is_told_as_our_own_mistake(before):
    with pytest.raises(Broken):
        compare(before.jpeg, b"not a photo", [], [])


def test_a_finding_outside_the_old_photo_is_unsure(before, after):
    height, width = before.bgr.shape[:2]
    right_half = as_jpeg(np.ascontiguousarray(before.bgr[: height * 9 // 10, width // 2 :]))
    seen = compare(right_half, after.jpeg, [], found(after)[1:])
    assert seen.registered
    assert seen.unsure == (0,)


def test_planes_carry_points_of_the_door_to_the_same_door(before, after):
    registration = register(features_of(before.jpeg), features_of(after.jpeg))
    here, there = (photo.marks[0].box for photo in (before, after))
    centre = np.array([[(here.left + here.right) / 2, (here.top + here.bottom) / 2]]) * registration.before_size
    plane, support = registration.plane_at(centre)
    moved = carried(centre, plane.forward)[0] / registration.after_size
    assert support > 1.5
    assert np.allclose(moved, [(there.left + there.right) / 2, (there.top + there.bottom) / 2], atol=0.01)


@pytest.mark.parametrize(
    "matrix",
    [np.diag([-1.0, 1.0, 1.0]), np.diag([0.05, 0.05, 1.0]), np.array([[1.0, 0, 0], [0, 1, 0], [-0.02, 0, 1]])],
    ids=["mirrored", "shrunk", "folded"],
)
def test_a_homography_that_no_camera_makes_is_not_believed(matrix):
    spread = np.random.default_rng(1).uniform(0, 800, (60, 2))
    assert is_believable(np.eye(3), (800, 600), spread)
    assert not is_believable(matrix, (800, 600), spread)


def test_features_in_one_line_hold_no_plane():
    line = np.column_stack([np.linspace(0, 800, 50), np.full(50, 300.0)])
    assert not is_believable(np.eye(3), (800, 600), line)


def test_a_pair_is_shown_at_one_scale_with_the_hint_on_the_dent(before, after):
    dent = after.marks[1]
    plain = colour_image(pair_picture(before.jpeg, after.jpeg))
    hinted = colour_image(
        pair_picture(before.jpeg, after.jpeg, found=[Mark(1, dent.box)], with_hint=True, car=dent.box)
    )
    assert plain.shape == hinted.shape
    width, height = WIDTH, WIDTH * 3 // 4
    assert plain.shape[:2] == (2 * height + 12, width)
    x = round((dent.box.left + dent.box.right) / 2 * width)
    y = round(height + 12 + (dent.box.top + dent.box.bottom) / 2 * height)
    around = (slice(y - 12, y + 12), slice(x - 12, x + 12))
    assert (hinted[around].astype(int)[..., 1] - plain[around][..., 1] > 25).sum() > 5


def test_a_pair_that_cannot_be_lined_up_is_shown_as_it_is(before, other_side):
    shown = colour_image(pair_picture(before.jpeg, other_side.jpeg))
    assert shown.shape[:2] == (2 * (WIDTH * 3 // 4) + 12, WIDTH)


def test_tall_photos_stand_side_by_side(before, after):
    tall = [encoded(np.rot90(colour_image(shot.jpeg)).copy()) for shot in (before, after)]
    shown = colour_image(pair_picture(*tall))
    assert shown.shape[:2] == (WIDTH, 2 * (WIDTH * 3 // 4) + 12)
