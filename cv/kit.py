"""What of the kit lies in the trunk. No eyes for it are shipped: everything is left to a person, and said so."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KitSeen:
    """Items by their name in ``photos.kit``; each stands in one of the three."""

    present: tuple[str, ...]
    missing: tuple[str, ...]
    unclear: tuple[str, ...]
    why: str


def left_to_people(items: Sequence[str]) -> KitSeen:
    """Tools lie in bags and under the floor: without weights for them neither presence nor absence can be seen."""
    return KitSeen((), (), tuple(items), why="kit is looked at by people")
