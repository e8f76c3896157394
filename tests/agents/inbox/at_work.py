"""The inbox at work: Umnico's twin posts over real HTTP, its letters become events, the agent reads and writes."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from agents.inbox import AGENT
from agents.inbox.rounds import hook_url
from agents.spec import Deps
from core.events import Event, EventBody, InboxDue, NewEvent, UmnicoDelivered
from core.ids import new_id
from core.plans import NOBODY
from core.settings import HttpSettings, Settings, UmnicoSettings
from db.events import record
from db.queries import conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Message
from db.session import Database
from integrations.umnico import Delivery, UmnicoClient, parse
from sandbox.umnico.account import ACCOUNT_ID, TOKEN
from storage.api import Storage
from storage.location import open_storage
from tests.sandbox.twin_at_work import Mailbox, at_port
from tests.sandbox.umnico_at_work import UmnicoAtWork, calling, umnico_at_work

JARVIS = 16
_numbers = count(1)


@dataclass
class InboxAtWork:
    """``mailbox`` stands where Jarvis' door stands. ``told`` are all events that came of it, in their order."""

    db: Database
    twin: UmnicoAtWork
    mailbox: Mailbox
    client: UmnicoClient
    storage: Storage
    settings: Settings
    told: list[EventBody] = field(default_factory=list)
    read: int = 0
    lateness: timedelta = timedelta()
    """How long ago the events were received."""

    @property
    def deps(self) -> Deps:
        return Deps(db=self.db, clock=self.twin.clock, settings=self.settings, umnico=self.client, storage=self.storage)

    def hook(self) -> int:
        url = hook_url(self.settings)
        assert url is not None
        return self.twin.hook(url)

    async def receive(self) -> list[EventBody]:
        """Every letter that came by now, one after another, and what follows from them."""
        self.twin.settle()
        letters, self.read = self.mailbox.letters[self.read :], len(self.mailbox.letters)
        found = [await self.happen(*envelope) for envelope in map(_envelope, letters)]
        return [body for bodies in found for body in bodies]

    async def look(self) -> list[EventBody]:
        """One round over the inbox with the readings that it asks for, those that were asked for before left out."""
        found = await self.happen(InboxDue(), None, "inbox")
        for body in [one for one in found if one.kind == "lead.behind"]:
            found += await self.happen(body, None, f"lead:{ACCOUNT_ID}:1")
        return [body for body in found if body.kind != "lead.behind"]

    async def happen(self, body: EventBody, raw: bytes | None, subject: str) -> list[EventBody]:
        """The new events that the agent caused."""
        event = await self._recorded(body, raw, subject)
        outcome = await AGENT.run(event, self.deps)
        async with self.db.transaction() as tx:
            (outcome,) = await AGENT.save_outcomes(tx, [(event, outcome)])
            named = [
                new if new.external_id else replace(new, source="run", external_id=f"{event.id}:{place}")
                for place, new in enumerate(outcome.events)
            ]
            recorded = await record(tx, named, lambda _: NOBODY)
        fresh = [new.body for new, new_id_ in zip(named, recorded.ids, strict=True) if new_id_ is not None]
        self.told += fresh
        return fresh

    async def conversation(self, lead_id: int) -> Conversation:
        async with self.db.transaction() as tx:
            found = await conversations.find(tx, conversations.id_of(ACCOUNT_ID, lead_id))
        assert found is not None
        return found

    async def messages(self, lead_id: int) -> list[Message]:
        async with self.db.transaction() as tx:
            return await messages.last_of(tx, conversations.id_of(ACCOUNT_ID, lead_id), limit=100)

    async def person(self, name: str, role: str = "employee", branch: str | None = "harbour") -> UUID:
        person_id = new_id()
        async with self.db.transaction() as tx:
            await tx.run(
                """INSERT INTO people (id, name, role, branch, tg_user_id, approved_at)
                   VALUES (%s, %s, %s, %s, %s, now())""",
                (person_id, name, role, branch, person_id.int % 10**9),
            )
        return person_id

    async def client_row(self, number: int, phone: str | None) -> UUID:
        client_id = new_id()
        async with self.db.transaction() as tx:
            await tx.run(
                """INSERT INTO clients (id, rentprog_id, raw, updated_by, phone, phone_normalised)
                   VALUES (%s, %s, '{}', 'fetch', %s, %s)""",
                (client_id, number, phone, phone),
            )
        return client_id

    async def run(self, sql: str, parameters: Any = ()) -> None:
        async with self.db.transaction() as tx:
            await tx.run(sql, parameters)

    async def _recorded(self, body: EventBody, raw: bytes | None, subject: str) -> Event[Any]:
        new = NewEvent(body=body, subject=subject, source="test", external_id=f"inbox:{next(_numbers)}", raw=raw)
        async with self.db.transaction() as tx:
            (event_id,) = (await record(tx, [new], lambda _: NOBODY)).ids
        assert event_id is not None
        at = self.twin.clock.now() - self.lateness
        return Event(event_id, subject, body, "test", new.external_id or "", "outside", None, at, at, None)


def _envelope(letter: tuple[str, bytes]) -> tuple[EventBody, bytes, str]:
    """As the door writes it down."""
    _, raw = letter
    told = parse(raw, received_at=datetime.now(UTC))
    assert isinstance(told, Delivery)
    body = UmnicoDelivered(account_id=told.account_id, lead_id=told.lead_id, event_type=told.type)
    return body, raw, f"lead:{told.account_id}:{told.lead_id}"


@asynccontextmanager
async def inbox_at_work(db: Database, folder: Path) -> AsyncIterator[InboxAtWork]:
    """With one branch, ``harbour``."""
    with umnico_at_work() as twin, _door() as (mailbox, url):
        settings = Settings(
            http=HttpSettings(public_url=url),
            umnico=UmnicoSettings(
                token=SecretStr(TOKEN),
                account_id=ACCOUNT_ID,
                manager_id=JARVIS,
                hook_secret=(SecretStr("invented-secret-of-the-hook"),),
            ),
        )
        storage = open_storage(folder.as_uri(), clock=twin.clock)
        async with calling(twin) as client:
            at_work = InboxAtWork(db, twin, mailbox, client, storage, settings)
            await at_work.run("INSERT INTO branches (code, name, company_id) VALUES ('harbour', 'Harbour', 1)")
            yield at_work
        await storage.aclose()


@contextmanager
def _door() -> Iterator[tuple[Mailbox, str]]:
    mailbox = Mailbox()
    with at_port(mailbox.app()) as url:
        yield mailbox, url
