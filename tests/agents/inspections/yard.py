"""A yard with cars, two colleagues and their head; what they press and photograph happens to a real database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from agents.inspections import AGENT
from agents.spec import Deps, Outcome
from core.clock import FixedClock
from core.commands import SendMessage, ShowForm, ShowInspection
from core.events import EventBody, InspectionAnswered, InspectionsDue, InspectionSteered, InspectionWanted, PhotoGiven
from core.events.conversations import KeptFile
from core.ids import new_id, rentprog_id
from core.inspection.views import Occasion
from core.settings import PhotosSettings, Settings
from cv.vision import Vision
from db.queries import inspection_photos, inspections
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.session import Database
from storage.api import Storage
from tests.agents.agent_at_work import happen
from tests.cv.pictures import as_bytes, scene

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""Noon in the branch."""
FORUM = -1001
PEOPLE = {"nino": 11, "lasha": 12, "head": 13}
CAR, OTHER_CAR = rentprog_id("car", 1), rentprog_id("car", 2)
FEW = PhotosSettings(
    exterior_angles=("front", "left", "rear"),  # pyright: ignore[reportArgumentType] - names of viewpoints
    other_required=("dashboard",),  # pyright: ignore[reportArgumentType] - names of viewpoints
    minimum_total=4,
)


def picture(seed: int, *, width: int = 1600, height: int = 1200, **options: Any) -> bytes:
    return as_bytes(scene(width, height, seed), quality=85, **options)


