"""The record of decided findings: what reports of the machine's quality count, and what a training learns from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from core.inspection.damage import DamageKind, FindingState
from core.inspection.record import Judged, Verdict
from core.inspection.views import Viewpoint
from db.session import Tx

_JUDGED = """
SELECT coalesce(n.model, looked.model) AS model,
       CASE WHEN n.source = 'person' THEN coalesce(n.decided_kind, n.kind) ELSE n.kind END AS kind, n.confidence,
       CASE WHEN n.source = 'person' THEN 'missed'
            WHEN n.state IN ('proposed', 'need_photo') THEN 'undecided'
            WHEN n.state = 'not_damage' THEN 'not_damage'
            WHEN n.decided_kind <> n.kind THEN 'kind_changed'
            ELSE 'confirmed' END AS verdict
FROM findings AS n
JOIN inspections AS i ON i.id = n.inspection_id
LEFT JOIN LATERAL (
    SELECT f.seen ->> 'model' AS model FROM inspection_photos AS f
    WHERE f.inspection_id = i.id AND f.seen ? 'model' ORDER BY f.ordinal DESC LIMIT 1
) AS looked ON true
WHERE n.created_at >= %(since)s AND (%(branch)s::text IS NULL OR i.branch = %(branch)s)
  AND NOT (n.source = 'model' AND n.state = 'known' AND n.decided_at IS NULL)
  AND NOT (n.source = 'person' AND n.state = 'not_damage')
ORDER BY n.created_at, n.id
"""

_LABELLED = """
SELECT n.photo_id, n.kind, n.decided_kind, n.state, n.box, n.polygon, n.views,
       n.decided_by IS NOT NULL OR n.damage_id IS NOT NULL AS is_decided
FROM findings AS n
JOIN inspections AS i ON i.id = n.inspection_id
WHERE i.state = 'reviewed'
ORDER BY i.number, n.ordinal
"""

_PHOTOS = """
SELECT f.id, f.working_key, f.viewpoint, i.number AS inspection_number, f.ordinal, i.car_id
FROM inspection_photos AS f JOIN inspections AS i ON i.id = f.inspection_id
WHERE f.id = ANY(%s) ORDER BY i.number, f.ordinal
"""


async def judged(tx: Tx, *, since: datetime, branch: str | None = None) -> list[Judged]:
    """Findings of the machine and those that people added. What comparison alone called known is no judgement of it."""
    rows = await tx.rows(_JUDGED, {"since": since, "branch": branch})
    return [
        Judged(row["model"], DamageKind(row["kind"]), row["confidence"], cast("Verdict", row["verdict"]))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A finding of an inspection that somebody stands behind. ``views`` show it on other photos.

    ``is_decided``: a person decided about it, or about the damage that it was recognised as.
    """

    photo_id: UUID | None
    kind: DamageKind
    state: FindingState
    box: tuple[float, float, float, float] | None
    polygon: tuple[tuple[float, float], ...]
    views: tuple[Mapping[str, Any], ...]
    is_decided: bool


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """``car_id`` tells which photos are of one scene: they belong on one side of a split."""

    id: UUID
    working_key: str | None
    viewpoint: Viewpoint
    inspection_number: int
    ordinal: int
    car_id: UUID


async def labelled(tx: Tx) -> list[Labelled]:
    """All findings of reviewed inspections, with the kind that a person gave them."""
    return [
        Labelled(
            photo_id=row["photo_id"],
            kind=DamageKind(row["decided_kind"] or row["kind"]),
            state=FindingState(row["state"]),
            box=None if row["box"] is None else cast("Any", tuple(row["box"])),
            polygon=tuple((float(x), float(y)) for x, y in row["polygon"]),
            views=tuple(row["views"]),
            is_decided=row["is_decided"],
        )
        for row in await tx.rows(_LABELLED)
    ]


async def photos(tx: Tx, ids: Sequence[UUID]) -> list[LabelledPhoto]:
    rows = await tx.rows(_PHOTOS, (list(ids),))
    return [
        LabelledPhoto(
            id=row["id"],
            working_key=row["working_key"],
            viewpoint=Viewpoint(row["viewpoint"]),
            inspection_number=row["inspection_number"],
            ordinal=row["ordinal"],
            car_id=row["car_id"],
        )
        for row in rows
    ]
