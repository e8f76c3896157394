"""A desk where one client of Tbilisi writes: a real database, the scripted model and RentProg's twin over HTTP."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from agents.kit.models import build_models
from agents.kit.question import Thinker
from agents.kit.thinker import ModelThinker
from agents.reply_drafter import AGENT
from agents.spec import Deps, Outcome
from core.clock import FixedClock
from core.commands import CommandBody
from core.events import ClientWrote, DraftDecided, EventBody, MessageTranslated
from core.ids import new_id
from core.roles import Role
from core.settings import NightSettings, Settings
from core.settings.llm import LlmModel, LlmProvider, LlmSettings
from db.queries import chats, conversations, drafts, messages
from db.queries.conversations import Conversation
from db.queries.drafts import Draft
from db.queries.messages import Message
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.agents.kit.conftest import Panel
from tests.agents.kit.memory_ledger import MemoryLedger
from tests.agents.reading_tools.company import NOW, Mirror, rentprog_at_work, settings
from tests.sandbox.llm_at_work import MODEL, OPTIONS, ModelAtWork, model_at_work

NIGHT = datetime.fromisoformat("2026-03-02T23:00+04:00")
_numbers = count(1)


@dataclass
class Desk:
    """What a test of the drafter needs; messages of the client follow one another by a second."""

    db: Database
    mirror: Mirror
    model: ModelAtWork
    settings: Settings
    thinker: Thinker
    rentprog: Any
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    def live(self) -> None:
        """It is night, and Jarvis may answer by itself."""
        self.clock = FixedClock(NIGHT)
        self.settings = self.settings.model_copy(update={"night": NightSettings(mode="live")})

    async def person(self, name: str = "Nino") -> tuple[UUID, int]:
        """An employee of Tbilisi with a personal group."""
        person_id, chat_id = new_id(), -1_002_000_000_000 - next(_numbers)
        await self.mirror.sql(
            """INSERT INTO people (id, name, role, branch, tg_user_id, approved_by, approved_at)
               VALUES (%s, %s, %s, 'tbilisi', %s, 'test', now()) RETURNING id""",
            person_id,
            name,
            str(Role.EMPLOYEE),
            5_000_000_000 + next(_numbers),
        )
        async with self.db.transaction() as tx:
            await chats.bind_group(
                tx, chat_id, title="Clients", person_id=person_id, purpose="personal_group", bound_by="test"
            )
        return person_id, chat_id

    async def talk(self, **told: Any) -> Conversation:
        """A conversation in English, held by one who has a topic for it."""
        person_id, _ = await self.person()
        made = Conversation(
            id=conversations.id_of(100500, 777), account_id=100500, lead_id=777, channel="whatsapp", language="en"
        )
        made = replace(made, **({"branch": "tbilisi", "holder_id": person_id} | told))
        async with self.db.transaction() as tx:
            await conversations.store(tx, made)
            await conversations.show_at(tx, made.id, person_id)
        return made

    async def change(self, conversation: Conversation, **told: Any) -> None:
        async with self.db.transaction() as tx:
            await conversations.store(tx, replace(conversation, **told))

    async def wrote(self, conversation: Conversation, text: str, **told: Any) -> Message:
        number = next(_numbers)
        made = Message(
            id=messages.id_of_incoming(100500, f"M{number}"),
            conversation_id=conversation.id,
            account_id=100500,
            umnico_id=f"M{number}",
            direction="incoming",
            author="client",
            sent_at=self.clock.now() - timedelta(minutes=5) + timedelta(milliseconds=number),
            original=text,
            language="en",
            delivery="received",
        )
        made = replace(made, **told)
        async with self.db.transaction() as tx:
            await messages.store(tx, made)
        return made

    async def asked(self, conversation: Conversation, text: str, **told: Any) -> Outcome:
        """The client writes, and the drafter has looked at it."""
        message = await self.wrote(conversation, text, **told)
        return await self.happen(ClientWrote(conversation_id=conversation.id, message_id=message.id))

    async def translated(self, message: Message) -> Outcome:
        return await self.happen(MessageTranslated(conversation_id=message.conversation_id, message_id=message.id))

    async def press(self, draft: Draft, choice: Any, by: UUID | None) -> Outcome:
        body = DraftDecided(draft_id=draft.id, conversation_id=draft.conversation_id, choice=choice, person_id=None)
        return await self.happen(body, trust="system" if by is None else f"staff:{by}")

    async def happen(self, body: EventBody, trust: str = "client:1") -> Outcome:
        deps = Deps(db=self.db, clock=self.clock, settings=self.settings, rentprog=self.rentprog, thinker=self.thinker)
        return await happen(AGENT, body, db=self.db, clock=self.clock, trust=trust, deps=deps)

    async def drafts(self) -> list[Draft]:
        """All there are, the oldest first."""
        rows = await self.mirror.sql("SELECT id FROM drafts ORDER BY created_at")
        async with self.db.transaction() as tx:
            found = [await drafts.find(tx, row["id"]) for row in rows]
        return [draft for draft in found if draft is not None]

    async def draft(self) -> Draft:
        (only,) = await self.drafts()
        return only

    async def ours(self) -> list[dict[str, Any]]:
        """What was written to the client."""
        return await self.mirror.sql("SELECT * FROM messages WHERE direction = 'outgoing' ORDER BY sent_at")


def bodies(outcome: Outcome, kind: type[CommandBody]) -> list[Any]:
    return [command.body for command in outcome.commands if isinstance(command.body, kind)]


def answers(**told: Any) -> dict[str, Any]:
    """The model's last word, with what a test cares about."""
    said = {"kind": "answer", "intent": "availability", "used": [], "score": 0.9, "staff_text": "", "client_text": ""}
    return {"when": {"offers": "availability"}, "answer": {"object": said | told}}


def calls(tool: str, *, after: int = 0, **arguments: Any) -> dict[str, Any]:
    """After so many results the model looks something up."""
    call = {"name": tool, "arguments": arguments}
    return {"when": {"tool_results": after, "offers": tool}, "answer": {"tool_calls": [call]}}


@pytest.fixture
def model() -> Iterator[ModelAtWork]:
    with model_at_work() as model:
        yield model


@pytest.fixture
async def desk(db: Database, model: ModelAtWork) -> AsyncIterator[Desk]:
    mirror = Mirror(db)
    await mirror.open()
    provider = LlmProvider(api="openai", base_url=model.openai_url, api_key=SecretStr(OPTIONS.openai_key))
    llm = LlmSettings(providers={"one": provider}, models=(LlmModel(provider="one", model=MODEL),))
    models = build_models(llm)
    async with rentprog_at_work() as rentprog:
        thinker = ModelThinker(llm, models, MemoryLedger(), Panel(), FixedClock(NOW))
        yield Desk(db, mirror, model, settings(), thinker, rentprog)
    await models.aclose()
