"""Photos and documents go when their time is over; what an open damage needs stays, and so do the proofs."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.ids import new_id
from core.inspection.views import Occasion, Viewpoint
from db.session import Database
from orchestrator.janitor import Janitor
from tests.agents.evidence.company import BOOKING, CAR, LASHA, Company, photo_of

LONG_AGO = datetime.now(UTC) - timedelta(days=800)
LAST_YEAR = datetime.now(UTC) - timedelta(days=400)


@pytest.fixture
async def company(db: Database, tmp_path: Path) -> Company:
    made = Company(db, tmp_path / "objects")
    await made.found()
    async with db.transaction() as tx:
        await tx.run("UPDATE bookings SET start_at = %s, end_at = %s", (LONG_AGO - timedelta(days=5), LONG_AGO))
    return made


async def keys(company: Company, inspection) -> dict[str, str]:
    async with company.db.transaction() as tx:
        rows = await tx.rows(
            "SELECT viewpoint, storage_key FROM inspection_photos WHERE inspection_id = %s", (inspection,)
        )
    return {row["viewpoint"]: row["storage_key"] for row in rows}


async def clean_up(company: Company) -> dict[str, int]:
    return await Janitor(company.deps).go_round(asyncio.Event())


async def test_old_photos_leave_the_store_and_their_proofs_stay(company: Company):
    inspection = await company.inspect(Occasion.RETURN, LONG_AGO)
    before = await keys(company, inspection)
    assert (await clean_up(company))["photos"] == 1
    assert [await company.store.exists(key) for key in before.values()] == [False, False]
    assert set((await keys(company, inspection)).values()) == {""}
    async with company.db.transaction() as tx:
        rows = await tx.rows("SELECT sha256, chain_hash FROM inspection_photos")
    assert all(len(row["sha256"]) == 64 and row["chain_hash"] for row in rows)
    assert (await clean_up(company))["photos"] == 0


async def test_photos_of_an_open_damage_stay_and_so_does_the_clean_photo_before_it(company: Company):
    clean = await company.inspect(Occasion.HAND_OVER, LONG_AGO - timedelta(days=5))
    dirty = await company.inspect(Occasion.RETURN, LONG_AGO)
    async with company.db.transaction() as tx:
        await tx.run(
            """INSERT INTO damages (id, car_id, kind, part, severity, first_inspection_id, first_photo_id,
                                    last_clean_photo_id, booking_id, confirmed_by)
               VALUES (%s, %s, 'dent', 'front_left_door', 2, %s, %s, %s, %s, %s)""",
            (new_id(), CAR, dirty, photo_of(dirty, 2), photo_of(clean, 2), BOOKING, LASHA),
        )
    assert (await clean_up(company))["photos"] == 0
    async with company.db.transaction() as tx:
        await tx.run("UPDATE damages SET state = 'repaired', repaired_at = now() - interval '1000 days'")
    assert (await clean_up(company))["photos"] == 0
    async with company.db.transaction() as tx:
        await tx.run("UPDATE damages SET repaired_at = now() - interval '1100 days'")
    assert (await clean_up(company))["photos"] == 2


async def test_a_document_goes_a_year_after_the_rent_and_the_other_photos_stay(company: Company):
    views = (Viewpoint.FRONT, Viewpoint.DOCUMENT)
    inspection = await company.inspect(Occasion.RETURN, LAST_YEAR, views=views, booking=None)
    assert (await clean_up(company))["documents"] == 1
    left = await keys(company, inspection)
    assert left["document"] == ""
    assert await company.store.exists(left["front"])


async def test_an_object_that_another_row_still_names_stays(company: Company):
    old = await company.inspect(Occasion.RETURN, LONG_AGO, booking=None, views=(Viewpoint.FRONT,))
    new = await company.inspect(Occasion.RETURN, datetime.now(UTC), booking=None, views=(Viewpoint.FRONT,))
    shared = (await keys(company, old))["front"]
    async with company.db.transaction() as tx:
        await tx.run("UPDATE inspection_photos SET working_key = %s WHERE inspection_id = %s", (shared, new))
    assert (await clean_up(company))["photos"] == 1
    assert await company.store.exists(shared)
