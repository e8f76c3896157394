"""Findings: places that may be damage, what the machine said of them, and what a person decided beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Viewpoint
from db.session import Tx
from db.storable import storable_json

_COLUMNS = """n.id, n.inspection_id, n.ordinal, n.photo_id, n.source, n.model, n.kind, n.part, n.severity, n.cost_gel,
    n.confidence, n.box, n.polygon, n.views, n.why, n.opinion, n.crop_key, n.state, n.decided_kind, n.decided_part,
    n.decided_severity, n.decided_cost_gel, n.decided_by, n.decided_at, n.damage_id, n.created_at,
    f.viewpoint, p.name AS decider"""
_SELECT = f"""SELECT {_COLUMNS} FROM findings AS n LEFT JOIN inspection_photos AS f ON f.id = n.photo_id
    LEFT JOIN people AS p ON p.id = n.decided_by"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind``, ``part``, ``severity``, ``cost_gel`` are what was said first; ``decided_…`` what a person made of it.

    ``box`` is left, top, right, bottom of the photo (0..1), ``views`` are ``{photo_id, viewpoint, confidence, box}`` of
    the other photos that show it, ``why`` are words of ``core.inspection.why``. The lower its ``ordinal`` the more it
    deserves to be looked at first.
    """

    id: UUID
    inspection_id: UUID
    ordinal: int
    photo_id: UUID | None
    source: str
    model: str | None
    kind: DamageKind
    part: Part
    severity: Severity
    cost_gel: int | None
    confidence: float | None
    box: tuple[float, float, float, float] | None
    polygon: tuple[tuple[float, float], ...]
    views: tuple[Mapping[str, Any], ...]
    why: str | None
    opinion: Mapping[str, Any] | None
    crop_key: str | None
    state: FindingState
    decided_kind: DamageKind | None
    decided_part: Part | None
    decided_severity: Severity | None
    decided_cost_gel: int | None
    decided_by: UUID | None
    decided_at: datetime | None
    damage_id: UUID | None
    created_at: datetime
    viewpoint: Viewpoint | None
    """Of its photo."""
    decider: str | None

    @property
    def kind_now(self) -> DamageKind:
        return self.decided_kind or self.kind

    @property
    def part_now(self) -> Part:
        return self.decided_part or self.part

    @property
    def severity_now(self) -> Severity:
        return self.decided_severity or self.severity

    @property
    def cost_now(self) -> int | None:
        return self.cost_gel if self.decided_cost_gel is None else self.decided_cost_gel

    @property
    def is_open(self) -> bool:
        """Whether a person has still to decide."""
        return self.state in OPEN

    @property
    def is_by_person(self) -> bool:
        return self.source == "person"


OPEN = (FindingState.PROPOSED, FindingState.NEED_PHOTO)


@dataclass(frozen=True, slots=True)
class NewFinding:
    id: UUID
    inspection_id: UUID
    source: str
    kind: DamageKind
    part: Part
    severity: Severity
    state: FindingState
    photo_id: UUID | None = None
    model: str | None = None
    cost_gel: int | None = None
    confidence: float | None = None
    box: Sequence[float] | None = None
    polygon: Sequence[Sequence[float]] = ()
    views: Sequence[Mapping[str, Any]] = ()
    why: str | None = None
    opinion: Mapping[str, Any] | None = None
    crop_key: str | None = None
    damage_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person made of a finding: the values as they stand after it."""

    state: FindingState
    kind: DamageKind
    part: Part
    severity: Severity
    cost_gel: int | None
    by: UUID
    at: datetime
    damage_id: UUID | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """A place on an earlier photo of the car that was a finding once; ``said`` is what became of it."""

    photo_id: UUID
    viewpoint: Viewpoint
    working_key: str
    kind: DamageKind
    confidence: float
    box: tuple[float, float, float, float]
    polygon: tuple[tuple[float, float], ...] = field(default=())
    said: FindingState = FindingState.PROPOSED
    damage_id: UUID | None = None


