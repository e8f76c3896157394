"""A car, its branch's forum, a person with the form in hand: what the tests of showing inspections start from."""

import struct
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.commands import ShowForm
from core.ids import new_id
from core.inspection.views import EXTERIOR, Question
from db.commands import Delivery
from tests.bot.outgoing_at_work import NOW, Outgoing

STEPS = (*map(str, EXTERIOR), *map(str, Question))


def png(colour: int = 128, *, side: int = 64) -> bytes:
    """A grey picture that Telegram takes."""
    rows = (b"\x00" + bytes([colour]) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    made = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + made


@dataclass
class InspectedCar:
    """``person`` has the inspection in hand; ``chat`` is their private chat, ``forum`` the branch's."""

    out: Outgoing
    forum: int
    chat: int
    person: UUID
    car: UUID
    inspection: UUID

    @property
    def subject(self) -> str:
        return f"inspection:{self.inspection}"

    async def change(self, **columns: Any) -> None:
        await self.out.change("inspections", self.inspection, **columns)

    async def photo(self, step: str, *, ordinal: int, state: str = "accepted", **columns: Any) -> UUID:
        photo_id = new_id()
        stored = await self.out.performer._means.storage.put(png(ordinal * 9 % 250), content_type="image/png")
        row = {
            "id": photo_id,
            "inspection_id": self.inspection,
            "ordinal": ordinal,
            "step": step,
            "viewpoint": step,
            "state": state,
            "storage_key": stored.key,
            "working_key": stored.key,
            "sha256": f"{ordinal:064x}",
            "chat_id": self.chat,
            "message_id": 1_000_000 + ordinal,
            "person_id": self.person,
            "received_at": NOW,
            "chain_hash": "0" * 64,
        }
        await self.out.put("inspection_photos", **(row | columns))
        return photo_id

    async def answer(self, step: str, value: dict[str, Any] | None, *, why: str | None = None) -> None:
        row = {"inspection_id": self.inspection, "step": step, "value": value, "skipped_why": why}
        await self.out.put("inspection_answers", **row, person_id=self.person)

    async def finding(self, ordinal: int = 1, **columns: Any) -> UUID:
        finding_id = new_id()
        row = {
            "id": finding_id,
            "inspection_id": self.inspection,
            "ordinal": ordinal,
            "source": "model",
            "kind": "dent",
            "part": "front_left_door",
            "severity": 2,
            "cost_gel": 180,
            "confidence": 0.71,
            "why": "not_matched",
            "state": "proposed",
        }
        await self.out.put("findings", **(row | columns))
        return finding_id

    async def show_form(self, *, is_new: bool = False) -> dict[str, Any]:
        body = ShowForm(chat_id=self.chat, inspection_id=self.inspection, is_new=is_new)
        delivery = await self.out.perform(body)
        assert isinstance(delivery, Delivery), delivery
        return delivery.result


async def inspected_car(out: Outgoing, *, occasion: str = "return", **columns: Any) -> InspectedCar:
    """An open inspection at its first step."""
    await out.branch("tbilisi")
    forum = await out.forum("tbilisi")
    chat = out.telegram.owner
    person = new_id()
    await out.put(
        "people",
        id=person,
        name="Nino",
        role="employee",
        branch="tbilisi",
        tg_user_id=chat,
        language="en",
        approved_by="test",
        approved_at=NOW,
    )
    car = await out.car(61000, "tbilisi")
    inspection = new_id()
    row = {
        "id": inspection,
        "car_id": car,
        "branch": "tbilisi",
        "occasion": occasion,
        "person_id": person,
        "opened_by": person,
        "steps": Jsonb(list(STEPS)),
        "opened_at": NOW - timedelta(minutes=5),
    }
    await out.put("inspections", **(row | columns))
    return InspectedCar(out, forum, chat, person, car, inspection)
