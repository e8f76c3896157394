"""A person ends the review; a severely damaged car is proposed to be kept back, and a person decides."""

from datetime import timedelta

from core.commands import ShowFinding
from core.ids import new_id
from core.inspection.damage import FindingState, Severity
from db.queries import posts
from db.queries.posts import Post
from tests.agents.damage.garage import FORUM, Garage, told

NEW, NOT_DAMAGE = FindingState.NEW, FindingState.NOT_DAMAGE


async def test_a_review_ends_when_everything_is_decided(garage: Garage):
    inspection = await garage.inspection()
    finding = await garage.finding(inspection)
    early = await garage.review("head", inspection)
    assert told(early)[13] == ["damage-review-undecided"]
    await garage.press("head", finding, NEW)
    outcome = await garage.review("head", inspection)
    assert [event.body.kind for event in outcome.events] == ["inspection.reviewed"]
    reviewed = await garage.seen(inspection.id)
    assert (reviewed.state, reviewed.reviewed_by) == ("reviewed", garage.people["head"])
    assert (await garage.audited())[-1] == "inspection.reviewed"


async def test_after_the_review_the_findings_that_are_shown_are_shown_anew_without_buttons(garage: Garage):
    inspection = await garage.inspection()
    finding, known = await garage.finding(inspection), await garage.finding(inspection, state=FindingState.KNOWN)
    await garage.press("head", finding, NEW)
    async with garage.db.transaction() as tx:
        post = Post(message_id=5, thread_id=7, content_hash="h", is_pinned=False)
        await posts.put(tx, FORUM, f"finding:{finding.id}", "finding", post, now=garage.clock.now())
    outcome = await garage.review("head", inspection)
    shown = [one.body for one in outcome.commands if isinstance(one.body, ShowFinding)]
    assert [(one.chat_id, one.finding_id) for one in shown] == [(FORUM, finding.id)]
    assert (await garage.found(known.id)).state is FindingState.KNOWN


async def test_two_people_end_a_review_once(garage: Garage):
    inspection = await garage.inspection()
    await garage.review("head", inspection)
    again = await garage.review("division", inspection)
    assert again.events == ()
    assert told(again)[15] == ["damage-reviewed-already"]


async def test_whoever_looked_may_say_that_nothing_was_found(garage: Garage):
    inspection = await garage.inspection()
    assert (await garage.review("anna", inspection)).note == "reviewed"


async def test_a_serious_damage_is_signed_by_who_may_confirm_it(garage: Garage):
    inspection = await garage.inspection()
    await garage.press("division", await garage.finding(inspection, Severity.SERIOUS), NEW)
    assert told(await garage.review("head", inspection))[13] == ["damage-not-yours"]
    assert (await garage.review("division", inspection)).note == "reviewed"


async def test_a_review_waits_for_the_machine_but_not_for_ever(garage: Garage):
    inspection = await garage.inspection("submitted")
    assert told(await garage.review("head", inspection))[13] == ["damage-review-too-early"]
    garage.clock.advance(timedelta(minutes=15))
    assert (await garage.review("head", inspection)).note == "reviewed"
    assert (await garage.seen(inspection.id)).is_seen_by_machine is False


async def test_missing_fuel_is_closed_by_a_head_alone(garage: Garage):
    inspection = await garage.inspection()
    await garage.sql(
        """INSERT INTO readings (id, inspection_id, topic, verdict, value)
           VALUES (%s, %s, 'fuel', 'problem', '{"gap": 12.4, "blocks_closing": true}') RETURNING id""",
        new_id(),
        inspection.id,
    )
    assert told(await garage.review("anna", inspection))[11] == ["damage-review-fuel"]
    assert (await garage.review("head", inspection)).note == "reviewed"


async def test_critical_damage_proposes_to_keep_the_car_back_once(garage: Garage):
    inspection = await garage.inspection()
    outcome = await garage.add("anna", inspection, Severity.CRITICAL)
    assert await garage.holds() == ["proposed"]
    assert "damage-hold-proposed" in told(outcome)[FORUM]
    assert "damage-hold-proposed" in told(outcome)[13]
    again = await garage.add("anna", inspection, Severity.CRITICAL)
    assert await garage.holds() == ["proposed"]
    assert FORUM not in told(again)


async def test_a_serious_confirmed_damage_asks_the_head_and_holds_nothing_by_itself(garage: Garage):
    inspection = await garage.inspection()
    outcome = await garage.press("division", await garage.finding(inspection, Severity.SERIOUS), NEW)
    assert "damage-hold-asked" in told(outcome)[13]
    assert await garage.holds() == []
    await garage.hold("head", inspection, is_held=True)
    assert await garage.holds() == ["held"]


async def test_an_overturned_finding_withdraws_what_it_proposed(garage: Garage):
    inspection = await garage.inspection()
    await garage.add("anna", inspection, Severity.CRITICAL)
    (finding,) = await garage.all_of(inspection)
    outcome = await garage.press("division", finding, NOT_DAMAGE)
    assert await garage.holds() == ["released"]
    assert "damage-hold-withdrawn" in told(outcome)[FORUM]


async def test_what_a_person_decided_to_keep_back_is_not_let_go_by_an_overturned_finding(garage: Garage):
    inspection = await garage.inspection()
    await garage.add("anna", inspection, Severity.CRITICAL)
    await garage.hold("head", inspection, is_held=True)
    (finding,) = await garage.all_of(inspection)
    await garage.press("division", finding, NOT_DAMAGE)
    assert await garage.holds() == ["held"]


async def test_a_head_keeps_a_car_back_and_only_the_division_lets_a_critical_one_go(garage: Garage):
    inspection = await garage.inspection()
    await garage.add("anna", inspection, Severity.CRITICAL)
    assert told(await garage.hold("anna", inspection, is_held=True))[11] == ["damage-not-yours"]
    await garage.hold("head", inspection, is_held=True)
    again = await garage.hold("head", inspection, is_held=True)
    assert told(again)[13] == ["damage-hold-already"]
    assert told(await garage.hold("head", inspection, is_held=False))[13] == ["damage-not-yours"]
    await garage.hold("division", inspection, is_held=False)
    assert await garage.holds() == ["released"]
    assert "hold.released" in await garage.audited()