def _finding(row: dict[str, Any]) -> Finding:
    values = {
        "kind": DamageKind(row["kind"]),
        "part": Part(row["part"]),
        "severity": Severity(row["severity"]),
        "state": FindingState(row["state"]),
        "box": None if row["box"] is None else tuple(row["box"]),
        "polygon": tuple(tuple(point) for point in row["polygon"]),
        "views": tuple(row["views"]),
        "decided_kind": None if row["decided_kind"] is None else DamageKind(row["decided_kind"]),
        "decided_part": None if row["decided_part"] is None else Part(row["decided_part"]),
        "decided_severity": None if row["decided_severity"] is None else Severity(row["decided_severity"]),
        "viewpoint": None if row["viewpoint"] is None else Viewpoint(row["viewpoint"]),
    }
    return Finding(**{**row, **values})


async def find(tx: Tx, finding_id: UUID) -> Finding | None:
    row = await tx.row(f"{_SELECT} WHERE n.id = %s", (finding_id,))
    return None if row is None else _finding(row)


async def of_inspection(tx: Tx, inspection_id: UUID) -> list[Finding]:
    """All of them, those that deserve to be looked at first at the head."""
    rows = await tx.rows(f"{_SELECT} WHERE n.inspection_id = %s ORDER BY n.ordinal", (inspection_id,))
    return [_finding(row) for row in rows]


async def put(tx: Tx, new: NewFinding) -> bool:
    """Add it behind those that are there; False when it is there. The inspection is locked: ordinals have no gaps."""
    made = await tx.run(
        """INSERT INTO findings (id, inspection_id, ordinal, photo_id, source, model, kind, part, severity, cost_gel,
               confidence, box, polygon, views, why, opinion, crop_key, state, damage_id)
           SELECT %s, %s, coalesce(max(ordinal), 0) + 1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
           FROM findings WHERE inspection_id = %s
           ON CONFLICT (id) DO NOTHING""",
        (
            new.id,
            new.inspection_id,
            new.photo_id,
            new.source,
            new.model,
            str(new.kind),
            str(new.part),
            int(new.severity),
            new.cost_gel,
            new.confidence,
            None if new.box is None else storable_json(list(new.box)),
            storable_json([list(point) for point in new.polygon]),
            storable_json([dict(view) for view in new.views]),
            new.why,
            None if new.opinion is None else storable_json(dict(new.opinion)),
            new.crop_key,
            str(new.state),
            new.damage_id,
            new.inspection_id,
        ),
    )
    return made == 1


async def decide(tx: Tx, finding_id: UUID, decision: Decision) -> None:
    """Write what a person decided beside what was said first; whoever decides has locked the inspection."""
    await tx.run(
        """UPDATE findings SET state = %s, decided_kind = %s, decided_part = %s, decided_severity = %s,
                  decided_cost_gel = %s, decided_by = %s, decided_at = %s, damage_id = %s WHERE id = %s""",
        (
            str(decision.state),
            str(decision.kind),
            str(decision.part),
            int(decision.severity),
            decision.cost_gel,
            decision.by,
            decision.at,
            decision.damage_id,
            finding_id,
        ),
    )


async def link_damage(tx: Tx, finding_id: UUID, damage_id: UUID | None) -> None:
    """Which damage of the car it is."""
    await tx.run("UPDATE findings SET damage_id = %s WHERE id = %s", (damage_id, finding_id))


async def propose_again(tx: Tx, finding_id: UUID) -> bool:
    """The better photo that was asked for came; True when somebody was waiting for it."""
    touched = await tx.run(
        """UPDATE findings SET state = 'proposed', decided_by = NULL, decided_at = NULL
           WHERE id = %s AND state = 'need_photo'""",
        (finding_id,),
    )
    return touched == 1


