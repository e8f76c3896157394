"""A car in a rental whose photos narrow agents look at: an open form, its answers, and what came of them."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from agents.spec import AgentSpec, Outcome
from core.commands import SendMessage, ShowMileage
from core.events import EventBody, InspectionSubmitted
from core.events.inspections import PhotoAccepted
from core.inspection.chain import START, PhotoProof, chain_hash
from core.inspection.views import Occasion, Question, Viewpoint
from cv.vision import Vision
from db.queries import inspection_answers, inspection_photos, inspections, readings
from db.queries.inspection_answers import NewAnswer
from db.queries.inspection_photos import NewPhoto
from db.queries.readings import Reading, Topic
from tests.agents.agent_at_work import happen
from tests.agents.evidence.company import DAY, NINO, NOW, Company

INSPECTOR, HEAD = 1, 2
"""Private chats."""


@dataclass
class Rental(Company):
    """``before`` the rent, ``after`` it: the two inspections of one booking."""

    def see_with(self, vision: Vision) -> None:
        self.deps = replace(self.deps, vision=vision)

    async def before(self, **fields: Any) -> UUID:
        return await self.inspect(Occasion.HAND_OVER, NOW - 2 * DAY, views=(), **fields)

    async def after(self, **fields: Any) -> UUID:
        return await self.inspect(Occasion.RETURN, NOW, views=(), **fields)

    async def form(self, occasion: Occasion = Occasion.RETURN, *, views: tuple[Viewpoint, ...] = ()) -> UUID:
        """One that its person has in hand, with these steps."""
        inspection = await self.inspect(occasion, NOW, views=(), state="open", submitted_at=None)
        async with self.db.transaction() as tx:
            await tx.run("UPDATE inspections SET steps = %s WHERE id = %s", (json.dumps(views), inspection))
        return inspection

    async def closed(self, inspection: UUID) -> None:
        """Its person has handed it in."""
        async with self.db.transaction() as tx:
            await inspections.change(tx, inspection, {"state": "submitted", "submitted_at": NOW})

    async def photo(self, inspection: UUID, view: Viewpoint, content: bytes) -> UUID:
        """An accepted photo; an earlier one of that side is replaced."""
        stored = await self.store.put(content, content_type="image/jpeg")
        async with self.db.transaction() as tx:
            there = await inspection_photos.photos_of(tx, inspection)
            ordinal, digest = len(there) + 1, hashlib.sha256(content).hexdigest()
            proof = PhotoProof(inspection, ordinal, digest, None, NOW, NINO, 1, 500 + ordinal)
            new = NewPhoto(
                id=UUID(int=inspection.int ^ ordinal), inspection_id=inspection, ordinal=ordinal, step=view,
                viewpoint=view, state="accepted", storage_key=stored.key, sha256=digest, chat_id=1,
                message_id=500 + ordinal, person_id=NINO, received_at=NOW,
                chain_hash=chain_hash(there[-1].chain_hash if there else START, proof),
            )  # fmt: skip
            assert await inspection_photos.put_photo(tx, new)
            await inspection_photos.replace_accepted(tx, inspection, view, by=new.id)
        return new.id

    async def photographed(
        self, agent: AgentSpec, told: type[PhotoAccepted], inspection: UUID, view: Viewpoint, content: bytes
    ) -> Outcome:
        photo_id = await self.photo(inspection, view, content)
        return await self.happen(agent, told(inspection_id=inspection, photo_id=photo_id, viewpoint=view))

    async def answered(self, inspection: UUID, question: Question, value: dict[str, Any]) -> None:
        async with self.db.transaction() as tx:
            await inspection_answers.put_answer(tx, NewAnswer(inspection, question, NINO, NOW, value=value))

    async def handed_in(self, agent: AgentSpec, inspection: UUID) -> Outcome:
        return await self.happen(agent, InspectionSubmitted(inspection_id=inspection))

    async def happen(
        self, agent: AgentSpec, body: EventBody, who: UUID | None = None, *, subject: str = "test:1"
    ) -> Outcome:
        trust = "system" if who is None else f"staff:{who}"
        return await happen(agent, body, db=self.db, clock=self.clock, deps=self.deps, trust=trust, subject=subject)

    async def reading(self, inspection: UUID, topic: Topic) -> Reading:
        async with self.db.transaction() as tx:
            found = await readings.find(tx, inspection, topic)
        assert found is not None
        return found

    async def tasks(self) -> list[tuple[str, str, str]]:
        """Title, nature and priority of what somebody owes."""
        async with self.db.transaction() as tx:
            rows = await tx.rows("SELECT title, nature, priority FROM tasks ORDER BY created_at")
        return [(row["title"], row["nature"], row["priority"]) for row in rows]


def said(outcome: Outcome) -> list[tuple[int, str]]:
    """Who is told what, by the keys of the texts."""
    bodies = [command.body for command in outcome.commands]
    return [(body.chat_id, body.text.key) for body in bodies if isinstance(body, SendMessage)]


def asked(outcome: Outcome) -> list[int]:
    """Where the question about the mileage stands, or is shown anew."""
    return [command.body.chat_id for command in outcome.commands if isinstance(command.body, ShowMileage)]
