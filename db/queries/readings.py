"""What narrow agents propose to know of an inspection, and the facts they check it against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

from core.ids import new_id
from core.inspection.views import Occasion, Viewpoint
from db.session import Tx
from db.storable import storable_json, storable_text

Topic: TypeAlias = Literal["mileage", "fuel", "kit", "wash", "fluids", "document"]
Verdict: TypeAlias = Literal["ok", "problem", "unclear"]

_COLUMNS = "inspection_id, topic, verdict, value, confidence, why, photo_id, at"


@dataclass(frozen=True, slots=True)
class Reading:
    """One closed answer. ``unclear`` is never a pass: a person answers.

    Values: mileage ``{"km": 45210}``, fuel ``{"percent": 62.5}``, kit ``{"seen": […], "missing": […]}``, fluids
    ``{"levels": {"oil": "ok", …}}``; what a comparison found is added to them.
    """

    inspection_id: UUID
    topic: Topic
    verdict: Verdict
    at: datetime
    value: Mapping[str, Any] = field(default_factory=dict[str, Any])
    confidence: float | None = None
    why: str | None = None
    photo_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An accepted photo as an agent needs it to look at it. ``attempt``: how many of this side were accepted so far."""

    photo_id: UUID
    inspection_id: UUID
    viewpoint: Viewpoint
    key: str
    occasion: Occasion
    branch: str | None
    state: str
    person_id: UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a car before an inspection, newest first: by us, or by RentProg (no ``at`` then)."""

    km: int
    at: datetime | None


async def put(tx: Tx, reading: Reading) -> bool:
    """Keep it as the one of its topic; False, and nothing changes, where a newer photo was read already."""
    touched = await tx.run(
        """INSERT INTO readings (id, inspection_id, topic, verdict, value, confidence, why, photo_id, at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (inspection_id, topic) DO UPDATE SET verdict = excluded.verdict, value = excluded.value,
                  confidence = excluded.confidence, why = excluded.why, photo_id = excluded.photo_id, at = excluded.at
           WHERE excluded.photo_id IS NULL OR readings.photo_id IS NULL
              OR (SELECT ordinal FROM inspection_photos WHERE id = excluded.photo_id)
                 >= (SELECT ordinal FROM inspection_photos WHERE id = readings.photo_id)""",
        (
            new_id(),
            reading.inspection_id,
            reading.topic,
            reading.verdict,
            storable_json(dict(reading.value)),
            reading.confidence,
            None if reading.why is None else storable_text(reading.why),
            reading.photo_id,
            reading.at,
        ),
    )
    return touched == 1


async def find(tx: Tx, inspection_id: UUID, topic: Topic) -> Reading | None:
    row = await tx.row(
        f"SELECT {_COLUMNS} FROM readings WHERE inspection_id = %s AND topic = %s",  # noqa: S608 - constants
        (inspection_id, topic),
    )
    return None if row is None else Reading(**row)


async def readings_of(tx: Tx, inspection_id: UUID) -> dict[str, Reading]:
    """By topic."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS} FROM readings WHERE inspection_id = %s",  # noqa: S608 - constants
        (inspection_id,),
    )
    return {row["topic"]: Reading(**row) for row in rows}


async def seen(tx: Tx, photo_id: UUID) -> Seen | None:
    """The photo, as long as it counts: one that was replaced or refused since is not looked at."""
    row = await tx.row(
        """SELECT f.id AS photo_id, f.inspection_id, f.viewpoint, coalesce(f.working_key, f.storage_key) AS key,
                  i.occasion, i.branch, i.state, i.person_id,
                  (SELECT count(*) FROM inspection_photos AS o
                   WHERE o.inspection_id = f.inspection_id AND o.viewpoint = f.viewpoint
                     AND o.ordinal <= f.ordinal AND o.state IN ('accepted', 'retake', 'replaced')) AS attempt
           FROM inspection_photos AS f JOIN inspections AS i ON i.id = f.inspection_id
           WHERE f.id = %s AND f.state IN ('accepted', 'extra') AND i.state <> 'cancelled'""",
        (photo_id,),
    )
    if row is None:
        return None
    return Seen(**{**row, "viewpoint": Viewpoint(row["viewpoint"]), "occasion": Occasion(row["occasion"])})


async def known_mileages(tx: Tx, car_id: UUID, *, without: UUID) -> list[Known]:
    """What RentProg says, and what the newest earlier inspection that was finished says."""
    rows = await tx.rows(
        """(SELECT mileage_km AS km, submitted_at AS at FROM inspections
            WHERE car_id = %(car)s AND id <> %(without)s AND mileage_km IS NOT NULL
              AND state IN ('submitted', 'examined', 'reviewed') ORDER BY submitted_at DESC LIMIT 1)
           UNION ALL (SELECT mileage, NULL FROM cars WHERE id = %(car)s AND mileage IS NOT NULL)""",
        {"car": car_id, "without": without},
    )
    return [Known(**row) for row in rows]
