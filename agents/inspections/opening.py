"""Somebody at a car pressed "Hand over" or "Return": their form opens, or the one that is in work goes on."""

from dataclasses import dataclass

from agents.inspections import form as forms
from agents.inspections.frame import Frame
from agents.inspections.orders import Commands, named, show_all, take_over, tell
from agents.inspections.resting import rest_other
from agents.spec import Outcome
from core.commands import Text
from core.events import Event, InspectionWanted
from core.ids import outside_id
from core.inspection.views import Occasion, Viewpoint, steps_of
from core.settings import PhotosSettings
from db.queries import car_cards, inspections, operations, people
from db.queries.inspections import Inspection, NewInspection
from db.queries.operations import Operation
from db.queries.people import Person
from db.session import Tx

TRIES = 2
"""The same person may begin another car at this very moment: their form there is put aside at the second try."""


@dataclass(frozen=True, slots=True)
class Wish:
    event: Event[InspectionWanted]
    person: Person
    branch: str
    frame: Frame

    @property
    def body(self) -> InspectionWanted:
        return self.event.body


async def open_form(tx: Tx, event: Event[InspectionWanted], frame: Frame) -> Outcome:
    person = await people.by_trust(tx, event.trust)
    branch = await car_cards.where(tx, event.body.car_id)
    if person is None:
        return Outcome(note="nobody of the staff")
    if branch is None:
        told = tell(event, person, Text(key="inspection-car-gone"))
        return Outcome(commands=(told,), note="the car is not in the fleet")
    wish = Wish(event, person, branch, frame)
    there = await inspections.in_work(tx, event.body.car_id, event.body.occasion)
    return await _begin(tx, wish) if there is None else await _go_on(tx, wish, there)


async def _begin(tx: Tx, wish: Wish) -> Outcome:
    operation = await _operation(tx, wish)
    new = await _new(tx, wish, operation)
    rested: Commands = ()
    for _ in range(TRIES):
        rested = (*rested, *await rest_other(tx, wish.event, wish.person, None, now=wish.frame.now))
        if await inspections.create(tx, new):
            break
    else:
        there = await inspections.in_work(tx, new.car_id, new.occasion)
        return Outcome(note="begun elsewhere meanwhile") if there is None else await _go_on(tx, wish, there)
    form = await forms.read(tx, new.id)
    if operation is None:
        form = await forms.say(tx, form, Text(key="form-no-booking"), now=wish.frame.now)
    commands = (*rested, *await show_all(tx, wish.event, form.inspection, is_new=True))
    return Outcome(commands=commands, note="opened" if operation else "opened without a booking")


async def _go_on(tx: Tx, wish: Wish, there: Inspection) -> Outcome:
    """One's own form is shown again; somebody else's is named, with a button to take it over."""
    form = await forms.lock(tx, there.id)
    if form is None or not form.inspection.is_in_work:
        return Outcome(note="it was finished at this moment")
    inspection, person = form.inspection, wish.person
    if inspection.person_id != person.id:
        text = Text(key="inspection-not-yours", args={**named(inspection), "name": inspection.person_name})
        told = tell(wish.event, person, text, buttons=((take_over(inspection, person),),))
        return Outcome(commands=(told,), note="somebody else has it")
    rested = await rest_other(tx, wish.event, person, inspection, now=wish.frame.now)
    form = await forms.change(tx, form, {"state": "open", "touched_at": wish.frame.now})
    return Outcome(commands=(*rested, *await show_all(tx, wish.event, form.inspection, is_new=True)), note="goes on")


async def _operation(tx: Tx, wish: Wish) -> Operation | None:
    """The one whose button was pressed, if it is still this car's; else what is to be done with the car now."""
    body = wish.body
    if body.booking_id is not None:
        named_one = await operations.find(tx, body.booking_id, body.occasion)
        if named_one is not None and named_one.car_id == body.car_id and not named_one.is_off:
            return named_one
    return await operations.wanted(tx, body.car_id, body.occasion, wish.frame.now)


async def _new(tx: Tx, wish: Wish, operation: Operation | None) -> NewInspection:
    body = wish.body
    before = await _before(tx, wish, operation)
    return NewInspection(
        id=outside_id("jarvis", "inspection", wish.event.id),
        car_id=body.car_id,
        occasion=body.occasion,
        person_id=wish.person.id,
        steps=asked(wish.frame.photos, body.occasion),
        opened_at=wish.frame.now,
        booking_id=None if operation is None else operation.booking_id,
        branch=wish.branch,
        planned_at=None if operation is None else operation.planned_at,
        before_id=None if before is None else before.id,
    )


async def _before(tx: Tx, wish: Wish, operation: Operation | None) -> Inspection | None:
    """A return is compared with the hand-over of its booking; else with the last look at the car."""
    if operation is not None and wish.body.occasion is Occasion.RETURN:
        handed_over = await inspections.of_booking(tx, operation.booking_id, Occasion.HAND_OVER)
        if handed_over is not None:
            return handed_over
    return await inspections.latest_finished_before(tx, wish.body.car_id, wish.frame.now)


def asked(settings: PhotosSettings, occasion: Occasion) -> tuple[str, ...]:
    """The steps of a new form. A shorter set for returns (``photos.same_set_for_return``) leaves the inside out."""
    inside = settings.other_required
    if occasion is Occasion.RETURN and not settings.same_set_for_return:
        inside = tuple(view for view in inside if view is Viewpoint.DASHBOARD)
    return steps_of(exterior=settings.exterior_angles, inside=inside, with_tyres=settings.tyres_required)
