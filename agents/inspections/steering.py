"""What a person does with a form besides answering: back, skip, pause, resume, hand on, cancel, take as it is, submit.

Rights and the state are those of now, whatever the form showed when somebody pressed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from agents.inspections import form as forms
from agents.inspections.context import CONFIRMED
from agents.inspections.form import Form
from agents.inspections.frame import Frame
from agents.inspections.handing_in import submit
from agents.inspections.orders import Commands, named, show_all, show_form, take_over, tell
from agents.inspections.resting import rest_other
from agents.inspections.taking import told_of
from agents.inspections.walk import NOT_TAKEN, last_given
from agents.reading_tools.shortfalls import heads_of
from agents.spec import Outcome
from core.commands import Text
from core.events import Event, FormAct, InspectionSteered
from core.roles import Role
from db.queries import inspection_answers, inspection_photos, inspections, people
from db.queries.inspection_answers import NewAnswer
from db.queries.inspection_photos import Photo
from db.queries.people import Person
from db.session import Tx

OF_A_STEP: frozenset[FormAct] = frozenset({"back", "skip", "go_on"})
"""Acts on the step that is shown: one that was pressed under an old step changes nothing."""


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed what under which form."""

    event: Event[InspectionSteered]
    form: Form
    person: Person
    frame: Frame

    @property
    def body(self) -> InspectionSteered:
        return self.event.body

    @property
    def now(self) -> datetime:
        return self.frame.now


async def steer(tx: Tx, event: Event[InspectionSteered], frame: Frame) -> Outcome:
    body = event.body
    form = await forms.lock(tx, body.inspection_id)
    person = await people.by_trust(tx, event.trust)
    if form is None or person is None:
        return Outcome(note="no such inspection, or nobody of the staff")
    press = Press(event, form, person, frame)
    inspection = form.inspection
    if not inspection.is_in_work:
        return Outcome(commands=await show_form(tx, event, inspection, person.id), note="the form is closed")
    if not _may(press):
        text = Text(key="inspection-not-yours", args={**named(inspection), "name": inspection.person_name})
        told = tell(event, person, text, buttons=((take_over(inspection, person),),))
        return Outcome(commands=(told,), note="somebody else has it")
    if body.act in OF_A_STEP and not _is_fresh(press):
        return Outcome(commands=await show_form(tx, event, inspection, person.id), note="an old button")
    return await _ACTS[body.act](tx, press)


def _may(press: Press) -> bool:
    """Whoever has the form; a colleague may take it over; a head of the branch may end it."""
    inspection, person = press.form.inspection, press.person
    if person.id == inspection.person_id:
        return True
    match press.body.act:
        case "hand":
            return press.body.to_person == person.id
        case "cancel":
            return person.role.is_at_least(Role.BRANCH_HEAD) and person.decides_for(inspection.branch)
        case _:
            return False


def _is_fresh(press: Press) -> bool:
    inspection = press.form.inspection
    return inspection.state == "open" and press.body.step == inspection.step


async def _back(tx: Tx, press: Press) -> Outcome:
    position = max(0, press.form.inspection.position - 1)
    form = await forms.go_to(tx, press.form, position, now=press.now)
    return await _shown(tx, press, form, "back")


async def _skip(tx: Tx, press: Press) -> Outcome:
    """A step that is done already is only left again; any other needs a reason."""
    form, step, reason = press.form, press.form.inspection.step, (press.body.reason or "").strip()
    if step is None:
        return await _shown(tx, press, form, "nothing to skip")
    if step not in form.walk.done:
        if not reason:
            form = await forms.say(tx, form, Text(key="form-reason-wanted"), now=press.now)
            return await _shown(tx, press, form, "no reason")
        skipped = NewAnswer(form.inspection.id, step, press.person.id, press.now, skipped_why=reason)
        await inspection_answers.put_answer(tx, skipped)
        form = await forms.read(tx, form.inspection.id)
    form = await forms.go_on(tx, form, step, now=press.now)
    return await _shown(tx, press, form, f"{step} skipped")


async def _pause(tx: Tx, press: Press) -> Outcome:
    form = await forms.change(tx, press.form, {"state": "paused", "touched_at": press.now})
    return await _shown(tx, press, form, "paused")


