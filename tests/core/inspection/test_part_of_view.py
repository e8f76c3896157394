"""A place on a photo of the whole car names a part, or says that it does not know."""

import pytest

from core.inspection.damage import DamageKind, Part
from core.inspection.part_of_view import ZONES, Place, part_of, shown_by
from core.inspection.views import EXTERIOR, Viewpoint


def near(x: float, y: float, size: float = 0.02) -> Place:
    return Place(x - size, y - size, x + size, y + size)


@pytest.mark.parametrize(
    ("viewpoint", "x", "y", "part"),
    [
        (Viewpoint.LEFT, 0.42, 0.58, Part.FRONT_LEFT_DOOR),
        (Viewpoint.LEFT, 0.60, 0.58, Part.REAR_LEFT_DOOR),
        (Viewpoint.RIGHT, 0.58, 0.58, Part.FRONT_RIGHT_DOOR),
        (Viewpoint.FRONT, 0.50, 0.80, Part.FRONT_BUMPER),
        (Viewpoint.FRONT, 0.50, 0.52, Part.HOOD),
        (Viewpoint.REAR, 0.50, 0.80, Part.REAR_BUMPER),
        (Viewpoint.FRONT_LEFT, 0.57, 0.58, Part.FRONT_LEFT_DOOR),
        (Viewpoint.FRONT_RIGHT, 0.43, 0.58, Part.FRONT_RIGHT_DOOR),
        (Viewpoint.REAR_LEFT, 0.34, 0.55, Part.FRONT_LEFT_DOOR),
        (Viewpoint.REAR_RIGHT, 0.53, 0.58, Part.REAR_RIGHT_DOOR),
    ],
)
def test_what_lies_in_the_middle_of_a_part_is_on_that_part(viewpoint: Viewpoint, x: float, y: float, part: Part):
    assert part_of(viewpoint, near(x, y), DamageKind.SCRATCH) is part


def test_what_lies_between_two_parts_is_on_none_that_is_known():
    assert part_of(Viewpoint.LEFT, near(0.54, 0.58, 0.03), DamageKind.SCRATCH) is Part.UNKNOWN


def test_what_covers_half_of_the_car_is_on_no_single_part():
    assert part_of(Viewpoint.LEFT, Place(0.1, 0.3, 0.9, 0.8), DamageKind.SCRATCH) is Part.UNKNOWN


def test_the_background_is_no_part():
    assert part_of(Viewpoint.LEFT, near(0.5, 0.95), DamageKind.SCRATCH) is Part.UNKNOWN


def test_glass_breaks_only_where_glass_is():
    assert part_of(Viewpoint.FRONT, near(0.5, 0.3), DamageKind.BROKEN_GLASS) is Part.WINDSCREEN
    assert part_of(Viewpoint.FRONT, near(0.5, 0.8), DamageKind.BROKEN_GLASS) is Part.UNKNOWN


def test_a_window_has_no_dent():
    assert part_of(Viewpoint.FRONT, near(0.5, 0.3), DamageKind.DENT) is Part.UNKNOWN


def test_a_broken_lamp_is_the_one_of_that_end_and_from_the_side_nobody_knows():
    lamps = [
        part_of(view, near(0.2, 0.5), DamageKind.BROKEN_LAMP)
        for view in (Viewpoint.FRONT, Viewpoint.REAR_LEFT, Viewpoint.LEFT)
    ]
    assert lamps == [Part.HEADLAMP, Part.TAIL_LAMP, Part.UNKNOWN]


def test_a_flat_tyre_and_a_photo_of_a_tyre_are_about_a_wheel():
    assert part_of(Viewpoint.LEFT, near(0.5, 0.95), DamageKind.FLAT_TYRE) is Part.WHEEL
    assert part_of(Viewpoint.TYRE_REAR_LEFT, near(0.5, 0.5), DamageKind.CRACK) is Part.WHEEL


def test_a_door_should_be_seen_from_its_own_side_only():
    assert shown_by(Part.FRONT_RIGHT_DOOR) == {Viewpoint.RIGHT, Viewpoint.FRONT_RIGHT, Viewpoint.REAR_RIGHT}


def test_every_side_has_zones_inside_its_photo():
    zones = [zone for view in EXTERIOR for zones in ZONES[view].values() for zone in zones]
    assert all(0 <= zone.left < zone.right <= 1 and 0 <= zone.top < zone.bottom <= 1 for zone in zones)
