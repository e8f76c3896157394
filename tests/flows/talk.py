"""Clients who write and staff who answer: what a story of the inbox does and looks for, in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis import Redis

from core.events import EventBody, NewEvent, UnansweredDue
from core.ids import new_id
from db.events import record
from db.queries import evidence
from db.rights import APP_ROLE, as_role
from orchestrator.router import route
from sandbox.scenes.clients import Clients
from tests.conftest import APP_PASSWORD, fresh_database
from tests.flows.company import ADMIN, CLERK, HEAD, TBILISI, Company, Json, text_of
from tests.flows.opening import company_at_work
from tests.wait import wait_until

DIRECTOR, DIVISION_HEAD = "Viktor", "Анна"
ARAB, HEBREW, ENGLISHMAN, STRANGER = "mohammed", "david", "john", "emma"
"""Keys of the sandbox's correspondents; the last one has no telephone and no booking."""


class Talk:
    """A company whose clerk and head have groups of their own, and its clients."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.director = company.director
        self.groups: dict[str, int] = {}
        self.guests: dict[str, str] = {}

    @property
    def clients(self) -> Clients:
        return self.director.clients

    async def meet(self) -> None:
        titles = {chat["title"]: chat["id"] for chat in await self.director.chats()}
        self.groups = {
            name: titles[f"{name} | clients"] for name in self.company.people if f"{name} | clients" in titles
        }

    async def hire(self, name: str, role: str = "employee", *, branch: str = TBILISI) -> None:
        """Let somebody in, who then makes a group of their own."""
        await self.company.let_in(name, role, branch)
        await self.bind(name)

    async def hire_above(self, name: str, role: str) -> None:
        """Somebody above all branches."""
        person, admin = self.company.people[name], self.company.people[ADMIN]
        await self.director.start(person)
        question = await self.company.asked_about(name)
        await self.director.press(admin, admin, question, role.replace("_", " "))
        await self.company.until_equal(role, evidence.role_of, person)
        await self.company.quiet()
        await self.bind(name)

    async def bind(self, name: str, purpose: str = "me") -> None:
        await self.director.say(self.company.people[name], self.groups[name], f"/bind {purpose}")
        await self.company.until(evidence.group_of, self.company.people[name])
        await self.company.quiet()

    async def tick(self, body: EventBody) -> None:
        """What the clock would say within a minute."""
        event = NewEvent(body=body, subject=body.kind.replace(".", ":"), external_id=f"flow:{new_id()}")
        async with self.company.db.transaction() as tx:
            await record(tx, [event], route)

    async def pass_time(self, minutes: float) -> None:
        """All that was said and asked was so much longer ago; then the clock looks whose time is over."""
        back = {"minutes": minutes}
        async with self.company.db.transaction() as tx:
            await tx.run("UPDATE messages SET sent_at = sent_at - make_interval(secs => %(minutes)s * 60)", back)
            await tx.run(
                """UPDATE waits SET since = since - make_interval(secs => %(minutes)s * 60),
                          ended_at = ended_at - make_interval(secs => %(minutes)s * 60), next_at = now()
                   WHERE ended_at IS NULL""",
                back,
            )
        await self.tick(UnansweredDue())
        await self.quiet()

    # -- what staff see and do -------------------------------------------------------------------------------------

    async def topic(self, client: str, of: str = CLERK) -> Json:
        """The client's topic in somebody's group, waited for."""
        name = await self.name(client)

        async def found() -> list[Json]:
            topics = await self.director.topics(self.groups[of])
            return [topic for topic in topics if name in topic["name"] and not topic["deleted"]]

        return (await wait_until(found, timeout_s=self.company.patience_s))[0]

    async def name(self, client: str) -> str:
        known = (await self.company.http.get("correspondents")).json()
        return ({one["key"]: one["name"] for one in known} | self.guests)[client]

    def guest(self, name: str) -> str:
        """Somebody new, who may write now; they are known by their number in WhatsApp."""
        number = f"99559900{len(self.guests):04}"
        self.guests[number] = name
        return number

    async def writes(self, client: str, text: str, **act: Any) -> Json:
        named = {"name": self.guests[client]} if client in self.guests else {}
        return await self.clients.writes(client, text, **named, **act)

    async def in_topic(self, client: str, of: str = CLERK) -> list[Json]:
        topic = await self.topic(client, of)
        return await self.director.messages(self.groups[of], thread_id=topic["message_thread_id"])

    async def reads(self, client: str, part: str, of: str = CLERK, *, after: int = 0) -> Json:
        """The first message of the bot with these words in the client's topic, waited for."""

        async def found() -> list[Json]:
            return [
                message
                for message in await self.in_topic(client, of)
                if message["from"]["is_bot"] and message["message_id"] > after and part in text_of(message)
            ]

        return (await wait_until(found, timeout_s=self.company.patience_s))[0]

    async def says(self, client: str, text: str, by: str = CLERK) -> int:
        topic = await self.topic(client, by)
        return await self.director.say(
            self.company.people[by], self.groups[by], text, thread_id=topic["message_thread_id"]
        )

    async def press(self, message: Json, label: str, by: str = CLERK) -> None:
        await self.director.press(self.company.people[by], self.groups[by], message, label)

    async def card(self, client: str, of: str = CLERK) -> Json:
        async def pinned() -> list[Json]:
            return [message for message in await self.in_topic(client, of) if message["pinned"]]

        return (await wait_until(pinned, timeout_s=self.company.patience_s))[0]

    # -- what clients see ------------------------------------------------------------------------------------------

    async def client_reads(self, client: str, part: str) -> Json:
        async def found() -> list[Json]:
            return [message for message in await self.clients.messages(client) if part in message["text"]]

        return (await wait_until(found, timeout_s=self.company.patience_s))[0]

    async def sent_to(self, client: str) -> list[str]:
        """Everything that reached the client from the company."""
        return [message["text"] for message in await self.clients.messages(client)]

    async def quiet(self) -> None:
        await wait_until(self.clients.all_is_told, timeout_s=self.company.patience_s)
        await self.company.quiet()


@asynccontextmanager
async def talk_of_a_file(postgres: str, redis_server: str, home: Path, **sections: Any) -> AsyncIterator[Talk]:
    """One company for all stories of a file: each has clients of its own."""
    with Redis.from_url(redis_server) as streams:
        streams.flushall()
    with fresh_database(postgres) as url:
        async with talk_at_work(as_role(url, APP_ROLE, password=APP_PASSWORD), redis_server, home, **sections) as talk:
            yield talk


@asynccontextmanager
async def talk_at_work(db_url: str, redis_url: str, home: Path, **sections: Any) -> AsyncIterator[Talk]:
    """Clients may write: the webhook is registered, a clerk and the head of Tbilisi have their groups."""
    async with company_at_work(db_url, redis_url, home, talks=True, **sections) as company:
        yield await at_their_desks(company)


async def at_their_desks(company: Company) -> Talk:
    await company.director.start(company.people[ADMIN])
    await company.synced()
    talk = Talk(company)
    await talk.meet()
    await talk.hire(CLERK)
    await talk.hire(HEAD, "branch_head")

    async def is_hooked() -> bool:
        return any(hook["status"] == 1 for hook in await talk.clients.webhooks())

    await wait_until(is_hooked, timeout_s=company.patience_s)
    return talk
