"""A form from the press that opens it to the moment it is handed in."""

from datetime import timedelta
from typing import Any

import pytest

from core.inspection.chain import verify_chain
from core.inspection.views import Occasion
from core.settings import Settings
from db.queries import inspection_answers
from tests.agents.inspections.yard import CAR, FEW, FORUM, NOW, OTHER_CAR, PEOPLE, Yard, picture, said, shown, told_of

NINO, LASHA = PEOPLE["nino"], PEOPLE["lasha"]
STEPS = ("front", "left", "rear", "dashboard", "mileage", "fuel_level", "fluid_levels", "kit_items")


async def test_a_press_opens_the_form_in_private_and_the_card_in_the_cars_topic(yard: Yard):
    booking = await yard.booking(1)
    outcome = await yard.want()
    assert shown(outcome) == [(NINO, "new form"), (FORUM, "card")]
    inspection = await yard.newest()
    assert (inspection.booking_id, inspection.steps, inspection.step) == (booking, STEPS, "front")


async def test_without_a_booking_it_goes_on_and_says_so(yard: Yard):
    await yard.want()
    assert (await yard.newest()).booking_id is None
    assert await yard.notice() == "form-no-booking"


async def test_the_same_person_goes_on_with_what_is_begun(yard: Yard):
    await yard.want()
    await yard.steer("pause")
    await yard.want()
    inspection = await yard.newest()
    assert (inspection.number, inspection.state) == ((await yard.newest()).number, "open")
    assert len(await yard.sql("SELECT 1 FROM inspections")) == 1


async def test_another_person_hears_who_has_it_and_may_take_it_over(yard: Yard):
    await yard.want()
    outcome = await yard.want("lasha")
    assert said(outcome) == [(LASHA, "inspection-not-yours")]
    taken = await yard.steer("hand", "lasha", to_person=yard.people["lasha"])
    assert shown(taken) == [(NINO, "form"), (LASHA, "new form"), (FORUM, "card")]
    assert said(taken) == [(NINO, "inspection-taken-over")]
    assert (await yard.newest()).person_id == yard.people["lasha"]


async def test_a_second_car_puts_the_first_form_aside(yard: Yard):
    await yard.want()
    await yard.want(car=OTHER_CAR)
    rows = await yard.sql("SELECT car_id, state FROM inspections ORDER BY number")
    assert rows == [{"car_id": CAR, "state": "paused"}, {"car_id": OTHER_CAR, "state": "open"}]


async def test_a_form_is_handed_to_a_colleague_who_is_told(yard: Yard):
    await yard.want()
    outcome = await yard.steer("hand", to_person=yard.people["lasha"])
    assert said(outcome) == [(LASHA, "inspection-handed-to-you")]
    inspection = await yard.newest()
    assert (inspection.person_id, inspection.state) == (yard.people["lasha"], "open")


async def test_a_colleague_who_is_busy_gets_it_at_rest(yard: Yard):
    await yard.want("lasha", car=OTHER_CAR)
    await yard.want()
    await yard.steer("hand", to_person=yard.people["lasha"])
    assert (await yard.newest()).state == "paused"


async def test_nobody_steers_the_form_of_another(yard: Yard):
    await yard.want()
    outcome = await yard.steer("skip", "lasha", reason="dark")
    assert said(outcome) == [(LASHA, "inspection-not-yours")]
    assert (await yard.newest()).step == "front"


async def test_the_head_of_the_branch_may_end_it(yard: Yard):
    await yard.want()
    await yard.steer("cancel", "head")
    assert (await yard.newest()).state == "cancelled"


async def test_back_and_skip_move_the_form(yard: Yard):
    await yard.want()
    await yard.steer("skip", reason="dark")
    assert (await yard.newest()).step == "left"
    await yard.steer("back")
    assert (await yard.newest()).step == "front"
    await yard.steer("back", step="front")
    assert (await yard.newest()).step == "front"


async def test_a_step_is_skipped_with_a_reason_only(yard: Yard):
    await yard.want()
    await yard.steer("skip", reason="  ")
    assert (await yard.newest()).step == "front"
    assert await yard.notice() == "form-reason-wanted"
    await yard.steer("skip", reason="the hood is under snow")
    async with yard.db.transaction() as tx:
        answers = await inspection_answers.answers_of(tx, (await yard.newest()).id)
    assert answers["front"].skipped_why == "the hood is under snow"


