"""Drawn cars: every side, damage at one place of the car in every photo, close-ups, plates, bad photos."""

from datetime import datetime
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from core.errors import Rejected
from core.inspection.damage import DamageKind, Part
from core.inspection.views import EXTERIOR, Viewpoint
from cv.drawn.car import Shot, draw_car
from cv.drawn.document import draw_document
from cv.drawn.harm import ANCHORS, DrawnDamage
from cv.drawn.inside import KitItem, draw_interior, draw_trunk
from cv.drawn.lens import Exif, as_jpeg, blurred, brightened, darkened, opened
from cv.drawn.place import Time
from cv.drawn.skin import CarLook

DENT = DrawnDamage(DamageKind.DENT, Part.FRONT_LEFT_DOOR, 0.28, 1)
LOOK = CarLook()


def draw(viewpoint, damages=(), **options):
    return draw_car(LOOK, Shot(viewpoint, width=480, **options), damages)


@pytest.fixture(scope="module")
def round_about():
    return {viewpoint: draw(viewpoint, [DENT]) for viewpoint in EXTERIOR}


def test_a_dent_in_the_left_door_is_seen_from_the_left_and_from_nowhere_else(round_about):
    seen_from = {viewpoint for viewpoint, photo in round_about.items() if photo.marks}
    assert seen_from == {Viewpoint.LEFT, Viewpoint.FRONT_LEFT, Viewpoint.REAR_LEFT}


def test_the_plate_is_seen_from_the_front_and_the_rear(round_about):
    with_plate = {viewpoint for viewpoint, photo in round_about.items() if photo.plate}
    assert {Viewpoint.FRONT, Viewpoint.REAR} <= with_plate
    assert Viewpoint.LEFT not in with_plate


def test_only_the_marked_place_differs_from_the_undamaged_car(round_about):
    damaged, whole = round_about[Viewpoint.LEFT], draw(Viewpoint.LEFT)
    rows, columns = np.nonzero(np.abs(damaged.bgr.astype(int) - whole.bgr).max(axis=2) > 12)
    box = damaged.marks[0].box
    assert len(rows) > 30
    assert box.left - 0.03 < columns.min() / 480 < columns.max() / 480 < box.right + 0.03
    assert box.top - 0.03 < rows.min() / 360 < rows.max() / 360 < box.bottom + 0.03


def test_the_same_shot_is_the_same_photo_and_another_seed_moves_the_hand():
    first, again, moved = draw(Viewpoint.REAR), draw(Viewpoint.REAR), draw(Viewpoint.REAR, seed=1)
    assert first.jpeg == again.jpeg
    assert first.plate != moved.plate


@pytest.mark.parametrize("part", list(ANCHORS))
def test_each_part_can_be_harmed_and_shown_near(part):
    damage = DrawnDamage(DamageKind.SCRATCH, part, 0.15, 3)
    photo = draw(Viewpoint.CLOSE_UP, [damage], of=damage)
    assert photo.marks[0].box.width > 0.15
    assert 0.3 < (photo.marks[0].box.left + photo.marks[0].box.right) / 2 < 0.7


@pytest.mark.parametrize(
    "kind",
    [
        DamageKind.CRACK, DamageKind.BROKEN_GLASS, DamageKind.BROKEN_LAMP, DamageKind.MISSING_PART, DamageKind.DIRT,
        DamageKind.REFLECTION, DamageKind.SHADOW,
    ],
)  # fmt: skip
def test_each_kind_of_damage_leaves_a_mark(kind):
    assert draw(Viewpoint.FRONT, [DrawnDamage(kind, Part.HEADLAMP, 0.2, 5)]).marks[0].kind is kind


@pytest.mark.parametrize("time", list(Time))
def test_photos_are_neither_too_dark_nor_too_bright(time):
    assert 55 < draw(Viewpoint.FRONT_RIGHT, time=time).bgr.mean() < 195


def test_bad_photos_are_bad(round_about):
    jpeg = round_about[Viewpoint.LEFT].jpeg
    sharpness = [cv2.Laplacian(opened(some), cv2.CV_64F).var() for some in (jpeg, blurred(jpeg))]
    assert sharpness[1] < sharpness[0] / 5
    assert opened(darkened(jpeg)).mean() < 45
    assert opened(brightened(jpeg)).mean() > 205


def test_exif_says_when_and_how_the_phone_was_held():
    exif = Exif(datetime(2026, 5, 4, 10, 30), orientation=6, camera="Drawn")  # noqa: DTZ001  # EXIF knows no zone
    kept = Image.open(BytesIO(as_jpeg(np.zeros((30, 40, 3), np.uint8), exif=exif)))
    assert kept.size == (30, 40)
    assert kept.getexif()[274] == 6
    assert kept.getexif().get_ifd(0x8769)[36867] == "2026:05:04 10:30:00"


def test_what_is_no_picture_is_refused():
    with pytest.raises(Rejected):
        opened(b"%PDF")


def test_a_thing_that_is_missing_in_the_trunk_is_not_drawn():
    full, without = draw_trunk(width=320), draw_trunk([KitItem.JACK, KitItem.TRIANGLE], width=320)
    green = [((p.bgr[..., 1] > p.bgr[..., 2] * 1.4) & (p.bgr[..., 1] > 60)).sum() for p in (full, without)]
    assert green[0] > 300
    assert green[1] < green[0] / 10


def test_both_rows_of_seats_are_drawn_differently():
    front, rear = draw_interior("front", width=320), draw_interior("rear", width=320)
    assert np.abs(front.bgr.astype(int) - rear.bgr).mean() > 15


def test_a_document_shows_its_lines():
    blank, written = draw_document(["A"], width=480), draw_document(["A", "AB-123-CD", "RED"], width=480)
    assert (written.bgr < 90).all(axis=2).sum() > (blank.bgr < 90).all(axis=2).sum() + 100
