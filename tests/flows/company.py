"""A small simulated company with a real Jarvis at work in it, all in the loop of one test."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import httpx

from bot.texts import default_texts
from core.commands import Text
from core.events import NewEvent, SyncDue
from core.ids import new_id, rentprog_id
from core.settings import (
    Settings,
)
from db.events import record
from db.queries import evidence
from db.session import Database
from orchestrator.router import route
from orchestrator.servers import Servers
from sandbox.scenes.director import Director
from tests.wait import wait_until

T = TypeVar("T")
Json = dict[str, Any]

TBILISI, BATUMI = "tbilisi", "batumi"
PLANNED, FREE, OUT, FREE_IN_BATUMI = 61004, 61006, 61016, 61018
"""Cars by their ids in RentProg: booked for today and free (Tbilisi), out and free (Batumi)."""
CLIENT = 370001
ADMIN, CLERK, GEORGIAN_CLERK, ENGLISH_CLERK, HEAD, HEAD_OF_BATUMI = "Ada", "Иван", "Nino", "Oleg", "ნინო", "Марк"
PATIENCE_S = 60.0


def car_id(car: int) -> UUID:
    return rentprog_id("car", car)


def car_of(car: int) -> str:
    return f"car:{car_id(car)}"


def booking_of(booking: int) -> str:
    return f"booking:{rentprog_id('booking', booking)}"


def words(key: str, language: str = "ru", **args: str | int) -> str:
    """What the bot says, without markup."""
    return default_texts().plain(Text(key=key, args=args), language)


def text_of(message: Json) -> str:
    return message.get("text") or message.get("caption") or ""


class Company:
    """The outside world by its control API, Jarvis by what is left in its database."""

    patience_s = PATIENCE_S

    def __init__(
        self, director: Director, http: httpx.AsyncClient, servers: Servers, settings: Settings, db: Database
    ) -> None:
        self.director = director
        self.http = http
        self.servers = servers
        self.settings = settings
        self.db = db
        self.people: dict[str, int] = {}
        self.forums: dict[str, int] = {}

    async def meet(self) -> None:
        self.people = {person["first_name"]: person["id"] for person in await self.director.people()}
        titles = {chat["title"]: chat["id"] for chat in await self.director.chats()}
        self.forums = {code: titles[f"Branch {code.title()}"] for code in (TBILISI, BATUMI)}

    @property
    def jarvis_url(self) -> str:
        return f"http://127.0.0.1:{self.settings.http.port}"

    # -- orders to the outside world -----------------------------------------------------------------------------

    async def order(self, path: str, **fields: Any) -> Json:
        """``order("telegram/topics/close", ...)``; a trailing underscore keeps ``as_`` apart from the keyword."""
        answer = await self.http.post(path, json={name.rstrip("_"): value for name, value in fields.items()})
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    async def post_file(self, person: int, chat_id: int, name: str, content: bytes, *, thread_id: int) -> list[int]:
        """A file as a document, the way phones send pictures that shall not be made smaller."""
        fields = {"as": str(person), "chat_id": str(chat_id), "thread_id": str(thread_id), "kind": "document"}
        answer = await self.http.post(
            "telegram/send_media", data=fields, files=[("files", (name, content, "image/png"))]
        )
        return answer.json()["message_ids"]

    async def hook(self, branch: str, body: bytes | str) -> int:
        """Post a body as RentProg would; the status of Jarvis' answer."""
        told = await self.director.act(
            "webhooks/raw", branch=branch, body=body if isinstance(body, str) else body.decode()
        )
        return told["status"]

    async def reconcile(self, branch: str = TBILISI) -> None:
        """A whole pass over a branch, now, and everything that comes of it."""
        await self.start_reconcile(branch)
        await self.quiet()

    async def start_reconcile(self, branch: str) -> None:
        due = NewEvent(
            body=SyncDue(branch=branch), subject=f"sync:{branch}", external_id=f"flow:{new_id()}", branch=branch
        )
        async with self.db.transaction() as tx:
            await record(tx, [due], route)

    # -- what can be seen ----------------------------------------------------------------------------------------

    async def ask(self, look: Callable[..., Awaitable[T]], *arguments: Any) -> T:
        async with self.db.transaction() as tx:
            return await look(tx, *arguments)

    async def until(self, look: Callable[..., Awaitable[T]], *arguments: Any) -> T:
        return await wait_until(lambda: self.ask(look, *arguments), timeout_s=self.patience_s)

    async def until_equal(self, wanted: T, look: Callable[..., Awaitable[T]], *arguments: Any) -> None:
        async def is_so() -> bool:
            return await self.ask(look, *arguments) == wanted

        await wait_until(is_so, timeout_s=self.patience_s)

    async def quiet(self) -> None:
        """Wait until nothing is left to do."""

        async def is_quiet() -> bool:
            left = await self.ask(evidence.unfinished)
            return left["runs"] == 0 and left["commands"] == 0

        await wait_until(is_quiet, timeout_s=self.patience_s)

    async def thought(self) -> None:
        """Wait until every agent has said what is to be done, whether or not anybody does it."""

        async def nobody_thinks() -> bool:
            return (await self.ask(evidence.unfinished))["runs"] == 0

        await wait_until(nobody_thinks, timeout_s=self.patience_s)

    async def topic(self, branch: str, car: int) -> Json:
        """The car's live topic as Jarvis knows it, waited for."""
        found = await self.until(evidence.live_topic, self.forums[branch], car_of(car))
        assert found is not None
        return found

    async def in_topic(self, branch: str, car: int) -> list[Json]:
        topic = await self.topic(branch, car)
        return await self.director.messages(self.forums[branch], thread_id=topic["thread_id"])

    async def card(self, branch: str, car: int) -> Json:
        """The pinned card of a car's topic, waited for."""

        async def pinned() -> list[Json]:
            return [message for message in await self.in_topic(branch, car) if message["pinned"]]

        [card] = await wait_until(pinned, timeout_s=self.patience_s)
        return card

    async def lines(self, branch: str, car: int, beginning: str) -> list[Json]:
        return [found for found in await self.in_topic(branch, car) if text_of(found).startswith(beginning)]

    async def reads(self, chat_id: int, part: str, *, after: int = 0) -> Json:
        """The first message of the bot with these words in a chat, waited for."""

        async def found() -> list[Json]:
            return [
                message
                for message in await self.director.messages(chat_id)
                if message["from"]["is_bot"] and message["message_id"] > after and part in text_of(message)
            ]

        return (await wait_until(found, timeout_s=self.patience_s))[0]

    async def answer_to(self, person: str, question: str) -> str:
        """What the bot answers to a person in their private chat."""
        asked = await self.director.say(self.people[person], self.people[person], question)
        return text_of(await self.reads(self.people[person], "", after=asked))

    # -- the set-up of a working day -----------------------------------------------------------------------------

    async def synced(self) -> None:
        await self.until_equal([BATUMI, TBILISI], evidence.branches_synced)
        await self.quiet()

    async def asked_about(self, name: str) -> Json:
        """The question about a newcomer, as the administrator sees it."""

        async def found() -> list[Json]:
            seen = await self.director.messages(self.people[ADMIN])
            return [m for m in seen if str(self.people[name]) in text_of(m) and "reply_markup" in m]

        return (await wait_until(found, timeout_s=self.patience_s))[-1]

    async def let_in(self, name: str, role: str = "employee", branch: str = TBILISI) -> None:
        await self.director.start(self.people[name])
        question = await self.asked_about(name)
        admin = self.people[ADMIN]
        await self.director.press(admin, admin, question, f"{role.replace('_', ' ')} · {branch.title()}")
        await self.until_equal(role, evidence.role_of, self.people[name])
        await self.quiet()

    async def bind(self, branch: str, head: str) -> None:
        await self.director.say(self.people[head], self.forums[branch], f"/bind {branch}")
        await self.until_equal(self.forums[branch], evidence.forum_of_branch, branch)
        await self.quiet()
