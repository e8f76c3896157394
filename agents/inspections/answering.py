"""An answer to a question of the form: kept, and the next step shown; or why it is none."""

from collections.abc import Mapping

from agents.inspections import form as forms
from agents.inspections.answers import Understood, read_answer
from agents.inspections.form import Form
from agents.inspections.frame import Frame
from agents.inspections.orders import show_all, show_form
from agents.spec import Outcome
from core.commands import Text
from core.events import Event, InspectionAnswered, ReadingTaken
from core.inspection.views import Question
from db.queries import inspection_answers, people, readings
from db.queries.inspection_answers import NewAnswer
from db.queries.readings import Topic
from db.session import Tx

ASKED_AT = {
    "mileage": Question.MILEAGE,
    "fuel": Question.FUEL_LEVEL,
    "fluids": Question.FLUID_LEVELS,
    "kit": Question.KIT_ITEMS,
}
_PROPOSED: Mapping[str, tuple[Topic, str]] = {
    Question.MILEAGE: ("mileage", "km"),
    Question.FUEL_LEVEL: ("fuel", "percent"),
}
"""Whose reading proposes an answer, and where in it the figure stands."""


async def answer(tx: Tx, event: Event[InspectionAnswered], frame: Frame) -> Outcome:
    body = event.body
    form = await forms.lock(tx, body.inspection_id)
    person = await people.by_trust(tx, event.trust)
    if form is None or person is None or person.id != form.inspection.person_id:
        return Outcome(note="not theirs to answer")
    inspection = form.inspection
    if inspection.state != "open" or body.step != inspection.step:
        return Outcome(commands=await show_form(tx, event, inspection, person.id), note="another step is asked now")
    understood = read_answer(body, frame.photos.kit)
    if isinstance(understood, Text):
        form = await forms.say(tx, form, understood, now=frame.now)
        return Outcome(commands=await show_form(tx, event, form.inspection, person.id), note=understood.key)
    new = NewAnswer(
        inspection_id=inspection.id,
        step=body.step,
        person_id=person.id,
        at=frame.now,
        value=understood.value,
        source=await _source(tx, form, body.step, understood),
    )
    await inspection_answers.put_answer(tx, new)
    form = await forms.change(tx, form, understood.fields)
    form = await forms.go_on(tx, form, body.step, now=frame.now)
    return Outcome(commands=await show_all(tx, event, form.inspection), note=f"{body.step} answered")


async def _source(tx: Tx, form: Form, step: str, understood: Understood) -> str:
    """The agent whose proposal a person took over as it was."""
    if step not in _PROPOSED:
        return "person"
    topic, name = _PROPOSED[step]
    reading = await readings.find(tx, form.inspection.id, topic)
    is_same = reading is not None and reading.value.get(name) == understood.value[name]
    return "agent:dashboard" if is_same else "person"


async def show_reading(tx: Tx, event: Event[ReadingTaken]) -> Outcome:
    """What was read shows as a proposal while its question is asked; the card shows it in any case."""
    form = await forms.lock(tx, event.body.inspection_id)
    if form is None or not form.inspection.is_in_work:
        return Outcome(note="the form is closed")
    if form.inspection.step != ASKED_AT.get(event.body.topic):
        return Outcome(note="another step is asked")
    return Outcome(commands=await show_all(tx, event, form.inspection))
