"""Photos of inspections: each as it came, with its proof; what the gates and the detector made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core.ids import outside_id
from core.inspection.chain import Link
from core.inspection.views import Viewpoint
from db.session import Tx
from db.storable import storable_json

SAME_64 = 8
"""Perceptual hashes of 64 bits that differ by no more are of one picture …"""
SAME_256 = 30
"""… where those of 256 bits differ by no more than this."""
COPY_64, COPY_256 = 4, 10
"""The same for two inspections: there an honest photo of the same side is similar (18 of 256 bits and more on drawn
cars), and only a file that was scaled or packed anew (2 bits) is a copy."""

_COLUMNS = """f.id, f.inspection_id, f.ordinal, f.step, f.viewpoint, f.state, f.storage_key, f.working_key,
    f.overlay_key, f.pair_key, f.before_photo_id, f.sha256, f.phash64, f.phash256, f.width, f.height, f.exif,
    f.verdict, f.flags, f.seen, f.finding_id, f.chat_id, f.message_id, f.person_id, f.taken_at, f.received_at,
    f.chain_hash"""


@dataclass(frozen=True, slots=True)
class Photo(Link):
    """A photo of an inspection, with the original's ``storage_key`` and the ``working_key`` of what is shown.

    ``state``: accepted, retake, refused, replaced, extra. ``verdict`` is ``{"reasons": [names of what is wrong], …}``;
    ``flags`` are ``{"flag": name, …}``; ``seen`` is the detector's ``{model, found: […]}``, empty before it looked.
    """

    id: UUID
    step: str | None
    viewpoint: Viewpoint
    state: str
    storage_key: str
    working_key: str | None
    overlay_key: str | None
    pair_key: str | None
    before_photo_id: UUID | None
    phash64: str | None
    phash256: str | None
    width: int | None
    height: int | None
    exif: Mapping[str, Any]
    verdict: Mapping[str, Any]
    flags: tuple[Mapping[str, Any], ...]
    seen: Mapping[str, Any]
    finding_id: UUID | None

    @property
    def shown_key(self) -> str:
        """What people and machines look at; the original where no working copy could be made."""
        return self.working_key or self.storage_key


@dataclass(frozen=True, slots=True)
class NewPhoto:
    id: UUID
    inspection_id: UUID
    ordinal: int
    step: str | None
    viewpoint: Viewpoint
    state: str
    storage_key: str
    sha256: str
    chat_id: int
    message_id: int
    person_id: UUID
    received_at: datetime
    chain_hash: str
    working_key: str | None = None
    phash64: str | None = None
    phash256: str | None = None
    width: int | None = None
    height: int | None = None
    exif: Mapping[str, Any] = field(default_factory=dict[str, Any])
    verdict: Mapping[str, Any] = field(default_factory=dict[str, Any])
    flags: Sequence[Mapping[str, Any]] = ()
    finding_id: UUID | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """Another photo of the same picture. ``car`` and ``number`` say where it was used."""

    photo_id: UUID
    inspection_id: UUID
    number: int
    plate: str | None
    step: str | None
    state: str
    is_same_file: bool


def photo_id(inspection_id: UUID, chat_id: int, message_id: int, sha256: str) -> UUID:
    """The one photo that a file of a message is in an inspection."""
    return outside_id("telegram", "inspection_photo", f"{inspection_id}:{chat_id}:{message_id}:{sha256}")


def _photo(row: dict[str, Any]) -> Photo:
    return Photo(**{**row, "viewpoint": Viewpoint(row["viewpoint"]), "flags": tuple(row["flags"])})


async def _many(tx: Tx, condition: str, values: Sequence[object]) -> list[Photo]:
    rows = await tx.rows(f"SELECT {_COLUMNS} FROM inspection_photos AS f WHERE {condition}", values)  # noqa: S608 - constants
    return [_photo(row) for row in rows]


async def find(tx: Tx, wanted: UUID) -> Photo | None:
    return next(iter(await _many(tx, "f.id = %s", (wanted,))), None)


async def photos_of(tx: Tx, inspection_id: UUID, *states: str) -> list[Photo]:
    """All photos in the order they came, or those in one of the states."""
    return await _many(
        tx,
        "f.inspection_id = %s AND (%s::text[] IS NULL OR f.state = ANY(%s)) ORDER BY f.ordinal",
        (inspection_id, list(states) or None, list(states) or None),
    )


async def accepted_photo(tx: Tx, inspection_id: UUID, viewpoint: Viewpoint) -> Photo | None:
    """The photo that counts for a side."""
    found = await _many(
        tx,
        "f.inspection_id = %s AND f.viewpoint = %s AND f.state = 'accepted' ORDER BY f.ordinal DESC LIMIT 1",
        (inspection_id, viewpoint),
    )
    return next(iter(found), None)


async def put_photo(tx: Tx, new: NewPhoto) -> bool:
    """False, and nothing changes, when it was taken in before. The inspection is locked: ordinals have no gaps."""
    made = await tx.run(
        """INSERT INTO inspection_photos (id, inspection_id, ordinal, step, viewpoint, state, storage_key, working_key,
               sha256, phash64, phash256, width, height, exif, verdict, flags, finding_id, chat_id, message_id,
               person_id, taken_at, received_at, chain_hash)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT DO NOTHING""",
        (
            new.id,
            new.inspection_id,
            new.ordinal,
            new.step,
            new.viewpoint,
            new.state,
            new.storage_key,
            new.working_key,
            new.sha256,
            new.phash64,
            new.phash256,
            new.width,
            new.height,
            storable_json(dict(new.exif)),
            storable_json(dict(new.verdict)),
            storable_json(list(new.flags)),
            new.finding_id,
            new.chat_id,
            new.message_id,
            new.person_id,
            new.taken_at,
            new.received_at,
            new.chain_hash,
        ),
    )
    return made == 1


async def set_state(tx: Tx, wanted: UUID, state: str, *, flags: Sequence[Mapping[str, Any]] = ()) -> None:
    """The only part of a photo's proof of use that changes; ``flags`` are added to those it has."""
    await tx.run(
        "UPDATE inspection_photos SET state = %s, flags = flags || %s WHERE id = %s",
        (state, storable_json(list(flags)), wanted),
    )