async def _resume(tx: Tx, press: Press) -> Outcome:
    """The person's other form rests meanwhile."""
    rested = await rest_other(tx, press.event, press.person, press.form.inspection, now=press.now)
    form = await forms.change(tx, press.form, {"state": "open", "touched_at": press.now})
    return Outcome(commands=(*rested, *await show_all(tx, press.event, form.inspection, is_new=True)), note="resumed")


async def _hand(tx: Tx, press: Press) -> Outcome:
    """To a colleague, or to whoever pressed "take it over". What the new one has in hand already goes on first."""
    former = press.form.inspection
    to = None if press.body.to_person is None else await people.by_id(tx, press.body.to_person)
    if to is None or to.id == former.person_id:
        return await _shown(tx, press, press.form, "there is nobody to hand it to")
    rested: Commands = ()
    if to.id == press.person.id:
        rested = await rest_other(tx, press.event, to, former, now=press.now)
    is_busy = await inspections.open_of(tx, to.id) is not None
    fields = {"person_id": to.id, "state": "paused" if is_busy else "open", "touched_at": press.now}
    form = await forms.change(tx, press.form, fields)
    commands = (
        *rested,
        *await show_form(tx, press.event, form.inspection, former.person_id),
        *await show_all(tx, press.event, form.inspection, is_new=True),
        *await _told_of_handing(tx, press, form, to),
    )
    return Outcome(commands=commands, note=f"handed to {to.role}")


async def _told_of_handing(tx: Tx, press: Press, form: Form, to: Person) -> Commands:
    """The one of the two who did not press hears of it."""
    args = named(form.inspection)
    if to.id != press.person.id:
        return (tell(press.event, to, Text(key="inspection-handed-to-you", args={**args, "name": press.person.name})),)
    former = await people.by_id(tx, press.form.inspection.person_id)
    if former is None:
        return ()
    return (tell(press.event, former, Text(key="inspection-taken-over", args={**args, "name": to.name})),)


async def _cancel(tx: Tx, press: Press) -> Outcome:
    """What was photographed is kept."""
    form = await forms.change(tx, press.form, {"state": "cancelled", "notice": None, "touched_at": press.now})
    return await _shown(tx, press, form, "cancelled")


async def _go_on(tx: Tx, press: Press) -> Outcome:
    """Take the last photo of the step as it is, with the word of a person for it."""
    form, step = press.form, press.form.inspection.step
    last = last_given(form.photos, step)
    if step is None or last is None or last.state not in NOT_TAKEN or last.working_key is None:
        return await _shown(tx, press, form, "there is no photo to take")
    if last.verdict.get("is_same_picture"):
        form = await forms.say(tx, form, Text(key="photo-same-picture"), now=press.now)
        return await _shown(tx, press, form, "the same picture counts once")
    is_right_car = "other_plate" in last.verdict
    flag = {"flag": CONFIRMED if is_right_car else "taken_as_is", "by": str(press.person.id)}
    await inspection_photos.set_state(tx, last.id, "accepted", flags=(flag,))
    await inspection_photos.replace_accepted(tx, form.inspection.id, step, by=last.id)
    form = await forms.go_on(tx, await forms.read(tx, form.inspection.id), step, now=press.now)
    told = await _tell_heads(tx, press, last) if is_right_car else ()
    return Outcome(
        events=(told_of(form.inspection, last.id, last.viewpoint),),
        commands=(*await show_all(tx, press.event, form.inspection), *told),
        note=f"{step} taken as it is",
    )


async def _tell_heads(tx: Tx, press: Press, photo: Photo) -> Commands:
    """Somebody says that the car is the right one although its plate was read as another."""
    args = {**named(press.form.inspection), "name": press.person.name, "read": str(photo.verdict["other_plate"])}
    heads = await heads_of(tx, press.form.inspection.branch)
    return tuple(tell(press.event, head, Text(key="inspection-right-car", args=args)) for head in heads)


async def _submit(tx: Tx, press: Press) -> Outcome:
    return await submit(tx, press.event, press.form, press.frame)


async def _shown(tx: Tx, press: Press, form: Form, note: str) -> Outcome:
    return Outcome(commands=await show_all(tx, press.event, form.inspection), note=note)


_ACTS: Mapping[FormAct, Callable[[Tx, Press], Awaitable[Outcome]]] = {
    "back": _back,
    "skip": _skip,
    "pause": _pause,
    "resume": _resume,
    "hand": _hand,
    "cancel": _cancel,
    "go_on": _go_on,
    "submit": _submit,
}
