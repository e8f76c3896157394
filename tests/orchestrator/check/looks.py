"""A small history of inspections in which every promise holds: one in hand, one handed in, one examined, two ended."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.events.inspections import subject_of
from core.inspection.chain import START, PhotoProof, chain_hash
from db.queries import audit
from db.session import Database, Tx
from storage.keys import key_of
from tests.orchestrator.check import ground

NINO, HEAD = UUID(int=201), UUID(int=202)
BEFORE, REVIEWED, EXAMINED, SUBMITTED, OPEN = (UUID(int=number) for number in range(211, 216))
DECIDED, FALSE, WAITING = (UUID(int=number) for number in range(221, 224))
DAMAGE = UUID(int=231)
PHOTOS = 2
"""Of each inspection."""
_NUMBER_OF = {inspection: place for place, inspection in enumerate((BEFORE, REVIEWED, EXAMINED, SUBMITTED, OPEN))}
_BEGAN = datetime.now(UTC).replace(microsecond=0)


async def lay(db: Database) -> None:
    async with db.transaction() as tx:
        for person, role in ((NINO, "employee"), (HEAD, "branch_head")):
            await tx.run(
                """INSERT INTO people (id, name, role, branch, tg_user_id, language, approved_by, approved_at)
                   VALUES (%s, %s, %s, 'tbilisi', %s, 'en', 'test', now())""",
                (person, role, role, person.int),
            )
        for inspection, occasion, state in (
            (BEFORE, "hand_over", "reviewed"),
            (REVIEWED, "return", "reviewed"),
            (EXAMINED, "return", "examined"),
            (SUBMITTED, "hand_over", "submitted"),
            (OPEN, "return", "open"),
        ):
            await _inspection(tx, inspection, occasion, state)
    for inspection in _NUMBER_OF:
        await _photographed(db, inspection)
    await _handed_in(db)
    async with db.transaction() as tx:
        await _reviewed(tx)
        await _finding(tx, WAITING, EXAMINED, "proposed")
        await tx.run(
            """INSERT INTO waits (id, kind, subject, since, next_at)
               VALUES (gen_random_uuid(), 'review', %s, now(), now() + interval '1 minute')""",
            (subject_of(EXAMINED),),
        )


async def _inspection(tx: Tx, inspection: UUID, occasion: str, state: str) -> None:
    reviewer = HEAD if state == "reviewed" else None
    await tx.run(
        """INSERT INTO inspections (id, car_id, branch, occasion, state, person_id, opened_by, steps, reviewed_by)
           VALUES (%s, %s, 'tbilisi', %s, %s, %s, %s, '["front", "left"]', %s)""",
        (inspection, ground.CAR, occasion, state, NINO, NINO, reviewer),
    )


async def _photographed(db: Database, inspection: UUID) -> None:
    """Each photo was given by an event, and its run took it in."""
    end = START
    for ordinal in range(1, PHOTOS + 1):
        end = await _photo(db, inspection, ordinal, end)
    async with db.transaction() as tx:
        await tx.run("UPDATE inspections SET chain_hash = %s WHERE id = %s", (end, inspection))


async def _photo(db: Database, inspection: UUID, ordinal: int, end: str) -> str:
    message = 10 * _NUMBER_OF[inspection] + ordinal
    proof = PhotoProof(inspection, ordinal, f"{message:064x}", None, _BEGAN, NINO, NINO.int, message)
    here = chain_hash(end, proof)
    given = {
        "inspection_id": str(inspection),
        "chat_id": proof.chat_id,
        "message_id": message,
        "file": {"storage_key": key_of(proof.sha256)},
    }
    await _done(db, "inspection.photo_given", inspection, f"photo:{message}", given)
    async with db.transaction() as tx:
        await tx.run(
            """INSERT INTO inspection_photos (id, inspection_id, ordinal, step, viewpoint, state, storage_key, sha256,
                                              chat_id, message_id, person_id, received_at, chain_hash)
               VALUES (%s, %s, %s, 'front', 'front', 'accepted', %s, %s, %s, %s, %s, %s, %s)""",
            (
                *(photo_id(inspection, ordinal), inspection, ordinal, key_of(proof.sha256), proof.sha256),
                *(proof.chat_id, message, NINO, _BEGAN, here),
            ),
        )
    return here


def photo_id(inspection: UUID, ordinal: int) -> UUID:
    return UUID(int=1000 + 10 * _NUMBER_OF[inspection] + ordinal)


async def _handed_in(db: Database) -> None:
    """The other agents are done with it; the eyes still look."""
    event_id = await _done(db, "inspection.submitted", SUBMITTED, "submitted", {"inspection_id": str(SUBMITTED)})
    async with db.transaction() as tx:
        await tx.run(
            "UPDATE runs SET state = 'queued', finished_at = NULL WHERE event_id = %s AND agent = 'damage'", (event_id,)
        )


async def _done(db: Database, kind: str, inspection: UUID, name: str, payload: dict[str, Any]) -> int:
    async with db.transaction() as tx:
        event_id = await ground.event(tx, kind, subject_of(inspection), "test", name)
        await tx.run("UPDATE events SET payload = %s WHERE id = %s", (Jsonb(payload), event_id))
    async with db.transaction() as tx:
        await tx.run(ground.END, ([event_id],))
    return event_id


async def _reviewed(tx: Tx) -> None:
    """A head said of one finding that it is damage, of another that it is none, and stands behind both inspections."""
    await tx.run(
        """INSERT INTO damages (id, car_id, kind, part, severity, first_inspection_id, confirmed_by)
           VALUES (%s, %s, 'dent', 'hood', 2, %s, %s)""",
        (DAMAGE, ground.CAR, REVIEWED, HEAD),
    )
    await _finding(tx, DECIDED, REVIEWED, "new", decided_by=HEAD, damage_id=DAMAGE)
    await _finding(tx, FALSE, REVIEWED, "not_damage", decided_by=HEAD)
    for finding, state in ((DECIDED, "new"), (FALSE, "not_damage")):
        said = {"finding": str(finding), "role": "branch_head", "needs": "branch_head"}
        await _said(tx, f"finding.{state}", REVIEWED, said)
    for inspection in (BEFORE, REVIEWED):
        await _said(tx, "inspection.reviewed", inspection, {"role": "branch_head"})
    await tx.run(
        """INSERT INTO reports (id, inspection_id, language, html_key, chain_hash)
           SELECT gen_random_uuid(), id, 'en', %s, chain_hash FROM inspections WHERE id = %s""",
        (key_of("a" * 64), REVIEWED),
    )


async def _finding(tx: Tx, finding: UUID, inspection: UUID, state: str, **decided: Any) -> None:
    row = {"decided_by": None, "damage_id": None} | decided
    await tx.run(
        """INSERT INTO findings (id, inspection_id, ordinal, photo_id, source, kind, part, severity, state, decided_by,
                                 decided_at, damage_id)
           VALUES (%s, %s, %s, %s, 'model', 'dent', 'hood', 2, %s, %s, %s, %s)""",
        (
            *(finding, inspection, finding.int - DECIDED.int + 1, photo_id(inspection, 1), state),
            *(row["decided_by"], row["decided_by"] and _BEGAN, row["damage_id"]),
        ),
    )


async def _said(tx: Tx, action: str, inspection: UUID, details: dict[str, str]) -> None:
    at = _BEGAN + timedelta(seconds=1)
    await audit.append(tx, actor=f"staff:{HEAD}", action=action, subject=subject_of(inspection), at=at, details=details)
