"""All that the examination of an inspection needs, read at once: its photos, those before, what is known of the car."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.inspection.views import EXTERIOR, TYRES, Viewpoint
from db.queries import damages, findings, inspection_photos, inspections
from db.queries.damages import Damage
from db.queries.findings import Remembered
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.session import Tx

LOOKED_AT = frozenset((*EXTERIOR, *TYRES, Viewpoint.INTERIOR_FRONT, Viewpoint.INTERIOR_REAR, Viewpoint.CLOSE_UP))
"""What the detector looks at when it comes; the other photos have agents of their own."""
MOST_REFERENCES = 2
"""Earlier photos of one side, beside the one before, on which known damages of the car are looked for."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier photo of the same side, with the places on it that were findings."""

    photo_id: UUID
    key: str
    remembered: tuple[Remembered, ...]


@dataclass(frozen=True, slots=True)
class View:
    """One side: its photo, the photo before (None: there is none), and older ones that show known damages."""

    photo: Photo
    before: Photo | None
    before_remembered: tuple[Remembered, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    inspection: Inspection
    views: tuple[View, ...]
    known: tuple[Damage, ...]
    numbered: int
    """Findings that people wrote down already; those of the machine are numbered after them."""

    @property
    def exterior(self) -> tuple[View, ...]:
        return tuple(view for view in self.views if view.photo.viewpoint in EXTERIOR)


async def load(tx: Tx, inspection_id: UUID) -> Case | None:
    inspection = await inspections.find(tx, inspection_id)
    if inspection is None:
        return None
    photos = _newest(await inspection_photos.photos_of(tx, inspection_id, "accepted"))
    before: Mapping[Viewpoint, Photo] = {}
    remembered: dict[UUID, list[Remembered]] = defaultdict(list)
    if inspection.before_id is not None:
        before = _newest(await inspection_photos.photos_of(tx, inspection.before_id, "accepted"))
        for one in await findings.remembered_of_inspection(tx, inspection.before_id):
            remembered[one.photo_id].append(one)
    apart = [inspection_id, *([inspection.before_id] if inspection.before_id else [])]
    older = await findings.remembered_of_damages(tx, inspection.car_id, but=apart)
    return Case(
        inspection=inspection,
        views=tuple(
            View(
                photo=photo,
                before=before.get(side),
                before_remembered=tuple(remembered[before[side].id]) if side in before else (),
                references=_references(side, older),
            )
            for side, photo in photos.items()
        ),
        known=tuple(await damages.open_of(tx, inspection.car_id)),
        numbered=len(await findings.of_inspection(tx, inspection_id)),
    )


def _newest(photos: list[Photo]) -> dict[Viewpoint, Photo]:
    """The one that counts for each side; close-ups belong to findings and are no side."""
    return {
        photo.viewpoint: photo
        for photo in photos
        if photo.viewpoint in LOOKED_AT and photo.viewpoint is not Viewpoint.CLOSE_UP
    }


def _references(side: Viewpoint, older: list[Remembered]) -> tuple[Reference, ...]:
    places: dict[UUID, list[Remembered]] = defaultdict(list)
    for one in older:
        if one.viewpoint is side:
            places[one.photo_id].append(one)
    newest = list(places.items())[:MOST_REFERENCES]
    return tuple(Reference(photo_id, ones[0].working_key, tuple(ones)) for photo_id, ones in newest)
