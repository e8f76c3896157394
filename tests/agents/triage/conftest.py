"""A branch whose people write: real rows, the emulator of Telegram, and a model of the tests over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from agents.kit.models import build_models
from agents.kit.question import NO_MODEL, Thinker
from agents.kit.thinker import ModelThinker
from agents.spec import Deps, Outcome
from agents.tasks import AGENT as TASKS
from agents.triage import AGENT
from core.events import StaffWrote
from core.ids import new_id
from core.settings import Settings
from core.settings.llm import LlmBudget, LlmModel, LlmProvider, LlmSettings
from db.queries import tasks
from db.queries.tasks import Task
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.agents.kit.conftest import PRICE, Panel
from tests.agents.kit.memory_ledger import MemoryLedger
from tests.agents.kit.scripted_server import ScriptedServer, answer, scripted_server
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work

_numbers = count(500)
MODEL = "model-a"


def model_settings(base_url: str, api_key: str = "k1", model: str = MODEL) -> LlmSettings:
    key = SecretStr(api_key)
    wide = LlmBudget(requests=1000, tokens=10_000_000, usd=Decimal(100))
    return LlmSettings(
        providers={"only": LlmProvider(api="openai", base_url=base_url, api_key=key, call_s=5)},
        models=(LlmModel(provider="only", model=model),),
        prices={model: PRICE},
        object_day=wide,
        branch_day=wide,
        agent_day=wide,
    )


@dataclass
class Yard:
    """Nino is an employee in Tbilisi and Lasha her head; the model says what the test wrote into ``model.script``."""

    out: Outgoing
    model: ScriptedServer
    thinker: Thinker
    nino: UUID
    lasha: UUID
    nino_chat: int = 0
    lasha_chat: int = 0

    async def hire(self, person_id: UUID, name: str, role: str) -> int:
        added = await self.out.telegram.act("/users", first_name=name, language_code="en")
        user_id = int(added["id"])
        await self.out.telegram.act("/send", **{"as": user_id, "chat_id": user_id, "text": "/start"})
        await self.out.put(
            "people",
            id=person_id,
            name=name,
            role=role,
            branch="tbilisi",
            tg_user_id=user_id,
            language="en",
            approved_by="test",
            approved_at=NOW,
        )
        return user_id

    def model_reads(self, nature: str, title: str = "Fix it", *, part: str = "brakes", urgency: str = "high") -> None:
        self.model.script.append(answer(nature=nature, part=part, urgency=urgency, title=title))

    def words(self, text: str, *, message_id: int | None = None, **given: Any) -> StaffWrote:
        """Words of Nino in her private chat, unless the test says otherwise."""
        fields = {"chat_id": self.nino_chat, "thread_id": None, "person_id": self.nino, "tg_user_id": self.nino_chat}
        return StaffWrote(text=text, message_id=message_id or next(_numbers), **(fields | given))

    async def write(self, words: StaffWrote) -> Outcome:
        """The words, the tasks they become with their cards, and all messages."""
        settings = Settings()
        deps = Deps(db=self.out.db, clock=self.out.clock, settings=settings, thinker=self.thinker)
        trust = f"staff:{words.person_id}"
        outcome = await happen(AGENT, words, db=self.out.db, clock=self.out.clock, trust=trust, deps=deps)
        for event in outcome.events:
            await happen(TASKS, event.body, db=self.out.db, clock=self.out.clock)
        await self.out.deliver_all()
        return outcome

    async def tasks(self) -> list[Task]:
        async with self.out.db.transaction() as tx:
            return await tasks.of_branch(tx, None)

    async def said(self, chat_id: int) -> list[str]:
        """What the bot said in a chat."""
        return [message["text"] for message in await self.out.said(chat_id) if message["from"]["is_bot"]]


@pytest.fixture
async def yard(db: Database, tmp_path: Path) -> AsyncIterator[Yard]:
    with scripted_server() as server:
        async with outgoing_at_work(db, tmp_path) as out:
            await out.branch("tbilisi")
            await out.branch("batumi")
            settings = model_settings(server.openai_url)
            thinker = ModelThinker(settings, build_models(settings), MemoryLedger(), Panel(), out.clock)
            made = Yard(out, server, thinker, new_id(), new_id())
            made.nino_chat = await made.hire(made.nino, "Nino", "employee")
            made.lasha_chat = await made.hire(made.lasha, "Lasha", "branch_head")
            yield made
            await thinker.models.aclose()


@pytest.fixture
def no_model(yard: Yard) -> Yard:
    yard.thinker = NO_MODEL
    return yard