async def set_seen(tx: Tx, wanted: UUID, seen: Mapping[str, Any], *, overlay_key: str | None) -> None:
    """What the detector found on it, and the picture with its marks."""
    await tx.run(
        "UPDATE inspection_photos SET seen = %s, overlay_key = %s WHERE id = %s",
        (storable_json(dict(seen)), overlay_key, wanted),
    )


async def set_overlay(tx: Tx, wanted: UUID, overlay_key: str | None) -> None:
    await tx.run("UPDATE inspection_photos SET overlay_key = %s WHERE id = %s", (overlay_key, wanted))


async def set_pair(tx: Tx, wanted: UUID, *, before_photo_id: UUID | None, pair_key: str | None) -> None:
    """The photo of the same side that it is compared with, and both as one picture."""
    await tx.run(
        "UPDATE inspection_photos SET before_photo_id = %s, pair_key = %s WHERE id = %s",
        (before_photo_id, pair_key, wanted),
    )


async def replace_accepted(tx: Tx, inspection_id: UUID, step: str, *, by: UUID) -> None:
    """A better photo of the step came: the one that counted so far is kept, and counts no more."""
    await tx.run(
        """UPDATE inspection_photos SET state = 'replaced'
           WHERE inspection_id = %s AND step = %s AND state = 'accepted' AND id <> %s""",
        (inspection_id, step, by),
    )


async def twins_of(
    tx: Tx,
    wanted: UUID,
    *,
    inspection_id: UUID,
    sha256: str,
    phash64: str | None,
    phash256: str | None,
    since: datetime,
) -> list[Twin]:
    """Other photos that are the same file, or the same picture to the eye, received since the moment.

    ``inspection_id`` is the one that the photo is for.

    The same file first, then the newest.
    """
    rows = await tx.rows(
        """SELECT f.id AS photo_id, f.inspection_id, i.number, c.plate, f.step, f.state,
                  f.sha256 = %(sha256)s AS is_same_file
           FROM inspection_photos AS f
           JOIN inspections AS i ON i.id = f.inspection_id
           JOIN cars AS c ON c.id = i.car_id
           WHERE f.id <> %(id)s AND f.received_at >= %(since)s AND (
               f.sha256 = %(sha256)s
               OR (bit_count(('x' || f.phash64)::bit(64) # ('x' || %(phash64)s::text)::bit(64))
                       <= CASE WHEN f.inspection_id = %(inspection)s THEN %(same_64)s ELSE %(copy_64)s END
                   AND bit_count(('x' || f.phash256)::bit(256) # ('x' || %(phash256)s::text)::bit(256))
                       <= CASE WHEN f.inspection_id = %(inspection)s THEN %(same_256)s ELSE %(copy_256)s END))
           ORDER BY f.sha256 = %(sha256)s DESC, f.received_at DESC, f.ordinal DESC LIMIT 20""",
        {
            "id": wanted,
            "sha256": sha256,
            "phash64": phash64,
            "phash256": phash256,
            "since": since,
            "inspection": inspection_id,
            "copy_64": COPY_64,
            "copy_256": COPY_256,
            "same_64": SAME_64,
            "same_256": SAME_256,
        },
    )
    return [Twin(**row) for row in rows]
