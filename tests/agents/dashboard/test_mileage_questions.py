"""An odd mileage is a question with buttons: who may answers it, once; the row is mended, the task is done."""

from typing import Any
from uuid import UUID

import pytest

from agents.dashboard import AGENT
from agents.dashboard.check import differs
from agents.escalation import AGENT as ESCALATION
from agents.reading_tools.shortfalls import task_of
from core.commands import ShowInspection
from core.events import MileageDecided, TaskCreated, TaskStatusChanged
from core.inspection.views import Question
from db.queries import audit, inspection_answers, inspections, posts, readings, tasks, waits
from db.queries.posts import Post
from db.queries.readings import Reading
from tests.agents.dashboard.rental import HEAD, INSPECTOR, Rental, asked, said
from tests.agents.evidence.company import FORUM, LASHA, NINO, NOW

STRANGER = UUID(int=9)


@pytest.fixture
async def rental(rental: Rental) -> Rental:
    """A colleague of another branch works here too."""
    async with rental.db.transaction() as tx:
        await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('batumi', 'Batumi', 2)")
        await tx.run(
            """INSERT INTO people (id, name, role, branch, tg_user_id, language, approved_by, approved_at)
               VALUES (%s, 'Dato', 'branch_head', 'batumi', 9, 'en', 'test', now())""",
            (STRANGER,),
        )
    return rental


async def asked_about(rental: Rental, typed: int, *, read: int | None = None) -> UUID:
    """The car left at 46 000 km; this was typed when it came back, and that was read from the photo."""
    await rental.before(mileage_km=46_000)
    after = await rental.after(mileage_km=typed)
    if read is not None:
        async with rental.db.transaction() as tx:
            await readings.put(tx, Reading(after, "mileage", "ok", NOW, value={"km": read}, confidence=0.9))
    await rental.handed_in(AGENT, after)
    return after


async def press(rental: Rental, inspection: UUID, choice: Any, km: int, who: UUID = NINO):
    return await rental.happen(AGENT, MileageDecided(inspection_id=inspection, choice=choice, km=km), who)


async def mileage_of(rental: Rental, inspection: UUID) -> int | None:
    async with rental.db.transaction() as tx:
        found = await inspections.find(tx, inspection)
    assert found is not None
    return found.mileage_km


async def task_status(rental: Rental, inspection: UUID) -> tuple[str, str]:
    """And who changed it last."""
    async with rental.db.transaction() as tx:
        task = await tasks.find(tx, task_of(inspection, "mileage"))
        assert task is not None
        return task.status, (await tasks.changes(tx, task.id))[-1].by


async def audited(rental: Rental) -> list[str]:
    async with rental.db.transaction() as tx:
        return [row["action"] for row in await tx.rows("SELECT action FROM audit ORDER BY id")]


async def test_a_photo_that_says_another_number_than_the_person_is_asked_about(rental: Rental):
    after = await asked_about(rental, 46_420, read=46_240)
    reading = await rental.reading(after, "mileage")
    assert (reading.verdict, reading.why) == ("problem", "differs")
    assert (reading.value["answered"], reading.value["read"], reading.value["known"]) == (46_420, 46_240, 46_000)
    ((title, _, _),) = await rental.tasks()
    assert title.startswith("Check the mileage: 46420 km written, 46240 km on the photo")


@pytest.mark.parametrize(("typed", "read", "answer"), [(46_420, 46_430, False), (46_420, 46_409, True)])
def test_a_last_digit_and_a_few_metres_across_the_yard_are_no_difference(typed, read, answer):
    assert differs(typed, read) is answer


async def test_it_is_asked_in_private_and_in_the_car_s_topic(rental: Rental):
    await rental.before(mileage_km=46_000)
    after = await rental.after(mileage_km=45_900)
    assert asked(await rental.handed_in(AGENT, after)) == [INSPECTOR, FORUM]


async def test_the_typed_number_is_right_and_whoever_said_so_stands_beside_it(rental: Rental):
    after = await asked_about(rental, 45_900)
    outcome = await press(rental, after, "typed", 45_900)
    reading = await rental.reading(after, "mileage")
    assert (reading.verdict, reading.value["km"]) == ("ok", 45_900)
    assert (reading.value["decided"]["by"], reading.value["decided"]["choice"]) == (str(NINO), "typed")
    assert await task_status(rental, after) == ("done", "Nino")
    assert TaskStatusChanged in [type(event.body) for event in outcome.events]
    assert (await audited(rental))[-1] == "mileage.decided"
    assert asked(outcome) == [INSPECTOR, FORUM]


