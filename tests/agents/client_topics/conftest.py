"""A small company on a real database: people with groups of their own, one client who writes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from agents.client_topics import AGENT
from agents.spec import Outcome
from core.clock import FixedClock
from core.commands import CommandBody, SendMessage
from core.events import ConversationSteered, EventBody, StaffAnswered, Steer
from core.ids import new_id
from core.roles import Role
from db.queries import chats, conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Database
from tests.agents.agent_at_work import happen

NOW = datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
ACCOUNT = 100500
_numbers = count(1)


class Company:
    """What a test of this agent needs; ids of messages count up."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = FixedClock(NOW)

    async def person(self, name: str, role: Role = Role.EMPLOYEE, branch: str | None = "tbilisi") -> UUID:
        person_id = new_id()
        await self.sql(
            """INSERT INTO people (id, name, role, branch, tg_user_id, approved_by, approved_at)
               VALUES (%s, %s, %s, %s, %s, 'test', now())""",
            person_id,
            name,
            str(role),
            branch,
            5_000_000_000 + next(_numbers),
        )
        return person_id

    async def group(self, person_id: UUID) -> int:
        chat_id = -1_002_000_000_000 - next(_numbers)
        async with self.db.transaction() as tx:
            await chats.bind_group(
                tx, chat_id, title="Clients", person_id=person_id, purpose="personal_group", bound_by="test"
            )
        return chat_id

    async def conversation(self, lead: int = 777, **told: Any) -> Conversation:
        made = Conversation(id=conversations.id_of(ACCOUNT, lead), account_id=ACCOUNT, lead_id=lead, channel="whatsapp")
        async with self.db.transaction() as tx:
            return await conversations.store(tx, replace(made, **({"branch": "tbilisi"} | told)))

    async def wrote(self, conversation: Conversation, **told: Any) -> UUID:
        """A message of the client; ``direction`` and the like make it another one."""
        number = next(_numbers)
        made = Message(
            id=messages.id_of_incoming(ACCOUNT, f"M{number}"),
            conversation_id=conversation.id,
            account_id=ACCOUNT,
            umnico_id=f"M{number}",
            direction="incoming",
            author="client",
            sent_at=NOW + timedelta(seconds=number),
            original="Hello",
            delivery="received",
        )
        async with self.db.transaction() as tx:
            await messages.store(tx, replace(made, **told))
        return made.id

    async def happen(self, body: EventBody, *, by: UUID | None = None) -> Outcome:
        return await happen(
            AGENT, body, db=self.db, clock=self.clock, trust="system" if by is None else f"staff:{by}", subject="test:1"
        )

    async def answer(
        self, conversation: Conversation, person_id: UUID, chat_id: int, text: str = "Добрый день", **told: Any
    ) -> tuple[UUID, Outcome]:
        """Somebody of staff writes in the client's topic."""
        body = StaffAnswered(
            chat_id=chat_id,
            thread_id=7,
            message_id=told.pop("message_id", None) or next(_numbers),
            person_id=person_id,
            tg_user_id=1,
            text=text,
            entity=conversation.entity,
            conversation_id=conversation.id,
            **told,
        )
        return messages.id_of_outgoing(chat_id, body.message_id), await self.happen(body, by=person_id)

    async def steer(self, conversation: Conversation, act: Steer, by: UUID, **told: Any) -> Outcome:
        body = ConversationSteered(conversation_id=conversation.id, act=act, person_id=by, **told)
        return await self.happen(body, by=by)

    async def now_of(self, conversation: Conversation) -> Conversation:
        async with self.db.transaction() as tx:
            found = await conversations.find(tx, conversation.id)
        assert found is not None
        return found

    async def message(self, message_id: UUID) -> Message:
        async with self.db.transaction() as tx:
            found = await messages.find(tx, message_id)
        assert found is not None
        return found

    async def change(self, message_id: UUID, **told: Any) -> None:
        async with self.db.transaction() as tx:
            found = await messages.lock(tx, message_id)
            assert found is not None
            await messages.store(tx, replace(found, **told))

    async def sql(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await tx.rows(statement, values)


def shown(outcome: Outcome, kind: type[CommandBody]) -> list[Any]:
    """The bodies of one kind among what was ordered."""
    return [command.body for command in outcome.commands if isinstance(command.body, kind)]


def keys(outcome: Outcome) -> list[tuple[int, str]]:
    """Which line went to which chat."""
    return [(body.chat_id, body.text.key) for body in shown(outcome, SendMessage)]


@pytest.fixture
async def company(db: Database) -> Company:
    made = Company(db)
    await made.sql("INSERT INTO branches (code, name, company_id) VALUES ('tbilisi', 'Tbilisi', 1)")
    await made.sql("INSERT INTO branches (code, name, company_id) VALUES ('batumi', 'Batumi', 2)")
    return made
