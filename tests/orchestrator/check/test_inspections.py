"""The oracle sees what was lost of an inspection, who was forgotten, and damage that nobody put their name to."""

from collections.abc import Callable, Sequence

import pytest

from db.session import Database
from orchestrator.check import check
from tests.orchestrator.check import ground, looks
from tests.orchestrator.check.looks import (
    DAMAGE,
    DECIDED,
    EXAMINED,
    FALSE,
    HEAD,
    NINO,
    OPEN,
    REVIEWED,
    SUBMITTED,
    photo_id,
)


@pytest.fixture
async def history(db: Database) -> Database:
    await ground.lay(db)
    await looks.lay(db)
    return db


async def broken(db: Database) -> dict[str, str]:
    assertions = await check(db, ground.limits())
    return {f"{one.invariant} {one.statement}": one.figure for one in assertions if one.is_broken}


KEPT = "I1 every photo that was given is kept with its inspection, or its run is not over"
IS_EXAMINED = "I1 what was handed in is examined, or the run that shall do it is seen"
OWED = "I1 a finding that waits for a person has somebody who owes the decision"
ONE_FORM = "I2 a person has one form in hand, a car one in work for an occasion"
DECISIONS = "I8 every decision about a finding is in the audit, by a person whose role allowed it"
DAMAGES = "I8 every damage of a car was confirmed by a person"
REVIEWS = "I8 behind every review stands a person, and nothing in it is undecided"
CHAINS = "I13 the chain of evidence of every inspection verifies"
REPORTS = "I13 a report names files and an end of the chain that its inspection had"
AUDIT = "I13 the audit's chain verifies"

GIVEN = "(SELECT id FROM events WHERE external_id = 'photo:42')"
"""The second photo of the form that somebody fills."""
LAST = photo_id(OPEN, 2)
ANOTHER_FORM = (
    "INSERT INTO inspections (id, car_id, occasion, state, person_id, opened_by, steps)"
    " SELECT gen_random_uuid(), car_id, {occasion}, {state}, {person}, opened_by, steps FROM inspections"
    f" WHERE id = '{OPEN}'"
)

WRONGS: dict[str, tuple[str, Sequence[str]]] = {
    "a photo that is nowhere": (f"DELETE FROM inspection_photos WHERE id = '{LAST}'", [KEPT, CHAINS]),
    "a form that nobody examines": (
        "UPDATE runs SET state = 'done', finished_at = now() WHERE agent = 'damage' AND state = 'queued'",
        [IS_EXAMINED],
    ),
    "a form that was examined in vain": (
        "UPDATE runs SET state = 'failed', finished_at = now() WHERE agent = 'damage' AND state = 'queued'",
        [IS_EXAMINED],
    ),
    "a finding for which nobody is waited": ("UPDATE waits SET ended_at = now(), ended_why = 'answered'", [OWED]),
    "two forms in one hand": (
        "DROP INDEX uq_inspections_in_hand;"
        + ANOTHER_FORM.format(occasion="'hand_over'", state="'open'", person="person_id"),
        [ONE_FORM],
    ),
    "two forms for one car": (
        "DROP INDEX uq_inspections_in_work;"
        + ANOTHER_FORM.format(occasion="occasion", state="'paused'", person=f"'{HEAD}'"),
        [ONE_FORM],
    ),
    "a damage that the machine declared": (
        f"UPDATE findings SET decided_by = NULL WHERE id = '{DECIDED}'",
        [DECISIONS],
    ),
    "a decision in the name of somebody else": (
        f"UPDATE findings SET decided_by = '{NINO}' WHERE id = '{FALSE}'",
        [DECISIONS],
    ),
    "another decision than the one that was made": (
        f"UPDATE findings SET state = 'known' WHERE id = '{FALSE}'",
        [DECISIONS],
    ),
    "a decision of somebody who may not": (
        (
            """UPDATE audit SET details = details || '{"needs": "division_head"}'"""
            f" WHERE details ->> 'finding' = '{DECIDED}'"
        ),
        [DECISIONS, AUDIT],
    ),
    "a damage that no finding leads to": (f"UPDATE findings SET damage_id = NULL WHERE id = '{DECIDED}'", [DAMAGES]),
    "a damage that somebody else confirmed": (
        f"UPDATE damages SET confirmed_by = '{NINO}' WHERE id = '{DAMAGE}'",
        [DAMAGES],
    ),
    "a review of somebody else": (f"UPDATE inspections SET reviewed_by = '{NINO}' WHERE id = '{REVIEWED}'", [REVIEWS]),
    "a review of nobody": (f"UPDATE inspections SET reviewed_by = NULL WHERE id = '{REVIEWED}'", [REVIEWS]),
    "a review that left something open": (
        f"UPDATE findings SET state = 'need_photo' WHERE id = '{FALSE}'",
        [REVIEWS],
    ),
    "another picture under the same proof": (
        f"UPDATE inspection_photos SET sha256 = repeat('0', 64) WHERE id = '{photo_id(REVIEWED, 1)}'",
        [KEPT, CHAINS],
    ),
    "a photo that was received earlier": (
        f"UPDATE inspection_photos SET received_at = received_at - interval '1 s' WHERE id = '{photo_id(EXAMINED, 2)}'",
        [CHAINS],
    ),
    "an inspection that forgot its end": (
        f"UPDATE inspections SET chain_hash = NULL WHERE id = '{SUBMITTED}'",
        [CHAINS],
    ),
    "a report about another chain": ("UPDATE reports SET chain_hash = repeat('0', 64)", [REPORTS]),
    "a report without a file": ("UPDATE reports SET html_key = 'report.html'", [REPORTS]),
}