async def test_the_number_of_the_photo_is_right_and_takes_the_place_of_the_typed_one(rental: Rental):
    after = await asked_about(rental, 46_420, read=46_240)
    async with rental.db.transaction() as tx:
        card = Post(message_id=5, thread_id=7, content_hash="h", is_pinned=False)
        await posts.put(tx, FORUM, f"inspection:{after}", "inspection", card, now=NOW)
    outcome = await press(rental, after, "read", 46_240, LASHA)
    assert await mileage_of(rental, after) == 46_240
    async with rental.db.transaction() as tx:
        answer = (await inspection_answers.answers_of(tx, after))[Question.MILEAGE]
    assert (answer.value, answer.source, answer.person_id) == ({"km": 46_240}, "agent:dashboard", LASHA)
    assert ShowInspection in [type(command.body) for command in outcome.commands]
    assert await task_status(rental, after) == ("done", "Lasha")


async def test_a_number_typed_again_that_fits_settles_it(rental: Rental):
    after = await asked_about(rental, 45_900)
    await press(rental, after, "again", 46_300)
    reading = await rental.reading(after, "mileage")
    assert (reading.verdict, reading.value["answered"], reading.value["known"]) == ("ok", 46_300, 46_000)
    assert (await mileage_of(rental, after), await task_status(rental, after)) == (46_300, ("done", "Nino"))


async def test_a_number_typed_again_that_is_odd_too_is_asked_about_anew_and_old_buttons_say_nothing(rental: Rental):
    after = await asked_about(rental, 45_900)
    await press(rental, after, "again", 45_800)
    reading = await rental.reading(after, "mileage")
    assert (reading.verdict, reading.why, reading.value["answered"]) == ("problem", "less", 45_800)
    stale = await press(rental, after, "typed", 45_900)
    assert (said(stale), asked(stale)) == ([(INSPECTOR, "mileage-stale")], [INSPECTOR, FORUM])
    assert (await task_status(rental, after))[0] == "todo"
    await press(rental, after, "typed", 45_800)
    assert (await rental.reading(after, "mileage")).verdict == "ok"


async def test_the_second_of_two_who_press_changes_nothing_and_is_told_who_was_first(rental: Rental):
    after = await asked_about(rental, 46_420, read=46_240)
    await press(rental, after, "typed", 46_420)
    second = await press(rental, after, "read", 46_240, LASHA)
    assert said(second) == [(HEAD, "mileage-decided-already")]
    assert (await mileage_of(rental, after), len(second.events)) == (46_420, 0)


async def test_a_head_of_another_branch_may_not_answer(rental: Rental):
    after = await asked_about(rental, 45_900)
    outcome = await press(rental, after, "typed", 45_900, STRANGER)
    assert said(outcome) == [(9, "mileage-not-yours")]
    assert (await rental.reading(after, "mileage")).verdict == "problem"
    assert (await audited(rental))[-1] == "mileage.not_theirs"


async def test_whoever_the_task_was_given_to_may_answer(rental: Rental):
    after = await asked_about(rental, 45_900)
    async with rental.db.transaction() as tx:
        task = await tasks.lock(tx, task_of(after, "mileage"))
        assert task is not None
        await tasks.change(tx, task, {"assignee_id": STRANGER}, actor="test")
    await press(rental, after, "typed", 45_900, STRANGER)
    assert (await rental.reading(after, "mileage")).value["decided"]["name"] == "Dato"


async def test_what_was_decided_is_not_asked_about_again(rental: Rental):
    after = await asked_about(rental, 45_900)
    await press(rental, after, "typed", 45_900)
    again = await rental.handed_in(AGENT, after)
    assert (asked(again), (await rental.reading(after, "mileage")).verdict) == ([], "ok")


@pytest.mark.parametrize("km", [-1, 2_000_000])
async def test_a_number_that_no_car_has_is_none(rental: Rental, km: int):
    after = await asked_about(rental, 45_900)
    assert said(await press(rental, after, "again", km)) == [(INSPECTOR, "answer-mileage-wanted")]
    async with rental.db.transaction() as tx:
        assert (await audit.verify(tx)).broken_at is None


async def test_what_nobody_answers_goes_up_the_chain_until_somebody_does(rental: Rental):
    after = await asked_about(rental, 45_900)
    task_id = task_of(after, "mileage")
    subject = tasks.subject_of(task_id)
    await rental.happen(ESCALATION, TaskCreated(task_id=task_id), subject=subject)
    assert await waits_for(rental, subject) is True
    outcome = await press(rental, after, "typed", 45_900)
    (changed,) = [event.body for event in outcome.events if isinstance(event.body, TaskStatusChanged)]
    await rental.happen(ESCALATION, changed, subject=subject)
    assert await waits_for(rental, subject) is False


async def waits_for(rental: Rental, subject: str) -> bool:
    async with rental.db.transaction() as tx:
        return await waits.lock_open(tx, subject) is not None
