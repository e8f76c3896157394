"""A form under the lock of its inspection: where it stands, and what changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.inspections.walk import Walk, notice_at, walk_of
from core.commands import Text
from db.queries import inspection_answers, inspection_photos, inspections
from db.queries.inspection_answers import Answer
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Form:
    """An inspection with its photos and answers, as they stand under its lock."""

    inspection: Inspection
    photos: tuple[Photo, ...]
    answers: Mapping[str, Answer]

    @property
    def walk(self) -> Walk:
        inspection = self.inspection
        return walk_of(inspection.steps, inspection.position, self.photos, self.answers)


async def lock(tx: Tx, inspection_id: UUID) -> Form | None:
    if await inspections.lock(tx, inspection_id) is None:
        return None
    return await read(tx, inspection_id)


async def read(tx: Tx, inspection_id: UUID) -> Form:
    """As it stands after what this transaction wrote; the caller holds the lock."""
    inspection = await inspections.find(tx, inspection_id)
    assert inspection is not None
    photos = await inspection_photos.photos_of(tx, inspection_id)
    return Form(inspection, tuple(photos), await inspection_answers.answers_of(tx, inspection_id))


async def go_to(tx: Tx, form: Form, position: int, *, now: datetime, notice: Text | None = None) -> Form:
    """Show another step, with why its last photo was not taken, unless there is something else to say."""
    steps = form.inspection.steps
    step = steps[position] if position < len(steps) else None
    said = notice_at(form.photos, step) if notice is None else noticed(notice)
    return await change(tx, form, {"position": position, "notice": said, "touched_at": now})


async def go_on(tx: Tx, form: Form, step: str, *, now: datetime, notice: Text | None = None) -> Form:
    """A step is settled: the next one that is missing is shown, if this was the one that was asked."""
    if form.inspection.step != step:
        return await change(tx, form, {"touched_at": now})
    return await go_to(tx, form, form.walk.after(step), now=now, notice=notice)


async def say(tx: Tx, form: Form, notice: Text, *, now: datetime) -> Form:
    return await change(tx, form, {"notice": noticed(notice), "touched_at": now})


async def change(tx: Tx, form: Form, fields: Mapping[str, Any]) -> Form:
    await inspections.change(tx, form.inspection.id, fields)
    return await read(tx, form.inspection.id)


def noticed(notice: Text) -> dict[str, Any]:
    """As a row keeps it."""
    return {"key": notice.key, "args": dict(notice.args)}