async def test_inspections_in_which_all_is_well_break_no_promise(history: Database) -> None:
    assert await broken(history) == {}


@pytest.mark.parametrize(("wrong", "statements"), WRONGS.values(), ids=WRONGS)
async def test_a_broken_promise_about_an_inspection_is_seen(
    history: Database, as_owner: Callable[[str], None], wrong: str, statements: Sequence[str]
) -> None:
    as_owner(f"SET session_replication_role = replica; {wrong}")
    assert sorted(await broken(history)) == sorted(statements)


async def test_a_photo_whose_run_is_dead_is_seen_there(history: Database, as_owner: Callable[[str], None]) -> None:
    as_owner(
        f"UPDATE runs SET state = 'dead' WHERE event_id = {GIVEN};"
        f"DELETE FROM inspection_photos WHERE id = '{LAST}';"
        f"UPDATE inspections SET chain_hash = p.chain_hash FROM inspection_photos AS p"
        f" WHERE p.id = '{photo_id(OPEN, 1)}' AND inspections.id = '{OPEN}'"
    )
    assert KEPT not in await broken(history)


async def test_a_dead_examination_is_seen_where_the_dead_are(
    history: Database, as_owner: Callable[[str], None]
) -> None:
    as_owner("UPDATE runs SET state = 'dead', finished_at = now() WHERE agent = 'damage' AND state = 'queued'")
    assert IS_EXAMINED not in await broken(history)


async def test_what_the_machine_recognised_as_known_needs_no_name(
    history: Database, as_owner: Callable[[str], None]
) -> None:
    as_owner(f"UPDATE findings SET state = 'known', decided_by = NULL, decided_at = NULL WHERE id = '{FALSE}'")
    assert await broken(history) == {}


async def test_the_photo_that_breaks_a_chain_is_named(history: Database, as_owner: Callable[[str], None]) -> None:
    as_owner(f"UPDATE inspection_photos SET message_id = 999 WHERE id = '{photo_id(EXAMINED, 2)}'")
    figure = (await broken(history))[CHAINS]
    assert figure.startswith("1 of 5 break it; for example inspection ")
    assert figure.endswith("photo 2: the photo or its facts were changed")
