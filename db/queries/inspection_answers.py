"""Answers of inspections: what was answered or skipped at each step, by whom; nothing is overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.session import Tx
from db.storable import storable_json, storable_text


@dataclass(frozen=True, slots=True)
class Answer:
    """What counts at a step. ``value`` of None: skipped, and ``skipped_why`` says why (a key of the texts, or words).

    Values: ``{"km": 45210}``, ``{"percent": 62.5}``, ``{"levels": {"oil": "ok", …}}``, ``{"present": [names of the
    kit]}``, for a photo that was taken as it is ``{"photo_id": …}``.
    """

    step: str
    value: Mapping[str, Any] | None
    skipped_why: str | None
    source: str
    person_id: UUID
    at: datetime

    @property
    def is_skipped(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class NewAnswer:
    inspection_id: UUID
    step: str
    person_id: UUID
    at: datetime
    value: Mapping[str, Any] | None = None
    skipped_why: str | None = None
    source: str = "person"


_COLUMNS = "step, value, skipped_why, source, person_id, at"


async def put_answer(tx: Tx, new: NewAnswer) -> None:
    await tx.run(
        """INSERT INTO inspection_answers (inspection_id, step, value, skipped_why, source, person_id, at)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        (
            new.inspection_id,
            new.step,
            None if new.value is None else storable_json(dict(new.value)),
            None if new.skipped_why is None else storable_text(new.skipped_why),
            new.source,
            new.person_id,
            new.at,
        ),
    )


async def answers_of(tx: Tx, inspection_id: UUID) -> dict[str, Answer]:
    """The newest answer of each step that has one."""
    rows = await tx.rows(
        f"""SELECT DISTINCT ON (step) {_COLUMNS} FROM inspection_answers
            WHERE inspection_id = %s ORDER BY step, id DESC""",  # noqa: S608 - constants
        (inspection_id,),
    )
    return {row["step"]: Answer(**row) for row in rows}


async def history_of(tx: Tx, inspection_id: UUID) -> list[Answer]:
    """Everything that was answered, the oldest first, also what was answered anew later."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS} FROM inspection_answers WHERE inspection_id = %s ORDER BY id",  # noqa: S608 - constants
        (inspection_id,),
    )
    return [Answer(**row) for row in rows]
