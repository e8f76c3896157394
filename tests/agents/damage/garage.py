"""A branch with its people, a car, and inspections of it; events happen to the damage agent on a real database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from agents.damage import AGENT
from agents.spec import Deps, Outcome
from core.clock import FixedClock
from core.commands import SendMessage
from core.events import EventBody, FindingAdded, FindingDecided, HoldDecided, ReviewFinished
from core.ids import new_id, rentprog_id
from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Occasion, Viewpoint
from core.roles import Role
from core.settings import BranchSettings, Settings
from db.queries import findings, inspection_photos, inspections
from db.queries.branches import put_branches
from db.queries.findings import Finding, NewFinding
from db.queries.inspection_photos import NewPhoto
from db.queries.inspections import Inspection, NewInspection
from db.session import Database
from tests.agents.agent_at_work import happen

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""Noon in the branches, a Friday."""
FORUM = -1001
CAR = rentprog_id("car", 1)
_PEOPLE = (
    ("anna", Role.EMPLOYEE, "north", 11),
    ("head", Role.BRANCH_HEAD, "north", 13),
    ("other_head", Role.BRANCH_HEAD, "south", 14),
    ("division", Role.DIVISION_HEAD, None, 15),
    ("director", Role.DIRECTOR, None, 16),
)
_numbers = count(1)


@dataclass
class Garage:
    db: Database
    clock: FixedClock
    people: dict[str, UUID]
    deps: Deps

    async def inspection(self, state: str = "examined", **given: Any) -> Inspection:
        new = NewInspection(
            id=new_id(),
            car_id=CAR,
            person_id=self.people["anna"],
            steps=("front",),
            **{"occasion": Occasion.RETURN, "branch": "north", "opened_at": self.clock.now(), **given},
        )
        async with self.db.transaction() as tx:
            assert await inspections.create(tx, new)
            await inspections.change(tx, new.id, {"state": state, "submitted_at": self.clock.now()})
        return await self.seen(new.id)

    async def seen(self, inspection_id: UUID) -> Inspection:
        async with self.db.transaction() as tx:
            found = await inspections.find(tx, inspection_id)
        assert found is not None
        return found

    async def photo(self, inspection: Inspection, viewpoint: Viewpoint = Viewpoint.LEFT, **given: Any) -> UUID:
        number = next(_numbers)
        fields = {"storage_key": f"k{number}", "working_key": f"w{number}", "state": "accepted", **given}
        new = NewPhoto(
            id=new_id(),
            inspection_id=inspection.id,
            ordinal=number,
            step=str(viewpoint),
            viewpoint=viewpoint,
            sha256=f"{number}",
            chat_id=11,
            message_id=number,
            person_id=self.people["anna"],
            received_at=self.clock.now(),
            chain_hash=f"{number}",
            **fields,
        )
        async with self.db.transaction() as tx:
            assert await inspection_photos.put_photo(tx, new)
        return new.id

    async def finding(self, inspection: Inspection, severity: Severity = Severity.LIGHT, **given: Any) -> Finding:
        fields = {
            "source": "model",
            "model": "test 1",
            "kind": DamageKind.DENT,
            "part": Part.FRONT_LEFT_DOOR,
            "state": FindingState.PROPOSED,
            "confidence": 0.7,
            "cost_gel": 300,
            **given,
        }
        new = NewFinding(id=new_id(), inspection_id=inspection.id, severity=severity, **fields)
        async with self.db.transaction() as tx:
            assert await findings.put(tx, new)
        return await self.found(new.id)

    async def found(self, finding_id: UUID) -> Finding:
        async with self.db.transaction() as tx:
            found = await findings.find(tx, finding_id)
        assert found is not None
        return found

    async def all_of(self, inspection: Inspection) -> list[Finding]:
        async with self.db.transaction() as tx:
            return await findings.of_inspection(tx, inspection.id)

    async def press(self, who: str, finding: Finding, state: FindingState, **given: Any) -> Outcome:
        body = FindingDecided(inspection_id=finding.inspection_id, finding_id=finding.id, state=state, **given)
        return await self.happen(body, who)

    async def add(self, who: str, inspection: Inspection, severity: Severity = Severity.LIGHT, **given: Any) -> Outcome:
        fields = {"damage_kind": DamageKind.SCRATCH, "part": Part.HOOD, "photo_id": None, **given}
        return await self.happen(FindingAdded(inspection_id=inspection.id, severity=severity, **fields), who)

    async def review(self, who: str, inspection: Inspection) -> Outcome:
        return await self.happen(ReviewFinished(inspection_id=inspection.id), who)

    async def hold(self, who: str, inspection: Inspection, *, is_held: bool) -> Outcome:
        return await self.happen(HoldDecided(inspection_id=inspection.id, car_id=CAR, is_held=is_held), who)

    async def happen(self, body: EventBody, who: str | None = None) -> Outcome:
        trust = "system" if who is None else f"staff:{self.people[who]}"
        subject = f"inspection:{getattr(body, 'inspection_id', '')}"
        return await happen(AGENT, body, db=self.db, clock=self.clock, trust=trust, subject=subject, deps=self.deps)

    async def sql(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows(statement, values)

    async def audited(self) -> list[str]:
        return [row["action"] for row in await self.sql("SELECT action FROM audit ORDER BY id")]

    async def damages(self) -> list[tuple[str, str, int, UUID | None]]:
        rows = await self.sql("SELECT kind, part, severity, booking_id FROM damages ORDER BY confirmed_at, id")
        return [(row["kind"], row["part"], row["severity"], row["booking_id"]) for row in rows]

    async def holds(self) -> list[str]:
        return [row["state"] for row in await self.sql("SELECT state FROM car_holds ORDER BY created_at, id")]


def told(outcome: Outcome) -> dict[int, list[str]]:
    """The keys of what is said, by chat."""
    said: dict[int, list[str]] = {}
    for command in outcome.commands:
        if isinstance(command.body, SendMessage):
            said.setdefault(command.body.chat_id, []).append(command.body.text.key)
    return said


def kinds(outcome: Outcome) -> list[str]:
    return [command.body.kind for command in outcome.commands]


async def garage_of(db: Database, **settings: Any) -> Garage:
    clock = FixedClock(NOW)
    people = {name: new_id() for name, *_ in _PEOPLE}
    async with db.transaction() as tx:
        await put_branches(
            tx,
            [
                BranchSettings.model_validate({"code": code, "name": code.title(), "company_id": number})
                for number, code in enumerate(("north", "south"), start=1)
            ],
        )
        for name, role, branch, number in _PEOPLE:
            await tx.run(
                """INSERT INTO people (id, name, role, branch, tg_user_id, language, approved_by, approved_at)
                   VALUES (%s, %s, %s, %s, %s, 'en', 'test', %s)""",
                (people[name], name.title(), str(role), branch, number, NOW - timedelta(days=9)),
            )
        await tx.run(
            """INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by, plate, model)
               VALUES (%s, 1, 'north', 1, 'fetch', 'AA-001-AA', 'Toyota Prius')""",
            (CAR,),
        )
        await tx.run(
            """INSERT INTO chats (chat_id, purpose, title, branch, is_forum, is_member, bound_by)
               VALUES (%s, 'branch_forum', 'North', 'north', true, true, 'test')""",
            (FORUM,),
        )
    return Garage(db, clock, people, Deps(db=db, clock=clock, settings=Settings(**settings)))
