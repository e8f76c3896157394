"""A conversation, and the scripted model of the sandbox over real HTTP behind a thinker of its own."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from agents.kit.models import build_models
from agents.kit.thinker import ModelThinker
from agents.spec import Deps, Outcome
from agents.translator import AGENT
from core.clock import FixedClock
from core.commands import SendToClient
from core.events import (
    ClientWrote,
    EventBody,
    MessageTranslated,
    OperatorWrote,
    StaffAnswered,
    TranslationsDue,
    TranslationWanted,
)
from core.ids import new_id
from core.settings import LlmSettings, Settings, TranslationSettings
from core.settings.llm import LlmBudget, LlmModel, LlmPrice, LlmProvider
from db.queries import conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.agents.kit.conftest import Panel
from tests.agents.kit.memory_ledger import MemoryLedger
from tests.sandbox.llm_at_work import MODEL, OPTIONS, ModelAtWork, model_at_work

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEAD = Conversation(id=conversations.id_of(100500, 777), account_id=100500, lead_id=777, channel="whatsapp")
TOPIC = -100
_MESSAGE = re.compile(r"<message>\n(.*)\n</message>", re.DOTALL)


@pytest.fixture
def twin() -> Iterator[ModelAtWork]:
    with model_at_work() as at_work:
        yield at_work


@dataclass
class Desk:
    """Somebody writes, the translator works, and the rows are looked at."""

    db: Database
    deps: Deps
    twin: ModelAtWork
    clock: FixedClock
    panel: Panel

    def says(self, *translations: str, **when: Any) -> None:
        """The model answers these in turn, the last one from then on."""
        rules = [{"times": 1, "answer": {"object": {"translation": one}}, "when": when} for one in translations[:-1]]
        self.twin.follow(*rules, {"answer": {"object": {"translation": translations[-1]}}, "when": when})

    def is_away(self, times: int = 1000) -> None:
        self.twin.fail(operation="openai.chat", status=503, times=times)

    def comes_back(self) -> None:
        """The provider answers again, and its breaker has had its pause."""
        self.twin.http.delete("/_sandbox/llm/faults").raise_for_status()
        self.clock.advance(timedelta(seconds=60))

    def asked(self) -> list[str]:
        """What the model was shown, without our prompt."""
        calls = self.twin.read("journal")["calls"]
        return [_content(call["params"]["body"]) for call in calls]

    def asked_to_translate(self) -> list[str]:
        return [_MESSAGE.findall(content)[-1] for content in self.asked()]

    async def conversation(self, **told: Any) -> Conversation:
        async with self.db.transaction() as tx:
            return await conversations.store(tx, replace(LEAD, **told))

    async def client_writes(self, words: str, key: str = "AB12", **told: Any) -> tuple[Message, Outcome]:
        made = Message(
            id=messages.id_of_incoming(100500, key),
            conversation_id=LEAD.id,
            account_id=100500,
            umnico_id=key,
            direction="incoming",
            author="client",
            sent_at=self.clock.now(),
            original=words,
            delivery="received",
        )
        message = await self.stored(replace(made, **told))
        body = OperatorWrote if message.author == "operator" else ClientWrote
        return await self.after(message, body(conversation_id=LEAD.id, message_id=message.id))

    async def staff_writes(self, words: str, place: int = 5, **told: Any) -> tuple[Message, Outcome]:
        made = Message(
            id=messages.id_of_outgoing(TOPIC, place),
            conversation_id=LEAD.id,
            account_id=100500,
            direction="outgoing",
            author="staff",
            sent_at=self.clock.now(),
            original=words,
            delivery="pending",
            translation_state="waiting",
            chat_id=TOPIC,
            message_id=place,
        )
        message = await self.stored(replace(made, **told))
        return await self.after(message, self.answered(words, place))

    def answered(self, words: str, place: int = 5) -> StaffAnswered:
        return StaffAnswered(
            chat_id=TOPIC,
            thread_id=7,
            message_id=place,
            person_id=new_id(),
            tg_user_id=9,
            text=words,
            conversation_id=LEAD.id,
        )

    async def after(self, message: Message, body: EventBody) -> tuple[Message, Outcome]:
        outcome = await self.play(body)
        return await self.now(message), outcome

    async def wanted(self, message: Message) -> tuple[Message, Outcome]:
        return await self.after(message, TranslationWanted(conversation_id=LEAD.id, message_id=message.id))

    async def tick(self) -> Outcome:
        return await self.play(TranslationsDue())

    async def play(self, body: EventBody) -> Outcome:
        return await happen(AGENT, body, db=self.db, clock=self.clock, deps=self.deps, subject=LEAD.entity)

    async def stored(self, message: Message) -> Message:
        async with self.db.transaction() as tx:
            await messages.store(tx, message)
        return message

    async def now(self, message: Message) -> Message:
        async with self.db.transaction() as tx:
            found = await messages.find(tx, message.id)
        assert found is not None
        return found

    async def language(self) -> str | None:
        async with self.db.transaction() as tx:
            found = await conversations.find(tx, LEAD.id)
        assert found is not None
        return found.language


def _content(body: dict[str, Any]) -> str:
    [user] = [one["content"] for one in body["messages"] if one["role"] == "user"][:1]
    return user if isinstance(user, str) else "".join(part["text"] for part in user)


def kinds(outcome: Outcome) -> list[str]:
    return [command.body.kind for command in outcome.commands]


def is_sent(outcome: Outcome) -> bool:
    return SendToClient.kind in kinds(outcome)


def is_told_late(outcome: Outcome) -> bool:
    return MessageTranslated in [type(event.body) for event in outcome.events]


MakeDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def make_desk(db: Database, twin: ModelAtWork) -> AsyncIterator[MakeDesk]:
    made: list[ModelThinker] = []

    async def make(*, llm: dict[str, Any] | None = None, conversation: dict[str, Any] | None = None, **told) -> Desk:
        clock, panel = FixedClock(NOON), Panel()
        settings = Settings(
            llm=_llm(twin, **(llm or {})), translation=TranslationSettings(**({"check_language": False} | told))
        )
        thinker = ModelThinker(settings.llm, build_models(settings.llm), MemoryLedger(), panel, clock)
        made.append(thinker)
        desk = Desk(db, Deps(db=db, clock=clock, settings=settings, thinker=thinker), twin, clock, panel)
        await desk.conversation(**(conversation or {}))
        return desk

    yield make
    for thinker in made:
        await thinker.models.aclose()


def _llm(twin: ModelAtWork, **changed: Any) -> LlmSettings:
    wide = LlmBudget(requests=1000, tokens=10_000_000, usd=Decimal(100))
    usual = {
        "providers": {
            "sandbox": LlmProvider(api="openai", base_url=twin.openai_url, api_key=SecretStr(OPTIONS.openai_key))
        },
        "models": (LlmModel(provider="sandbox", model=MODEL),),
        "prices": {MODEL: LlmPrice(input=Decimal(1), output=Decimal(1))},
        "failures_until_down": 1,
        "down_s": 30,
        "object_day": wide,
        "branch_day": wide,
        "agent_day": wide,
    }
    return LlmSettings(**(usual | changed))


@pytest.fixture
async def desk(make_desk: MakeDesk) -> Desk:
    return await make_desk(conversation={"language": "en"})