@dataclass
class Yard:
    db: Database
    storage: Storage | None
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    settings: Settings = field(default_factory=lambda: Settings(photos=FEW))
    vision: Vision | None = None
    people: dict[str, UUID] = field(default_factory=lambda: {name: new_id() for name in PEOPLE})
    messages: Iterator[int] = field(default_factory=lambda: count(100))

    async def open(self) -> None:
        await self.sql("INSERT INTO branches (code, name, company_id, language) VALUES ('tbilisi', 'Tbilisi', 1, 'en')")
        await self.sql(
            """INSERT INTO chats (chat_id, purpose, title, branch, is_forum)
               VALUES (%s, 'branch_forum', 'Tbilisi', 'tbilisi', true)""",
            FORUM,
        )
        for name, number in PEOPLE.items():
            await self.sql(
                """INSERT INTO people (id, name, role, branch, tg_user_id, language, approved_by, approved_at)
                   VALUES (%s, %s, %s, 'tbilisi', %s, 'en', 'test', now())""",
                self.people[name],
                name.title(),
                "branch_head" if name == "head" else "employee",
                number,
            )
        for number in (1, 2):
            await self.sql(
                """INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by, model, active)
                   VALUES (%s, %s, 'tbilisi', 1, 'fetch', 'Toyota Prius', true)""",
                rentprog_id("car", number),
                number,
            )

    async def booking(self, number: int, *, car: UUID = CAR, **columns: Any) -> UUID:
        booking_id = rentprog_id("booking", number)
        row = {
            "id": booking_id,
            "rentprog_id": number,
            "number": number,
            "branch": "tbilisi",
            "car_id": car,
            "updated_by": "fetch",
            "state": "confirmed",
            "client_name": "Anna Sample",
            "start_at": NOW + timedelta(hours=1),
            "end_at": NOW + timedelta(days=3),
            "created_at": NOW - timedelta(days=2),
            **columns,
        }
        marks = ", ".join(["%s"] * len(row))
        await self.sql(f"INSERT INTO bookings ({', '.join(row)}) VALUES ({marks})", *row.values())
        return booking_id

    async def sql(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows(statement, values)

    # -- what people do -------------------------------------------------------------------------------------------

    async def want(
        self,
        who: str = "nino",
        *,
        car: UUID = CAR,
        occasion: Occasion = Occasion.HAND_OVER,
        booking: UUID | None = None,
    ) -> Outcome:
        body = InspectionWanted(car_id=car, occasion=occasion, booking_id=booking)
        return await self.happen(body, f"car:{car}", who)

    async def steer(self, act: str, who: str = "nino", **given: Any) -> Outcome:
        """A button of the newest form, shown with its step unless told otherwise."""
        inspection = await self.newest()
        told = {"inspection_id": inspection.id, "act": act, "step": inspection.step, **given}
        return await self.happen(InspectionSteered.model_validate(told), inspection.subject, who)

    async def answer(self, who: str = "nino", **given: Any) -> Outcome:
        inspection = await self.newest()
        told = {"inspection_id": inspection.id, "step": inspection.step, **given}
        return await self.happen(InspectionAnswered.model_validate(told), inspection.subject, who)

    async def give(
        self, content: bytes, *, kind: str = "photo", message_id: int | None = None, **given: Any
    ) -> Outcome:
        """A photo of Nino's for the newest form, safe in storage; ``step`` is what is asked unless told otherwise."""
        assert self.storage is not None
        kept = await self.storage.put(content, content_type="image/jpeg")
        return await self.happen_to_file(kept.key, kind=kind, message_id=message_id, **given)

    async def happen_to_file(
        self, key: str, *, kind: str = "photo", message_id: int | None = None, **given: Any
    ) -> Outcome:
        inspection = await self.newest()
        told = {
            "chat_id": PEOPLE["nino"],
            "thread_id": None,
            "message_id": next(self.messages) if message_id is None else message_id,
            "person_id": self.people["nino"],
            "tg_user_id": PEOPLE["nino"],
            "text": "",
            "file": KeptFile(storage_key=key, media_kind=kind),
            "inspection_id": inspection.id,
            "step": inspection.step,
            **given,
        }
        return await self.happen(PhotoGiven.model_validate(told), inspection.subject, "nino")

    async def walk(self, *, until: str | None = None, seed: int = 1) -> None:
        """Answer every step in turn until the named one is asked, or all are done."""
        while (step := (await self.newest()).step) not in {until, None}:
            match step:
                case "mileage":
                    await self.answer(number=45210)
                case "fuel_level":
                    await self.answer(number=100)
                case "fluid_levels":
                    await self.answer(choices=("oil:ok", "coolant:ok", "brake:ok"))
                case "kit_items":
                    await self.answer(choices=self.settings.photos.kit)
                case _:
                    await self.give(picture(seed))
                    seed += 1

    async def tick(self) -> Outcome:
        return await self.happen(InspectionsDue(), "check:inspections", None)

    async def happen(self, body: EventBody, subject: str, who: str | None) -> Outcome:
        trust = "system" if who is None else f"staff:{self.people[who]}"
        deps = Deps(db=self.db, clock=self.clock, settings=self.settings, storage=self.storage, vision=self.vision)
        return await happen(AGENT, body, db=self.db, clock=self.clock, subject=subject, trust=trust, deps=deps)

    # -- what became of it ----------------------------------------------------------------------------------------

    async def newest(self) -> Inspection:
        [row] = await self.sql("SELECT id FROM inspections ORDER BY number DESC LIMIT 1")
        async with self.db.transaction() as tx:
            found = await inspections.find(tx, row["id"])
        assert found is not None
        return found

    async def photos(self) -> list[Photo]:
        inspection = await self.newest()
        async with self.db.transaction() as tx:
            return await inspection_photos.photos_of(tx, inspection.id)

    async def kept(self) -> list[tuple[str | None, str]]:
        """Step and state of every photo, in the order they came."""
        return [(photo.step, photo.state) for photo in await self.photos()]

    async def notice(self) -> str | None:
        notice = (await self.newest()).notice
        return None if notice is None else notice["key"]


def said(outcome: Outcome) -> list[tuple[int, str]]:
    """Who was told what."""
    bodies = [command.body for command in outcome.commands]
    return [(body.chat_id, body.text.key) for body in bodies if isinstance(body, SendMessage)]


def shown(outcome: Outcome) -> list[tuple[int, str]]:
    """Where forms and cards were shown; a form that is sent anew is ``new form``."""
    places: list[tuple[int, str]] = []
    for command in outcome.commands:
        match command.body:
            case ShowForm(chat_id=chat_id, is_new=is_new):
                places.append((chat_id, "new form" if is_new else "form"))
            case ShowInspection(chat_id=chat_id):
                places.append((chat_id, "card"))
            case _:
                pass
    return places


def told_of(outcome: Outcome) -> list[str]:
    return [event.body.kind for event in outcome.events]
