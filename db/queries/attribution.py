"""Who had the car when a damage came: the last photo without it, the first one with it, and the bookings between."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.inspection.views import Occasion
from db.session import Tx

_SHOT = """
SELECT f.id AS photo_id, f.inspection_id, i.number AS inspection_number, i.occasion, i.booking_id,
       coalesce(f.taken_at, f.received_at) AS at, f.person_id, p.name AS person
FROM inspection_photos AS f
JOIN inspections AS i ON i.id = f.inspection_id
JOIN people AS p ON p.id = f.person_id
"""
_LAST_CLEAN = f"""
{_SHOT}
JOIN inspection_photos AS dirty ON dirty.id = %(photo_id)s
JOIN inspections AS seen ON seen.id = dirty.inspection_id
WHERE i.car_id = seen.car_id AND i.id <> seen.id AND i.state IN ('submitted', 'examined', 'reviewed')
  AND f.viewpoint = coalesce((
      SELECT wide.viewpoint FROM findings AS n JOIN inspection_photos AS wide ON wide.id = n.photo_id
      WHERE n.id = dirty.finding_id), dirty.viewpoint)
  AND f.state = 'accepted' AND f.received_at < dirty.received_at
ORDER BY f.received_at DESC, f.ordinal DESC LIMIT 1
"""  # noqa: S608 - constants

_HOLDERS = """
SELECT k.id AS booking_id, k.number, k.technical IS TRUE AS is_technical,
       coalesce(nullif(concat_ws(' ', cl.first_name, cl.last_name), ''), k.client_name) AS client,
       coalesce(k.issued_event_at, k.start_at) AS since, coalesce(k.returned_event_at, k.end_at) AS until
FROM bookings AS k
LEFT JOIN clients AS cl ON cl.id = k.client_id
WHERE k.car_id = (SELECT car_id FROM inspections WHERE id = %(inspection_id)s)
  AND k.deleted_at IS NULL AND k.state NOT IN ('cancelled', 'refused')
  AND (k.id = %(own)s OR (k.id <> ALL(%(over)s::uuid[])
       AND coalesce(k.issued_event_at, k.start_at) < %(damaged_at)s
       AND coalesce(k.returned_event_at, k.end_at) > %(clean_at)s))
ORDER BY coalesce(k.issued_event_at, k.start_at), k.number
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo on the time line: when it was taken (received, where the camera wrote no time), and by whom."""

    photo_id: UUID
    inspection_id: UUID
    inspection_number: int
    occasion: Occasion
    booking_id: UUID | None
    at: datetime
    person_id: UUID
    person: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A booking that had the car at some time between; ``until`` is planned where it is not over."""

    booking_id: UUID
    number: int | None
    is_technical: bool
    client: str | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """``last_clean`` of None: no earlier photo of this side, so nobody can be named.

    ``holders`` is empty when the car stood with the company in between. Who photographed ``first_damaged`` accepted
    the car so.
    """

    last_clean: Shot | None
    first_damaged: Shot
    holders: tuple[Holder, ...]

    @property
    def booking_id(self) -> UUID | None:
        """The one booking that had the car between the two photos; None where it was nobody or more than one."""
        return self.holders[0].booking_id if self.last_clean is not None and len(self.holders) == 1 else None


async def attribute(tx: Tx, photo_id: UUID) -> Attribution | None:
    """The time line of a damage that is new on this photo; None where there is no such photo."""
    row = await tx.row(f"{_SHOT} WHERE f.id = %s", (photo_id,))
    if row is None:
        return None
    damaged = Shot(**{**row, "occasion": Occasion(row["occasion"])})
    found = await tx.row(_LAST_CLEAN, {"photo_id": photo_id})
    if found is None:
        return Attribution(None, damaged, ())
    clean = Shot(**{**found, "occasion": Occasion(found["occasion"])})
    return Attribution(clean, damaged, await _holders(tx, clean, damaged))


async def _holders(tx: Tx, clean: Shot, damaged: Shot) -> tuple[Holder, ...]:
    """Bookings by their times, but for those that the inspections themselves settle.

    A rent that ends with the clean return is over, one that begins with the damaged hand-over has not begun, whatever
    their planned times say; the one that ends with the damaged return had the car even if nobody posted its issue.
    """
    over = [
        shot.booking_id
        for shot, occasion in ((clean, Occasion.RETURN), (damaged, Occasion.HAND_OVER))
        if shot.occasion is occasion and shot.booking_id is not None
    ]
    own = damaged.booking_id if damaged.occasion is Occasion.RETURN and damaged.booking_id not in over else None
    rows = await tx.rows(
        _HOLDERS,
        {
            "inspection_id": damaged.inspection_id,
            "own": own,
            "over": over,
            "clean_at": clean.at,
            "damaged_at": damaged.at,
        },
    )
    return tuple(Holder(**row) for row in rows)