async def test_a_press_under_an_old_step_changes_nothing(yard: Yard):
    await yard.want()
    await yard.steer("skip", reason="dark")
    outcome = await yard.steer("skip", step="front", reason="dark")
    assert (await yard.newest()).step == "left"
    assert shown(outcome) == [(NINO, "form")]
    assert len(await yard.sql("SELECT 1 FROM inspection_answers")) == 1


async def test_an_answer_to_an_old_step_changes_nothing(yard: Yard):
    await yard.want()
    await yard.answer(step="mileage", number=45210)
    inspection = await yard.newest()
    assert (inspection.step, inspection.mileage_km) == ("front", None)


async def test_an_answer_that_is_none_is_asked_again(yard: Yard):
    await yard.want()
    await yard.walk(until="mileage")
    await yard.answer(number=-5)
    assert ((await yard.newest()).step, await yard.notice()) == ("mileage", "answer-mileage-wanted")
    await yard.answer(number=45210)
    assert ((await yard.newest()).step, (await yard.newest()).mileage_km) == ("fuel_level", 45210)
    assert await yard.notice() is None


async def test_a_whole_inspection_is_handed_in_once(yard: Yard):
    booking = await yard.booking(1)
    await yard.want()
    await yard.walk()
    outcome = await yard.steer("submit")
    assert told_of(outcome) == ["inspection.submitted", "inspection.settled"]
    inspection = await yard.newest()
    assert (inspection.state, inspection.booking_id, inspection.submitted_at) == ("submitted", booking, NOW)
    again = await yard.steer("submit")
    assert told_of(again) == []


async def test_handing_in_before_the_end_leads_to_what_is_missing(yard: Yard):
    await yard.want()
    await yard.give(picture(1))
    outcome = await yard.steer("submit")
    assert told_of(outcome) == []
    assert ((await yard.newest()).step, await yard.notice()) == ("left", "form-steps-missing")


async def test_photos_that_are_missing_become_a_task(yard: Yard):
    await yard.want()
    await yard.steer("skip", reason="dark")
    await yard.walk()
    outcome = await yard.steer("submit")
    assert told_of(outcome) == ["inspection.submitted", "task.created"]
    assert said(outcome) == [(NINO, "inspection-photos-missing")]
    [task] = await yard.sql("SELECT title, assignee_id FROM tasks")
    assert task["assignee_id"] == yard.people["nino"]
    assert "3 photos of 4" in task["title"]


async def test_missing_photos_block_the_closing_where_the_owner_wants_it(yard: Yard):
    yard.settings = Settings(photos=FEW.model_copy(update={"missing_blocks_closing": True}))
    await yard.want()
    await yard.steer("skip", reason="dark")
    await yard.walk()
    await yard.steer("submit")
    assert ((await yard.newest()).state, await yard.notice()) == ("open", "form-photos-missing")


async def test_a_return_is_compared_with_the_hand_over_of_its_booking(yard: Yard):
    booking = await yard.booking(1)
    await yard.want()
    await yard.walk()
    await yard.steer("submit")
    first = await yard.newest()
    await yard.sql("UPDATE bookings SET in_rent = true")
    yard.clock.advance(timedelta(days=2))
    await yard.want(occasion=Occasion.RETURN)
    inspection = await yard.newest()
    assert (inspection.booking_id, inspection.before_id) == (booking, first.id)


async def test_the_chain_of_photos_holds(yard: Yard):
    await yard.want()
    await yard.walk(until="mileage")
    photos = await yard.photos()
    assert verify_chain(photos, end=(await yard.newest()).chain_hash) is None
    assert [photo.ordinal for photo in photos] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("act", "given"), [("pause", {}), ("cancel", {}), ("hand", {"to_person": None}), ("submit", {}), ("go_on", {})]
)
async def test_a_closed_form_is_not_steered(yard: Yard, act: str, given: dict[str, Any]):
    await yard.want()
    await yard.steer("cancel")
    outcome = await yard.steer(act, **given)
    assert (await yard.newest()).state == "cancelled"
    assert shown(outcome) == [(NINO, "form")]
