"""People decide about findings: by their role, once, beside what the machine said."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from core.events import FindingDecided
from core.ids import rentprog_id
from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Occasion
from tests.agents.damage.garage import CAR, FORUM, NOW, Garage, kinds, told

NEW, KNOWN, NOT_DAMAGE, NEED_PHOTO, PROPOSED = (
    FindingState.NEW,
    FindingState.KNOWN,
    FindingState.NOT_DAMAGE,
    FindingState.NEED_PHOTO,
    FindingState.PROPOSED,
)


async def test_a_head_confirms_a_light_dent_and_the_car_has_it_from_now_on(garage: Garage):
    finding = await garage.finding(await garage.inspection())
    outcome = await garage.press("head", finding, NEW)
    decided = await garage.found(finding.id)
    assert (decided.state, decided.decided_by) == (NEW, garage.people["head"])
    assert await garage.damages() == [("dent", "front_left_door", 2, None)]
    assert told(outcome)[11] == ["damage-close-up"]
    assert "telegram.show_finding" in kinds(outcome)
    assert await garage.audited() == ["finding.new"]


async def test_what_the_person_says_stands_beside_what_the_machine_said(garage: Garage):
    finding = await garage.finding(await garage.inspection())
    await garage.press(
        "division", finding, NEW, damage_kind=DamageKind.SCRATCH, part=Part.HOOD, severity=Severity.SERIOUS
    )
    decided = await garage.found(finding.id)
    assert (decided.kind, decided.part, decided.severity, decided.cost_gel) == (
        DamageKind.DENT,
        Part.FRONT_LEFT_DOOR,
        Severity.LIGHT,
        300,
    )
    assert (decided.decided_kind, decided.decided_part, decided.decided_severity) == (
        DamageKind.SCRATCH,
        Part.HOOD,
        Severity.SERIOUS,
    )
    assert decided.decided_cost_gel == 220
    assert await garage.damages() == [("scratch", "hood", 3, None)]


@pytest.mark.parametrize(
    ("who", "severity"),
    [("anna", Severity.COSMETIC), ("other_head", Severity.LIGHT), ("head", Severity.SERIOUS)],
)
async def test_who_may_not_decide_is_told_who_may_and_nothing_changes(garage: Garage, who: str, severity: Severity):
    finding = await garage.finding(await garage.inspection(), severity)
    outcome = await garage.press(who, finding, NOT_DAMAGE)
    assert (await garage.found(finding.id)).state is PROPOSED
    assert "damage-not-yours" in str(told(outcome))
    assert await garage.audited() == ["finding.not_yours"]


async def test_nobody_makes_a_severe_finding_light_to_decide_about_it_alone(garage: Garage):
    finding = await garage.finding(await garage.inspection(), Severity.CRITICAL)
    await garage.press("head", finding, NEW, severity=Severity.COSMETIC)
    await garage.press("head", finding, PROPOSED, severity=Severity.COSMETIC)
    assert (await garage.found(finding.id)).severity_now is Severity.CRITICAL
    assert await garage.damages() == []


async def test_a_client_or_nobody_decides_nothing(garage: Garage):
    finding = await garage.finding(await garage.inspection())
    await garage.happen(FindingDecided(inspection_id=finding.inspection_id, finding_id=finding.id, state=NEW))
    assert (await garage.found(finding.id)).state is PROPOSED


async def test_the_same_press_again_changes_and_says_nothing_more(garage: Garage):
    finding = await garage.finding(await garage.inspection())
    await garage.press("head", finding, NEW)
    outcome = await garage.press("head", finding, NEW)
    assert told(outcome) == {}
    assert len(await garage.damages()) == 1
    assert await garage.audited() == ["finding.new"]


async def test_two_heads_who_press_at_once_leave_one_result(garage: Garage):
    finding = await garage.finding(await garage.inspection(), Severity.LIGHT)
    await asyncio.gather(garage.press("head", finding, NEW), garage.press("head", finding, NEW))
    assert len(await garage.damages()) == 1
    assert (await garage.audited()).count("finding.new") == 1


async def test_who_comes_second_does_not_overrule_an_equal_or_higher_role(garage: Garage):
    finding = await garage.finding(await garage.inspection())
    await garage.press("division", finding, NEW)
    outcome = await garage.press("head", finding, NOT_DAMAGE)
    assert told(outcome)[13] == ["damage-taken"]
    assert (await garage.found(finding.id)).state is NEW


async def test_a_higher_role_overrules_and_the_damage_is_taken_back(garage: Garage):
    finding = await garage.finding(await garage.inspection())
    await garage.press("head", finding, NEW)
    await garage.press("division", finding, NOT_DAMAGE)
    assert (await garage.found(finding.id)).state is NOT_DAMAGE
    assert await garage.damages() == []
    assert await garage.audited() == ["finding.new", "finding.not_damage"]


async def test_after_the_review_nothing_is_decided_any_more(garage: Garage):
    finding = await garage.finding(await garage.inspection("reviewed"))
    outcome = await garage.press("director", finding, NEW)
    assert told(outcome)[16] == ["damage-too-late"]
    assert (await garage.found(finding.id)).state is PROPOSED


async def test_a_known_one_is_tied_to_the_damage_of_its_kind_and_part(garage: Garage):
    first = await garage.finding(await garage.inspection("examined"))
    await garage.press("head", first, NEW)
    again = await garage.finding(await garage.inspection("examined"))
    await garage.press("head", again, KNOWN)
    assert (await garage.found(again.id)).damage_id == (await garage.found(first.id)).damage_id
    assert len(await garage.damages()) == 1


async def test_a_known_one_that_nobody_had_written_down_is_known_from_now_on_and_nobodys(garage: Garage):
    booking = await _booking(garage)
    finding = await garage.finding(await garage.inspection(booking_id=booking))
    await garage.press("head", finding, KNOWN)
    assert await garage.damages() == [("dent", "front_left_door", 2, None)]


async def test_new_damage_of_a_return_names_the_booking_between_the_two_photos(garage: Garage):
    booking = await _booking(garage)
    hand_over = await garage.inspection("reviewed", booking_id=booking, occasion=Occasion.HAND_OVER)
    clean = await garage.photo(hand_over)
    garage.clock.advance(timedelta(days=3))
    back = await garage.inspection(booking_id=booking)
    dirty = await garage.photo(back)
    finding = await garage.finding(back, photo_id=dirty)
    await garage.press("head", finding, NEW)
    (damage,) = await garage.sql("SELECT last_clean_photo_id, first_photo_id, booking_id FROM damages")
    assert damage == {"last_clean_photo_id": clean, "first_photo_id": dirty, "booking_id": booking}


async def test_everybody_may_ask_for_a_better_photo_and_the_inspector_is_asked(garage: Garage):
    finding = await garage.finding(await garage.inspection(), Severity.SERIOUS)
    outcome = await garage.press("anna", finding, NEED_PHOTO)
    assert (await garage.found(finding.id)).state is NEED_PHOTO
    assert told(outcome)[11] == ["damage-better-photo"]


async def test_a_serious_one_reaches_head_and_division_but_not_who_confirmed_it(garage: Garage):
    finding = await garage.finding(await garage.inspection(), Severity.SERIOUS)
    outcome = await garage.press("division", finding, NEW)
    assert "damage-told" in told(outcome)[13]
    assert 15 not in told(outcome)
    assert 16 not in told(outcome)


async def test_a_critical_one_reaches_the_director(garage: Garage):
    finding = await garage.finding(await garage.inspection(), Severity.CRITICAL)
    outcome = await garage.press("division", finding, NEW)
    assert "damage-told" in told(outcome)[16]


async def test_what_an_employee_adds_waits_for_whoever_confirms(garage: Garage):
    inspection = await garage.inspection()
    outcome = await garage.add("anna", inspection, Severity.SERIOUS)
    (finding,) = await garage.all_of(inspection)
    assert (finding.source, finding.state) == ("person", PROPOSED)
    assert {13, 15} <= set(told(outcome))
    assert await garage.damages() == []


async def test_what_a_head_adds_is_confirmed_with_it(garage: Garage):
    inspection = await garage.inspection()
    outcome = await garage.add("head", inspection)
    (finding,) = await garage.all_of(inspection)
    assert (finding.state, finding.decided_by) == (NEW, garage.people["head"])
    assert await garage.damages() == [("scratch", "hood", 2, None)]
    assert told(outcome)[11] == ["damage-close-up"]


async def test_a_photo_of_another_inspection_shows_nothing_here(garage: Garage):
    other = await garage.inspection("reviewed")
    strange = await garage.photo(other)
    inspection = await garage.inspection()
    await garage.add("head", inspection, photo_id=strange)
    (finding,) = await garage.all_of(inspection)
    assert finding.photo_id is None


async def test_a_finding_shows_where_it_was_shown(garage: Garage):
    finding = await garage.finding(await garage.inspection())
    outcome = await garage.press("head", finding, NOT_DAMAGE)
    shown = [one.body.chat_id for one in outcome.commands if one.body.kind == "telegram.show_finding"]
    assert shown == [FORUM]


async def _booking(garage: Garage) -> UUID:
    booking = rentprog_id("booking", 7)
    await garage.sql(
        """INSERT INTO bookings (id, rentprog_id, number, car_id, updated_by, state, start_at, end_at, branch)
           VALUES (%s, 7, 700, %s, 'fetch', 'active', %s, %s, 'north')""",
        booking,
        CAR,
        NOW - timedelta(hours=1),
        NOW + timedelta(days=3),
    )
    return booking