async def shown_in(tx: Tx, entity: str, purpose: str) -> list[int]:
    """Chats in which it has a message of its own: ``finding:<id>`` as ``finding``, ``inspection:<id>`` as its card."""
    rows = await tx.rows(
        "SELECT chat_id FROM posts WHERE entity = %s AND purpose = %s ORDER BY chat_id", (entity, purpose)
    )
    return [int(row["chat_id"]) for row in rows]


async def wanting_close_up(tx: Tx, person_id: UUID) -> list[Finding]:
    """What the person who inspected was asked a near photo of, and has not sent; the newest request first.

    A damage that was confirmed wants one, and a finding of which somebody asked for a better photo wants a new one.
    """
    rows = await tx.rows(
        f"""{_SELECT} JOIN inspections AS i ON i.id = n.inspection_id
            WHERE i.person_id = %s AND i.state IN ('open', 'paused', 'submitted', 'examined')
              AND (n.state = 'need_photo' OR (n.state = 'new' AND NOT EXISTS (
                  SELECT FROM inspection_photos AS near WHERE near.finding_id = n.id AND near.state = 'accepted')))
            ORDER BY n.decided_at DESC NULLS LAST, n.ordinal""",
        (person_id,),
    )
    return [_finding(row) for row in rows]


async def remembered_of_inspection(tx: Tx, inspection_id: UUID) -> list[Remembered]:
    """Where on the photos of an inspection findings were."""
    return await _remembered(tx, "n.inspection_id = %s", (inspection_id,))


async def remembered_of_damages(tx: Tx, car_id: UUID, *, but: Sequence[UUID]) -> list[Remembered]:
    """Where the open damages of a car were seen in other inspections than ``but``, the newest first."""
    return await _remembered(
        tx,
        """n.damage_id IN (SELECT id FROM damages WHERE car_id = %s AND state = 'open')
           AND n.state IN ('new', 'known') AND n.inspection_id <> ALL(%s)""",
        (car_id, list(but)),
    )


async def _remembered(tx: Tx, condition: str, values: Sequence[object]) -> list[Remembered]:
    """The place on the finding's own photo, and those on the other photos that showed it."""
    rows = await tx.rows(
        f"""WITH places AS (
                SELECT n.photo_id, n.box, n.polygon, n.confidence, n.kind, n.state, n.damage_id, n.created_at
                FROM findings AS n WHERE {condition}
                UNION ALL
                SELECT (seen ->> 'photo_id')::uuid, seen -> 'box', '[]'::jsonb, (seen ->> 'confidence')::float8, n.kind,
                       n.state, n.damage_id, n.created_at
                FROM findings AS n, jsonb_array_elements(n.views) AS seen WHERE {condition})
            SELECT places.photo_id, f.viewpoint, coalesce(f.working_key, f.storage_key) AS working_key, places.kind,
                   coalesce(places.confidence, 1.0) AS confidence, places.box, places.polygon, places.state AS said,
                   places.damage_id
            FROM places JOIN inspection_photos AS f ON f.id = places.photo_id
            WHERE places.box IS NOT NULL ORDER BY places.created_at DESC, places.photo_id""",  # noqa: S608 - constants
        (*values, *values),
    )
    return [
        Remembered(
            **{
                **row,
                "viewpoint": Viewpoint(row["viewpoint"]),
                "kind": DamageKind(row["kind"]),
                "said": FindingState(row["said"]),
                "box": tuple(row["box"]),
                "polygon": tuple(tuple(point) for point in row["polygon"]),
            }
        )
        for row in rows
    ]


async def trusted_with(tx: Tx, inspection_id: UUID) -> Mapping[str, Any] | None:
    """What the model that looked could do, for ``core.inspection.abilities.from_json``; None: no model looked."""
    row = await tx.row(
        """SELECT seen -> 'trusted' AS trusted FROM inspection_photos
           WHERE inspection_id = %s AND seen ? 'trusted' ORDER BY ordinal DESC LIMIT 1""",
        (inspection_id,),
    )
    return None if row is None else row["trusted"]
