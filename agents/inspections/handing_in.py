"""Hand a form in: what is missing is named, and made somebody's task; then machine and people look at the car."""

from typing import Any

from agents.inspections import form as forms
from agents.inspections.form import Form
from agents.inspections.frame import Frame
from agents.inspections.orders import show_all, tell
from agents.inspections.walk import accepted, is_view
from agents.spec import Outcome
from core.commands import Text
from core.events import Event, InspectionNoLongerMissing, InspectionSubmitted, NewEvent, TaskCreated
from core.ids import outside_id
from db.queries import operations, people, tasks
from db.queries.inspections import Inspection
from db.queries.tasks import NewTask
from db.session import Tx

_TITLES = {
    "ru": "Доснять осмотр {car}: принято {photos} фото из {wanted}",
    "en": "Complete the inspection of {car}: {photos} photos of {wanted} were taken",
    "ka": "{car}: დათვალიერების შევსება, მიღებულია {photos} ფოტო {wanted}-დან",
}
"""A task keeps its title in the language of whoever it is for."""


async def submit(tx: Tx, event: Event[Any], form: Form, frame: Frame) -> Outcome:
    """Pressed before everything had its turn, it leads back to the first step that had none."""
    inspection, walk = form.inspection, form.walk
    if walk.missing:
        place = inspection.steps.index(walk.missing[0])
        text = Text(key="form-steps-missing", args={"count": len(walk.missing)})
        form = await forms.go_to(tx, form, place, now=frame.now, notice=text)
        return Outcome(commands=await show_all(tx, event, form.inspection), note="steps are missing")
    count = accepted(form.photos)
    is_short = count < min(frame.photos.minimum_total, sum(is_view(step) for step in inspection.steps))
    if is_short and frame.photos.missing_blocks_closing:
        text = Text(key="form-photos-missing", args={"photos": count, "wanted": frame.photos.minimum_total})
        form = await forms.say(tx, form, text, now=frame.now)
        return Outcome(commands=await show_all(tx, event, form.inspection), note="too few photos")
    fields = {"state": "submitted", "submitted_at": frame.now, "touched_at": frame.now, "notice": None}
    form = await forms.change(tx, form, fields)
    short = await _too_few(tx, event, form, frame) if is_short else Outcome()
    return Outcome(
        events=(_submitted(form.inspection), *_settled(form.inspection), *short.events),
        commands=(*await show_all(tx, event, form.inspection), *short.commands),
        note=f"submitted with {count} photos",
    )


def _submitted(inspection: Inspection) -> NewEvent[InspectionSubmitted]:
    return NewEvent(
        body=InspectionSubmitted(inspection_id=inspection.id),
        subject=inspection.subject,
        source="inspections",
        external_id=f"submitted:{inspection.id}",
        branch=inspection.branch,
    )


def _settled(inspection: Inspection) -> tuple[NewEvent[InspectionNoLongerMissing], ...]:
    if inspection.booking_id is None:
        return ()
    body = InspectionNoLongerMissing(booking_id=inspection.booking_id, occasion=inspection.occasion, why="inspected")
    subject = operations.subject_of(inspection.booking_id, inspection.occasion)
    return (NewEvent(body=body, subject=subject, branch=inspection.branch),)


async def _too_few(tx: Tx, event: Event[Any], form: Form, frame: Frame) -> Outcome:
    """The reminder and the task that the owner wants for photos that are missing: once for an inspection."""
    inspection = form.inspection
    inspector = await people.by_id(tx, inspection.person_id)
    assert inspector is not None  # they have just pressed the button
    args: dict[str, str | int] = {"photos": accepted(form.photos), "wanted": frame.photos.minimum_total}
    new = NewTask(
        id=outside_id("jarvis", "task", f"{inspection.id}:photos"),
        title=_TITLES[inspector.language].format(**args, car=inspection.car),
        source="agent",
        created_by="agent:inspections",
        assignee_id=inspector.id,
        branch=inspection.branch,
        due_at=frame.now,
        links=(f"car:{inspection.car_id}",),
    )
    if not await tasks.create(tx, new):
        return Outcome()
    made = NewEvent(body=TaskCreated(task_id=new.id), subject=tasks.subject_of(new.id), branch=inspection.branch)
    text = Text(key="inspection-photos-missing", args={**args, "car": inspection.car})
    return Outcome(events=(made,), commands=(tell(event, inspector, text),))
