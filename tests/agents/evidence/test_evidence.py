"""An examined inspection is published, a reviewed one becomes a report that holds, and links are for staff."""

from pathlib import Path

import pytest

from agents.evidence import AGENT
from core.commands import ArchiveInspection, SendMessage, ShowFinding, ShowInspection
from core.events import InspectionExamined, InspectionReviewed, ReportMade, ReportWanted
from core.inspection.views import Occasion, Viewpoint
from db.queries import attribution, reports
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.agents.evidence.company import ARCHIVE, BOOKING, DAY, FORUM, LASHA, NOW, Company, photo_of


@pytest.fixture
async def company(db: Database, tmp_path: Path) -> Company:
    made = Company(db, tmp_path / "objects")
    await made.found()
    return made


async def play(company: Company, body):
    return await happen(AGENT, body, db=company.db, clock=company.clock, deps=company.deps)


async def returned_with_a_dent(company: Company):
    before = await company.inspect(Occasion.HAND_OVER, NOW - 6 * DAY, mileage_km=45210, fuel_percent=100)
    after = await company.inspect(
        Occasion.RETURN, NOW, before_id=before, reviewed_at=NOW, reviewed_by=LASHA, state="reviewed"
    )
    return after, await company.find_damage(after)


async def test_an_examined_inspection_shows_its_card_and_then_each_open_finding_and_goes_to_the_archive(company):
    inspection = await company.inspect(Occasion.RETURN, NOW)
    waiting = await company.find_damage(inspection, state="proposed")
    await company.find_damage(inspection, state="not_damage")
    outcome = await play(company, InspectionExamined(inspection_id=inspection, proposed=1))
    assert [(type(one.body), one.body.chat_id) for one in outcome.commands] == [
        (ShowInspection, FORUM),
        (ShowFinding, FORUM),
        (ArchiveInspection, ARCHIVE),
    ]
    assert outcome.commands[1].body.finding_id == waiting


async def test_a_reviewed_inspection_becomes_a_report_that_tells_who_had_the_car(company):
    inspection, _ = await returned_with_a_dent(company)
    outcome = await play(company, InspectionReviewed(inspection_id=inspection))
    assert outcome.events[0].body == ReportMade(inspection_id=inspection, languages=("ru", "en", "ka"))
    async with company.db.transaction() as tx:
        made = {one.language: one for one in await reports.newest(tx, inspection)}
    page = (await company.store.get(made["en"].html_key)).decode()
    assert "Dent, front left door" in page
    assert "Booking 1001, Erik &lt;Larsen&gt;" in page
    assert "the chain is whole" in page
    assert "confirmed by a person" in page
    assert "<script" not in page
    pdf = await company.store.get(made["ka"].pdf_key)
    assert pdf.startswith(b"%PDF")

    told = await play(company, outcome.events[0].body)
    spoken = [one.body for one in told.commands]
    assert {(body.chat_id, body.entity is None) for body in spoken} == {(FORUM, False), (ARCHIVE, True)}
    assert all(isinstance(body, SendMessage) for body in spoken)
    assert spoken[0].text.parts[0].args["page"].startswith("https://jarvis.example/files/sha256/")

    again = await play(company, ReportWanted(inspection_id=inspection, chat_id=FORUM, thread_id=7))
    assert (again.note, again.changes, len(again.commands)) == ("new links", None, 1)


async def test_a_photo_that_was_changed_after_the_fact_breaks_the_chain_and_the_report_says_so(company, as_owner):
    inspection, _ = await returned_with_a_dent(company)
    as_owner(f"UPDATE inspection_photos SET sha256 = repeat('0', 64) WHERE id = '{photo_of(inspection, 2)}'")
    await play(company, ReportWanted(inspection_id=inspection, language="en", chat_id=FORUM))
    async with company.db.transaction() as tx:
        (made,) = await reports.newest(tx, inspection)
    page = (await company.store.get(made.html_key)).decode()
    assert "does not hold from photo 2 on" in page


async def test_a_photo_that_is_gone_from_the_store_leaves_its_place_empty(company):
    inspection = await company.inspect(Occasion.RETURN, NOW, views=(Viewpoint.FRONT,))
    async with company.db.transaction() as tx:
        row = await tx.row("SELECT storage_key FROM inspection_photos")
    await company.store.delete(row["storage_key"])
    await play(company, ReportWanted(inspection_id=inspection, language="en", chat_id=FORUM))
    async with company.db.transaction() as tx:
        (made,) = await reports.newest(tx, inspection)
    assert "no photo" in (await company.store.get(made.html_key)).decode()


async def test_a_dent_is_put_down_to_the_one_rent_between_the_clean_photo_and_the_damaged_one(company):
    inspection, _ = await returned_with_a_dent(company)
    async with company.db.transaction() as tx:
        found = await attribution.attribute(tx, photo_of(inspection, 2))
    assert found.booking_id == BOOKING
    assert (found.last_clean.occasion, found.first_damaged.person) == (Occasion.HAND_OVER, "Nino")


async def test_with_two_rents_in_between_nobody_is_named(company):
    await company.inspect(Occasion.HAND_OVER, NOW - 20 * DAY, booking=None)
    await company.rent(2, NOW - 15 * DAY, NOW - 10 * DAY)
    inspection = await company.inspect(Occasion.RETURN, NOW)
    async with company.db.transaction() as tx:
        found = await attribution.attribute(tx, photo_of(inspection, 1))
    assert (found.booking_id, len(found.holders)) == (None, 2)


async def test_damage_found_at_the_next_hand_over_came_while_the_car_was_with_the_company(company):
    await company.inspect(Occasion.RETURN, NOW - 1 * DAY)
    following = await company.rent(2, NOW - DAY / 24, NOW + 3 * DAY)
    inspection = await company.inspect(Occasion.HAND_OVER, NOW, booking=following)
    async with company.db.transaction() as tx:
        found = await attribution.attribute(tx, photo_of(inspection, 1))
    assert (found.booking_id, found.holders) == (None, ())


async def test_without_an_earlier_photo_of_the_side_nobody_is_named(company):
    inspection = await company.inspect(Occasion.RETURN, NOW)
    async with company.db.transaction() as tx:
        found = await attribution.attribute(tx, photo_of(inspection, 1))
    assert (found.last_clean, found.booking_id) == (None, None)
