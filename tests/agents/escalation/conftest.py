"""A company in which a client waits; time is moved, and the clock ticks when a test says so."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from agents.escalation import AGENT
from agents.spec import Deps, Outcome
from core.clock import FixedClock
from core.commands import SendMessage
from core.events import (
    AlarmCleared,
    AlarmRaised,
    ClientWrote,
    ConversationMoved,
    Event,
    EventBody,
    MessageSent,
    NewEvent,
    UnansweredDue,
)
from core.ids import new_id
from core.settings import Settings
from db import commands
from db.queries import absences, conversations, messages, waits
from db.queries.messages import Message
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.agents.approvals.company import CLIENT, Company, company_of

TBILISI = ZoneInfo("Asia/Tbilisi")
SUBJECT = conversations.subject_of(CLIENT)


def local(text: str) -> datetime:
    """``20 12:00`` of November 2026; the 20th is a Friday."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=TBILISI).astimezone(UTC)


@dataclass
class Waiting:
    """The story of one client who waits. ``said`` is what each look made of it."""

    company: Company
    said: list[Outcome] = field(default_factory=list)
    looks: set[str | None] = field(default_factory=set)

    @property
    def db(self) -> Database:
        return self.company.db

    @property
    def people(self) -> dict[str, UUID]:
        return self.company.people

    async def writes(self, words: str = "Hello?", *, is_edit: bool = False, at: datetime | None = None) -> UUID:
        """The client writes, now unless told otherwise."""
        made = self._message(direction="incoming", author="client", original=words, delivery="received")
        made = replace(made, sent_at=at or made.sent_at)
        await self._store(made)
        await self.happen(ClientWrote(conversation_id=CLIENT, message_id=made.id, is_edit=is_edit), SUBJECT)
        return made.id

    async def answered(self, *, is_told: bool = True) -> None:
        """Somebody answers now; ``is_told``: escalation hears of it by its event."""
        made = self._message(direction="outgoing", author="staff", original="Yes!", delivery="sent")
        await self._store(made)
        if is_told:
            await self.happen(MessageSent(conversation_id=CLIENT, message_id=made.id), SUBJECT)

    async def at(self, text: str) -> None:
        """The clock of the branch shows this time, and ticks."""
        self.clock.advance(local(text) - self.clock.now())
        await self.tick()

    async def after(self, minutes: float) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        await self.tick()

    async def tick(self) -> None:
        """Each look is an event that is recorded once, however often it is told."""
        due = await self.happen(UnansweredDue(), "check:unanswered")
        fresh = {event.external_id: event for event in due.events if event.external_id not in self.looks}
        self.looks |= set(fresh)
        for ran_out in fresh.values():
            self.said.append(await self.happen(ran_out.body, ran_out.subject))

    async def unsaved_look(self) -> list[str]:
        """What the next look would say; its process is killed before the commit."""
        due = await self.happen(UnansweredDue(), "check:unanswered")
        event = a_look(due.events[0], self.clock.now())
        run = await AGENT.run(event, Deps(db=self.db, clock=self.clock, settings=Settings()))
        async with self.db.transaction() as tx:
            [outcome] = await AGENT.save_outcomes(tx, [(event, run)])
            await tx.pg.rollback()
        return _words(outcome)

    async def happen(self, body: EventBody, subject: str) -> Outcome:
        return await happen(AGENT, body, db=self.db, clock=self.clock, subject=subject)

    @property
    def clock(self) -> FixedClock:
        return self.company.clock

    async def away(self, *names: str, until: datetime | None = None) -> None:
        async with self.db.transaction() as tx:
            for name in names:
                who = self.people[name]
                await absences.leave(tx, who, since=self.clock.now(), until=until, told_by="test")
                await waits.look_again(tx, who, now=self.clock.now())

    async def back(self, name: str) -> None:
        async with self.db.transaction() as tx:
            await absences.come_back(tx, self.people[name], now=self.clock.now())

    async def holder(self) -> str:
        async with self.db.transaction() as tx:
            row = await conversations.find(tx, CLIENT)
        assert row is not None
        return next(name for name, known in self.people.items() if known == row.holder_id)

    def told(self) -> list[str]:
        """What all looks said until now, in order: one word each."""
        return [word for outcome in self.said for word in _words(outcome)]

    async def is_open(self) -> bool:
        async with self.db.transaction() as tx:
            return await waits.lock_open(tx, SUBJECT) is not None

    async def steer(self, **columns: Any) -> None:
        """Somebody changes the conversation."""
        async with self.db.transaction() as tx:
            row = await conversations.lock(tx, CLIENT)
            assert row is not None
            await conversations.store(tx, replace(row, **columns))

    def _message(self, **columns: Any) -> Message:
        return Message(id=new_id(), conversation_id=CLIENT, account_id=100500, sent_at=self.clock.now(), **columns)

    async def _store(self, made: Message) -> None:
        async with self.db.transaction() as tx:
            await messages.store(tx, made)

    async def pending(self) -> int:
        """Telegram messages that nobody has sent yet."""
        async with self.db.transaction() as tx:
            return len(await commands.claim(tx, systems=["telegram"], limit=50, lease=timedelta(seconds=9)))


def a_look(new: NewEvent[Any], now: datetime) -> Event[Any]:
    return Event(
        id=1,
        subject=new.subject,
        body=new.body,
        source=new.source,
        external_id=new.external_id or "",
        trust=new.trust,
        branch=new.branch,
        occurred_at=now,
        received_at=now,
        caused_by=None,
    )


def _words(outcome: Outcome) -> list[str]:
    words: list[str] = []
    for event in outcome.events:
        match event.body:
            case ConversationMoved(why=why, level=level):
                words.append(f"moved to level {level}: {why}")
            case AlarmRaised(key=key):
                words.append(key.split(":")[0])
            case AlarmCleared():
                words.append("alarm over")
            case _:
                words.append(event.body.kind)
    words += [order.body.text.key for order in outcome.commands if isinstance(order.body, SendMessage)]
    return words


@pytest.fixture
async def waiting(db: Database) -> Waiting:
    company = await company_of(db)
    await company.sql("DELETE FROM messages")
    await company.sql(
        """INSERT INTO chats (chat_id, purpose, title, person_id, is_forum)
           SELECT -1000 - tg_user_id, 'personal_group', name, id, true FROM people"""
    )
    await company.sql(
        "INSERT INTO conversation_places (conversation_id, chat_id, person_id) VALUES (%s, -1011, %s)",
        CLIENT,
        company.people["anna"],
    )
    return Waiting(company)
