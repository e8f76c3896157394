"""Damage: its kinds, where on the car it is, how bad it is, and what becomes of a finding."""

from enum import IntEnum, StrEnum


class DamageKind(StrEnum):
    """What a finding is. Weights have classes of their own; their model card maps them to these."""

    SCRATCH = "scratch"
    DENT = "dent"
    CRACK = "crack"
    BROKEN_GLASS = "broken_glass"
    BROKEN_LAMP = "broken_lamp"
    FLAT_TYRE = "flat_tyre"
    MISSING_PART = "missing_part"
    """Broken off or missing."""
    AIRBAG = "airbag"
    OTHER = "other"
    REFLECTION = "reflection"
    SHADOW = "shadow"
    DIRT = "dirt"


NEGATIVES: frozenset[DamageKind] = frozenset({DamageKind.REFLECTION, DamageKind.SHADOW, DamageKind.DIRT})
"""What looks like damage and is none: a negative that covers a finding votes against it."""


class Part(StrEnum):
    """Where on the car, as people say it."""

    HOOD = "hood"
    FRONT_BUMPER = "front_bumper"
    REAR_BUMPER = "rear_bumper"
    FRONT_LEFT_FENDER = "front_left_fender"
    FRONT_RIGHT_FENDER = "front_right_fender"
    REAR_LEFT_FENDER = "rear_left_fender"
    REAR_RIGHT_FENDER = "rear_right_fender"
    FRONT_LEFT_DOOR = "front_left_door"
    FRONT_RIGHT_DOOR = "front_right_door"
    REAR_LEFT_DOOR = "rear_left_door"
    REAR_RIGHT_DOOR = "rear_right_door"
    TAILGATE = "tailgate"
    ROOF = "roof"
    WINDSCREEN = "windscreen"
    REAR_WINDOW = "rear_window"
    SIDE_WINDOW = "side_window"
    HEADLAMP = "headlamp"
    TAIL_LAMP = "tail_lamp"
    MIRROR = "mirror"
    WHEEL = "wheel"
    INTERIOR = "interior"
    UNKNOWN = "unknown"


class Severity(IntEnum):
    """``damage.severities`` of the owner's decisions."""

    COSMETIC = 1
    LIGHT = 2
    SERIOUS = 3
    CRITICAL = 4


class FindingState(StrEnum):
    """``PROPOSED`` waits for a person; the other four are what a person decided (``KNOWN`` also by comparison)."""

    PROPOSED = "proposed"
    NEW = "new"
    KNOWN = "known"
    NOT_DAMAGE = "not_damage"
    NEED_PHOTO = "need_photo"
