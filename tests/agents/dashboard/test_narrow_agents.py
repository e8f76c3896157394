"""Fuel, mileage, kit and fluids of a form that was handed in: what is written down, who owes what, who hears of it."""

import pytest

from agents.dashboard import AGENT as DASHBOARD
from agents.fluids import AGENT as FLUIDS
from agents.trunk_kit import AGENT as TRUNK_KIT
from core.events import DashboardPhotographed, FluidsPhotographed
from core.inspection.views import Question, Viewpoint
from tests.agents.dashboard.rental import HEAD, INSPECTOR, Rental, asked, said
from tests.agents.evidence.company import FORUM, picture

KIT = ["spare_wheel", "jack", "wheel_wrench", "triangle", "extinguisher", "first_aid", "vest"]


# -- fuel --------------------------------------------------------------------------------------------------------------


async def test_exactly_five_percent_of_the_tank_less_passes_and_nobody_is_bothered(rental: Rental):
    await rental.before(fuel_percent=100)
    after = await rental.after(fuel_percent=95)
    outcome = await rental.handed_in(DASHBOARD, after)
    reading = await rental.reading(after, "fuel")
    assert (reading.verdict, reading.value["gap"], reading.value["blocks_closing"]) == ("ok", 5, False)
    assert (said(outcome), await rental.tasks()) == ([], [])


async def test_a_tenth_more_blocks_the_closing_and_inspector_and_head_hear_of_it_once(rental: Rental):
    await rental.before(fuel_percent=100)
    after = await rental.after(fuel_percent=94.9)
    outcome = await rental.handed_in(DASHBOARD, after)
    reading = await rental.reading(after, "fuel")
    assert (reading.verdict, reading.value["gap"], reading.value["blocks_closing"]) == ("problem", 5.1, True)
    assert said(outcome) == [(INSPECTOR, "reading-fuel-gap"), (HEAD, "reading-fuel-gap")]
    assert [owed[1:] for owed in await rental.tasks()] == [("incident", "high")]
    assert said(await rental.handed_in(DASHBOARD, after)) == []
    assert len(await rental.tasks()) == 1


async def test_without_a_figure_of_the_hand_over_nobody_says_that_the_fuel_is_right(rental: Rental):
    after = await rental.after(fuel_percent=100)
    await rental.handed_in(DASHBOARD, after)
    assert (await rental.reading(after, "fuel")).verdict == "unclear"
    assert await rental.tasks() == []


# -- mileage -----------------------------------------------------------------------------------------------------------


async def test_a_mileage_that_went_back_is_asked_about_and_the_figure_stays_the_persons(rental: Rental):
    await rental.before(mileage_km=46_000)
    after = await rental.after(mileage_km=45_900)
    outcome = await rental.handed_in(DASHBOARD, after)
    reading = await rental.reading(after, "mileage")
    assert (reading.verdict, reading.why) == ("problem", "less")
    assert (reading.value["answered"], reading.value["known"]) == (45_900, 46_000)
    assert asked(outcome) == [INSPECTOR, FORUM]
    assert len(await rental.tasks()) == 1


async def test_more_than_a_car_can_drive_in_its_days_is_asked_about(rental: Rental):
    await rental.before(mileage_km=46_000)
    after = await rental.after(mileage_km=49_001)
    assert asked(await rental.handed_in(DASHBOARD, after)) == [INSPECTOR, FORUM]
    assert (await rental.reading(after, "mileage")).why == "too-much"


async def test_a_mileage_that_fits_is_kept_as_right_without_a_word(rental: Rental):
    await rental.before(mileage_km=46_000)
    after = await rental.after(mileage_km=46_420)
    outcome = await rental.handed_in(DASHBOARD, after)
    assert ((await rental.reading(after, "mileage")).verdict, asked(outcome)) == ("ok", [])


async def test_without_eyes_instruments_are_unread_and_nobody_is_sent_for_another_photo(rental: Rental):
    form = await rental.form()
    outcome = await rental.photographed(DASHBOARD, DashboardPhotographed, form, Viewpoint.DASHBOARD, picture(9))
    verdicts = {(await rental.reading(form, topic)).verdict for topic in ("mileage", "fuel")}
    assert (verdicts, said(outcome)) == ({"unclear"}, [])


# -- kit ---------------------------------------------------------------------------------------------------------------


async def test_what_was_there_at_the_hand_over_and_is_gone_was_lost_and_the_head_hears_of_it(rental: Rental):
    before, after = await rental.before(), await rental.after()
    await rental.answered(before, Question.KIT_ITEMS, {"present": [item for item in KIT if item != "jack"]})
    await rental.answered(
        after, Question.KIT_ITEMS, {"present": [item for item in KIT if item not in {"jack", "vest"}]}
    )
    outcome = await rental.handed_in(TRUNK_KIT, after)
    reading = await rental.reading(after, "kit")
    assert (reading.verdict, reading.value["missing"], reading.value["lost"]) == ("problem", ["jack", "vest"], ["vest"])
    assert said(outcome) == [(INSPECTOR, "reading-kit-lost"), (HEAD, "reading-kit-lost")]
    assert len(await rental.tasks()) == 1


async def test_what_was_missing_before_the_rent_already_is_a_task_and_nobodys_loss(rental: Rental):
    before, after = await rental.before(), await rental.after()
    for inspection in (before, after):
        await rental.answered(inspection, Question.KIT_ITEMS, {"present": [item for item in KIT if item != "jack"]})
    outcome = await rental.handed_in(TRUNK_KIT, after)
    assert (await rental.reading(after, "kit")).value["lost"] == []
    assert said(outcome) == [(INSPECTOR, "reading-kit-missing")]


async def test_a_kit_that_nobody_ticked_is_unclear(rental: Rental):
    after = await rental.after()
    await rental.handed_in(TRUNK_KIT, after)
    assert (await rental.reading(after, "kit")).verdict == "unclear"
    assert await rental.tasks() == []


# -- fluids ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "owed"),
    [
        ({"oil": "ok", "coolant": "low", "brake": "ok"}, [("task", "high")]),
        ({"oil": "critical", "coolant": "ok", "brake": "ok"}, [("breakdown", "urgent")]),
        ({"oil": "ok", "coolant": "ok", "brake": "ok"}, []),
    ],
)
async def test_low_fluids_are_a_task_and_critical_ones_a_breakdown(
    rental: Rental, levels: dict[str, str], owed: list[tuple[str, str]]
):
    after = await rental.after()
    await rental.answered(after, Question.FLUID_LEVELS, {"levels": levels})
    outcome = await rental.handed_in(FLUIDS, after)
    assert (await rental.reading(after, "fluids")).value == {"levels": levels}
    assert [one[1:] for one in await rental.tasks()] == owed
    assert len(said(outcome)) == 2 * len(owed)


async def test_a_photo_of_the_reservoirs_is_left_to_people_and_is_no_pass(rental: Rental):
    form = await rental.form()
    await rental.photographed(FLUIDS, FluidsPhotographed, form, Viewpoint.FLUIDS, picture(7))
    assert (await rental.reading(form, "fluids")).verdict == "unclear"
    await rental.closed(form)
    await rental.handed_in(FLUIDS, form)
    assert (await rental.reading(form, "fluids")).verdict == "unclear"
