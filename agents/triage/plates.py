"""Which cars of the fleet a text names by their plates: found by code, so that no text can make a car up."""

import re
from collections.abc import Iterable
from uuid import UUID

from db.queries.fleet_views import plate_key

LONGEST = 4
"""A plate is written in up to so many pieces: ``AA 123 BB``."""
SHORTEST = 5
_PIECE = re.compile(r"[^\W_]+")
_BY_NUMBER = re.compile(
    r"(?:машин\w*|авто|тачк\w*|номер\w*|№|#|\bcar|\bplate|მანქან\w*|ნომერ\w*)\s*[:№#]?\s*(\d{3,4})(?!\d)", re.IGNORECASE
)


def cars_in(text: str, plates: Iterable[tuple[UUID, str]]) -> tuple[UUID, ...]:
    """The cars whose whole plate stands in the text, else those that it names by the digits of their plate."""
    known = [(car_id, plate_key(plate)) for car_id, plate in plates]
    pieces = [plate_key(piece) for piece in _PIECE.findall(text)]
    runs = {"".join(pieces[start : start + count]) for start in range(len(pieces)) for count in range(1, LONGEST + 1)}
    whole = tuple(car_id for car_id, key in known if len(key) >= SHORTEST and key in runs)
    if whole:
        return whole
    numbers = set(_BY_NUMBER.findall(text))
    return tuple(car_id for car_id, key in known if "".join(filter(str.isdecimal, key)) in numbers)
