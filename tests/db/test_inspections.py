"""Inspections as rows: one form in a person's hand, one in work for a car, photos that are the same, answers kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id, rentprog_id
from core.inspection.views import Occasion, Viewpoint
from db.queries import inspection_answers, inspection_photos, inspections
from db.queries.inspection_answers import NewAnswer
from db.queries.inspection_photos import NewPhoto
from db.queries.inspections import Inspection, NewInspection
from db.session import Database

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAR = rentprog_id("car", 1)
OTHER_CAR = rentprog_id("car", 2)
NINO = UUID(int=1)
LASHA = UUID(int=2)
STEPS = ("front", "rear", "mileage")


@pytest.fixture(autouse=True)
async def company(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('tbilisi', 'Tbilisi', 1)")
        for number, car_id in enumerate((CAR, OTHER_CAR), start=1):
            await tx.run(
                """INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by, plate, model)
                   VALUES (%s, %s, 'tbilisi', 1, 'fetch', %s, 'Toyota Prius')""",
                (car_id, number, f"AA-00{number}-AA"),
            )
        for number, (person_id, name) in enumerate(((NINO, "Nino"), (LASHA, "Lasha")), start=1):
            await tx.run(
                """INSERT INTO people (id, name, role, branch, tg_user_id, language, approved_by, approved_at)
                   VALUES (%s, %s, 'employee', 'tbilisi', %s, 'en', 'test', now())""",
                (person_id, name, number),
            )


async def begin(db: Database, *, car: UUID = CAR, person: UUID = NINO, **given: Any) -> Inspection | None:
    new = NewInspection(
        id=new_id(),
        car_id=car,
        person_id=person,
        steps=STEPS,
        **{"occasion": Occasion.RETURN, "opened_at": NOW, **given},
    )
    async with db.transaction() as tx:
        return await inspections.find(tx, new.id) if await inspections.create(tx, new) else None


async def begun(db: Database, **given: Any) -> Inspection:
    made = await begin(db, **given)
    assert made is not None
    return made


async def change(db: Database, inspection: Inspection, **fields: Any) -> None:
    async with db.transaction() as tx:
        assert await inspections.lock(tx, inspection.id) is not None
        await inspections.change(tx, inspection.id, fields)


async def photograph(db: Database, inspection: Inspection, **given: Any) -> UUID:
    made = await photographed(db, inspection, **given)
    assert made[1]
    return made[0]


async def photographed(
    db: Database, inspection: Inspection, *, message_id: int, sha256: str = "a", **given: Any
) -> tuple[UUID, bool]:
    fields: Mapping[str, Any] = {"step": "front", "viewpoint": Viewpoint.FRONT, "state": "accepted", **given}
    new = NewPhoto(
        id=inspection_photos.photo_id(inspection.id, 5, message_id, sha256),
        inspection_id=inspection.id,
        ordinal=message_id,
        storage_key="original",
        sha256=sha256,
        chat_id=5,
        message_id=message_id,
        person_id=NINO,
        received_at=NOW,
        chain_hash="c",
        **fields,
    )
    async with db.transaction() as tx:
        return new.id, await inspection_photos.put_photo(tx, new)


async def twins(db: Database, inspection_id: UUID, **given: Any) -> list[tuple[str | None, bool]]:
    sought: dict[str, Any] = {
        "inspection_id": inspection_id,
        "sha256": "other",
        "phash64": None,
        "phash256": None,
        "since": NOW - HOUR,
        **given,
    }
    async with db.transaction() as tx:
        found = await inspection_photos.twins_of(tx, new_id(), **sought)
    return [(twin.step, twin.is_same_file) for twin in found]


async def test_an_inspection_begins_at_its_first_step(db: Database):
    inspection = await begun(db)
    assert (inspection.state, inspection.step, inspection.steps) == ("open", "front", STEPS)
    assert (inspection.car, inspection.person_name) == ("AA-001-AA · Toyota Prius", "Nino")


async def test_a_car_has_one_unfinished_inspection_for_an_occasion(db: Database):
    await begun(db)
    assert await begin(db, person=LASHA) is None
    assert await begin(db, person=LASHA, occasion=Occasion.HAND_OVER) is not None


async def test_a_person_has_one_open_form_and_others_rest(db: Database):
    first = await begun(db)
    assert await begin(db, car=OTHER_CAR) is None
    await change(db, first, state="paused")
    second = await begun(db, car=OTHER_CAR)
    async with db.transaction() as tx:
        assert await inspections.open_of(tx, NINO) == second
        assert [one.id for one in await inspections.paused_of(tx, NINO)] == [first.id]


async def test_after_the_last_step_no_step_is_asked(db: Database):
    inspection = await begun(db)
    await change(db, inspection, position=len(STEPS), notice={"key": "x", "args": {}})
    async with db.transaction() as tx:
        found = await inspections.find(tx, inspection.id)
    assert found is not None
    assert (found.step, found.notice) == (None, {"key": "x", "args": {}})


async def test_a_column_that_never_changes_is_refused(db: Database):
    inspection = await begun(db)
    with pytest.raises(ValueError, match="occasion"):
        await change(db, inspection, occasion="hand_over")


async def test_an_inspection_is_compared_with_the_newest_one_before_it(db: Database):
    for hours in (3, 2):
        earlier = await begun(db, occasion=Occasion.HAND_OVER)
        await change(db, earlier, state="submitted", submitted_at=NOW - hours * HOUR)
        newest = earlier
    cancelled = await begun(db)
    await change(db, cancelled, state="cancelled")
    async with db.transaction() as tx:
        found = await inspections.latest_finished_before(tx, CAR, NOW)
        assert found is not None
        assert found.id == newest.id
        assert await inspections.latest_finished_before(tx, CAR, NOW, occasion=Occasion.RETURN) is None
        assert await inspections.latest_finished_before(tx, OTHER_CAR, NOW) is None


async def test_the_same_photo_of_a_message_is_taken_in_once(db: Database):
    inspection = await begun(db)
    _, is_new = await photographed(db, inspection, message_id=1)
    _, is_new_again = await photographed(db, inspection, message_id=1)
    assert (is_new, is_new_again) == (True, False)


async def test_the_newest_accepted_photo_counts_for_a_side(db: Database):
    inspection = await begun(db)
    await photograph(db, inspection, message_id=1, state="retake")
    first = await photograph(db, inspection, message_id=2)
    better = await photograph(db, inspection, message_id=3)
    async with db.transaction() as tx:
        await inspection_photos.replace_accepted(tx, inspection.id, "front", by=better)
        found = await inspection_photos.accepted_photo(tx, inspection.id, Viewpoint.FRONT)
        replaced = await inspection_photos.photos_of(tx, inspection.id, "replaced")
        assert len(await inspection_photos.photos_of(tx, inspection.id)) == 3
    assert found is not None
    assert (found.id, [photo.id for photo in replaced]) == (better, [first])


async def test_what_is_found_out_about_a_photo_is_added_to_it(db: Database):
    photo_id = await photograph(db, await begun(db), message_id=1, flags=({"flag": "reused"},))
    async with db.transaction() as tx:
        await inspection_photos.set_seen(tx, photo_id, {"model": "m", "found": []}, overlay_key="overlay")
        await inspection_photos.set_pair(tx, photo_id, before_photo_id=photo_id, pair_key="pair")
        await inspection_photos.set_state(tx, photo_id, "retake", flags=({"flag": "odd"},))
        photo = await inspection_photos.find(tx, photo_id)
    assert photo is not None
    assert (photo.seen["model"], photo.overlay_key, photo.pair_key) == ("m", "overlay", "pair")
    assert (photo.state, [flag["flag"] for flag in photo.flags]) == ("retake", ["reused", "odd"])


async def test_the_same_file_and_the_same_picture_are_found_and_another_one_is_not(db: Database):
    inspection = await begun(db)
    await photograph(db, inspection, message_id=1, sha256="file", step="front")
    await photograph(
        db, inspection, message_id=2, sha256="x", step="rear", phash64="00000000000000ff", phash256="0" * 64
    )
    same, here = "0000000000000000", inspection.id
    assert await twins(db, here, sha256="file") == [("front", True)]
    assert await twins(db, here, phash64=same, phash256="0" * 63 + "f") == [("rear", False)]
    assert await twins(db, here, phash64="0000000000000100", phash256="0" * 64) == []
    assert await twins(db, here, phash64=same, phash256="f" * 8 + "0" * 56) == []
    assert await twins(db, here, sha256="file", since=NOW + HOUR) == []


async def test_a_photo_of_the_same_side_at_another_time_is_no_copy(db: Database):
    inspection = await begun(db)
    await photograph(db, inspection, message_id=1, sha256="x", phash64="0" * 16, phash256="0" * 64)
    alike, packed_anew, elsewhere = "0" * 60 + "ffff", "0" * 63 + "3", new_id()
    assert await twins(db, inspection.id, phash64="0" * 16, phash256=alike) == [("front", False)]
    assert await twins(db, elsewhere, phash64="0" * 16, phash256=alike) == []
    assert await twins(db, elsewhere, phash64="0" * 16, phash256=packed_anew) == [("front", False)]


async def test_the_newest_answer_of_a_step_counts_and_none_is_lost(db: Database):
    inspection = await begun(db)
    answers = [
        NewAnswer(inspection.id, "rear", NINO, NOW, skipped_why="dark"),
        NewAnswer(inspection.id, "mileage", NINO, NOW, value={"km": 1}),
        NewAnswer(inspection.id, "mileage", LASHA, NOW, value={"km": 2}),
    ]
    async with db.transaction() as tx:
        for answer in answers:
            await inspection_answers.put_answer(tx, answer)
        counted = await inspection_answers.answers_of(tx, inspection.id)
        history = await inspection_answers.history_of(tx, inspection.id)
    assert counted["mileage"].value == {"km": 2}
    assert (counted["rear"].is_skipped, counted["rear"].skipped_why) == (True, "dark")
    assert len(history) == 3
