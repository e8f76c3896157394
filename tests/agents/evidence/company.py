"""A car that was handed over clean and came back with a dent, as rows; its photos lie in a store on disk."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image

from agents.spec import Deps
from core.clock import FixedClock
from core.ids import new_id, rentprog_id
from core.inspection.chain import START, PhotoProof, chain_hash
from core.inspection.views import Occasion, Viewpoint
from core.settings import Settings
from db.queries import inspection_photos, inspections
from db.queries.inspection_photos import NewPhoto
from db.queries.inspections import NewInspection
from db.session import Database
from storage.links import Links
from storage.local import LocalStorage

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CAR = rentprog_id("car", 1)
BOOKING = rentprog_id("booking", 1)
NINO = UUID(int=1)
LASHA = UUID(int=2)
FORUM, ARCHIVE = -1001, -1002


def picture(colour: int) -> bytes:
    made = BytesIO()
    Image.new("RGB", (640, 480), (colour, 80, 80)).save(made, "JPEG")
    return made.getvalue()


@dataclass
class Company:
    db: Database
    folder: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        links = Links("https://jarvis.example/files", b"invented-secret-of-links-0123456789")
        self.store = LocalStorage(self.folder, clock=self.clock, links=links)
        self.deps = Deps(db=self.db, clock=self.clock, settings=self.settings, storage=self.store)

    async def found(self) -> None:
        async with self.db.transaction() as tx:
            await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('tbilisi', 'Tbilisi', 1)")
            await tx.run(
                """INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by, plate, model, mileage)
                   VALUES (%s, 1, 'tbilisi', 1, 'fetch', 'AB-123-CD', 'Toyota Prius', 45000)""",
                (CAR,),
            )
            for number, (person_id, name, role) in enumerate(
                ((NINO, "Nino", "employee"), (LASHA, "Lasha", "branch_head")), start=1
            ):
                await tx.run(
                    """INSERT INTO people (id, name, role, branch, tg_user_id, language, approved_by, approved_at)
                       VALUES (%s, %s, %s, 'tbilisi', %s, 'en', 'test', now())""",
                    (person_id, name, role, number),
                )
            await self._add_booking(tx, BOOKING, 1, NOW - 6 * DAY, NOW)
            for chat_id, purpose, branch in ((FORUM, "branch_forum", "tbilisi"), (ARCHIVE, "archive", None)):
                await tx.run(
                    """INSERT INTO chats (chat_id, purpose, title, branch, is_forum, is_member)
                       VALUES (%s, %s, %s, %s, %s, true)""",
                    (chat_id, purpose, purpose, branch, branch is not None),
                )

    async def _add_booking(self, tx: Any, booking_id: UUID, number: int, start: datetime, end: datetime) -> None:
        await tx.run(
            """INSERT INTO bookings (id, rentprog_id, number, branch, car_id, client_name, start_at, end_at, updated_by,
                                     state)
               VALUES (%s, %s, %s, 'tbilisi', %s, 'Erik <Larsen>', %s, %s, 'fetch', 'active')""",
            (booking_id, number, number + 1000, CAR, start, end),
        )

    async def rent(self, number: int, start: datetime, end: datetime) -> UUID:
        async with self.db.transaction() as tx:
            await self._add_booking(tx, rentprog_id("booking", number), number, start, end)
        return rentprog_id("booking", number)

    async def inspect(
        self,
        occasion: Occasion,
        at: datetime,
        *,
        views: Sequence[Viewpoint] = (Viewpoint.FRONT, Viewpoint.LEFT),
        booking: UUID | None = BOOKING,
        **fields: Any,
    ) -> UUID:
        """An inspection that was submitted at the moment, with a photo of each side."""
        new = NewInspection(
            id=new_id(), car_id=CAR, occasion=occasion, person_id=NINO, steps=tuple(views), opened_at=at,
            booking_id=booking, branch="tbilisi",
        )  # fmt: skip
        async with self.db.transaction() as tx:
            assert await inspections.create(tx, new)
        end = START
        for ordinal, view in enumerate(views, start=1):
            end = await self._photograph(new.id, ordinal, view, at, end)
        changed = {"state": "examined", "submitted_at": at, "touched_at": at, "chain_hash": end or None, **fields}
        async with self.db.transaction() as tx:
            await inspections.change(tx, new.id, changed)
        return new.id

    async def _photograph(self, inspection: UUID, ordinal: int, view: Viewpoint, at: datetime, before: str) -> str:
        content = picture(ordinal * 20 + at.day)
        stored = await self.store.put(content, content_type="image/jpeg")
        digest = hashlib.sha256(content).hexdigest()
        proof = PhotoProof(inspection, ordinal, digest, None, at, NINO, 1, 100 + ordinal)
        new = NewPhoto(
            id=photo_of(inspection, ordinal), inspection_id=inspection, ordinal=ordinal, step=view, viewpoint=view,
            state="accepted", storage_key=stored.key, sha256=digest, chat_id=1, message_id=100 + ordinal,
            person_id=NINO, received_at=at, chain_hash=chain_hash(before, proof),
        )  # fmt: skip
        async with self.db.transaction() as tx:
            assert await inspection_photos.put_photo(tx, new)
        return new.chain_hash

    async def find_damage(self, inspection: UUID, *, state: str = "new", photo: int = 2) -> UUID:
        finding_id = new_id()
        decided = (None, None) if state == "proposed" else (LASHA, NOW)
        async with self.db.transaction() as tx:
            await tx.run(
                """INSERT INTO findings (id, inspection_id, ordinal, photo_id, source, kind, part, severity, cost_gel,
                                         confidence, box, state, decided_by, decided_at)
                   SELECT %s, %s, count(*) + 1, %s, 'model', 'dent', 'front_left_door', 2, 450, 0.7,
                          '[0.3, 0.4, 0.5, 0.6]', %s, %s, %s FROM findings WHERE inspection_id = %s""",
                (finding_id, inspection, photo_of(inspection, photo), state, *decided, inspection),
            )
        return finding_id


def photo_of(inspection: UUID, ordinal: int) -> UUID:
    return UUID(int=inspection.int ^ ordinal)
