"""The sides of a car that are asked for, and the other pictures and answers of a check-list."""

from enum import StrEnum


class Viewpoint(StrEnum):
    """What a photo shows. The eight outside ones go round the car as one walks; left is the driver's left."""

    FRONT = "front"
    FRONT_LEFT = "front_left"
    LEFT = "left"
    REAR_LEFT = "rear_left"
    REAR = "rear"
    REAR_RIGHT = "rear_right"
    RIGHT = "right"
    FRONT_RIGHT = "front_right"
    DASHBOARD = "dashboard"
    TRUNK = "trunk"
    INTERIOR_FRONT = "interior_front"
    INTERIOR_REAR = "interior_rear"
    DOCUMENT = "document"
    FUEL = "fuel"
    TYRE_FRONT_LEFT = "tyre_front_left"
    TYRE_FRONT_RIGHT = "tyre_front_right"
    TYRE_REAR_LEFT = "tyre_rear_left"
    TYRE_REAR_RIGHT = "tyre_rear_right"
    FLUIDS = "fluids"
    CLOSE_UP = "close_up"
    """Near, of one damage; the other half of the pair is the wide photo it belongs to."""
    VIDEO = "video"
    """Welcome in addition; looked at by people only."""


EXTERIOR: tuple[Viewpoint, ...] = tuple(Viewpoint)[:8]
"""``photos.exterior_angles`` of the owner's decisions, in the order of a walk round the car."""

INSIDE: tuple[Viewpoint, ...] = (
    Viewpoint.DASHBOARD,
    Viewpoint.TRUNK,
    Viewpoint.INTERIOR_FRONT,
    Viewpoint.INTERIOR_REAR,
    Viewpoint.DOCUMENT,
)
"""``photos.other_required``."""

TYRES: tuple[Viewpoint, ...] = (
    Viewpoint.TYRE_FRONT_LEFT,
    Viewpoint.TYRE_FRONT_RIGHT,
    Viewpoint.TYRE_REAR_LEFT,
    Viewpoint.TYRE_REAR_RIGHT,
)


class Occasion(StrEnum):
    """Why a car is looked at."""

    HAND_OVER = "hand_over"
    RETURN = "return"


class Question(StrEnum):
    """Steps that are answered by a number or by buttons, after the photos."""

    MILEAGE = "mileage"
    FUEL_LEVEL = "fuel_level"
    FLUID_LEVELS = "fluid_levels"
    KIT_ITEMS = "kit_items"


MOST_KM = 2_000_000
"""No car of a rental company drives so far: a longer number is a slip of the finger."""


def steps_of(*, exterior: tuple[Viewpoint, ...], inside: tuple[Viewpoint, ...], with_tyres: bool) -> tuple[str, ...]:
    """The keys of a form's steps in the order they are asked; a key names a viewpoint or a question."""
    tyres = TYRES if with_tyres else ()
    return (*exterior, *inside, *tyres, *Question)
