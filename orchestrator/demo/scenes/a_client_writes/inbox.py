"""Clients on one side, their topics in the groups of staff on the other: what the scene does there and looks for."""

from collections.abc import Awaitable, Callable
from typing import Any

from db.queries import talk_evidence as evidence
from orchestrator.demo.scene import Stage
from sandbox.scenes.lines import Line, Lines

Json = dict[str, Any]

CLERK, HEAD, DIVISION_HEAD, DIRECTOR = "Иван", "ნინო", "Анна", "Viktor"
ARAB, HEBREW, ENGLISHMAN, TURK = "mohammed", "david", "john", "ayse"

NO_DRAFT: Json = {
    "state": "none",
    "is_shadow": False,
    "staff_text": "—",
    "client_text": "—",
    "why_held": "",
    "facts": [],
}


class Inbox:
    """``groups`` are the personal forums by first name; ``lines`` are known once the company is synced."""

    lines: Lines

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.director = stage.director
        self.clients = stage.director.clients
        self.people: dict[str, int] = {}
        self.groups: dict[str, int] = {}
        self.names: dict[str, str] = {}

    # -- what staff see and do -------------------------------------------------------------------------------------

    async def topic(self, client: str, of: str = CLERK) -> Json | None:
        """The client's topic in somebody's group."""
        topics = await self.director.topics(self.groups[of])
        found = (one for one in topics if self.names[client] in one["name"] and not one["deleted"])
        return next(found, None)

    async def in_topic(self, client: str, of: str = CLERK) -> list[Json]:
        topic = await self.topic(client, of)
        if topic is None:
            return []
        return await self.director.messages(self.groups[of], thread_id=topic["message_thread_id"])

    async def from_jarvis(self, client: str, *parts: str, of: str = CLERK, after: int = 0) -> list[Json]:
        """Messages of the bot in the client's topic that hold all the parts."""
        return [
            message
            for message in await self.in_topic(client, of)
            if message["from"]["is_bot"]
            and message["message_id"] > after
            and all(part in text_of(message) for part in parts)
        ]

    def shows(self, client: str, *parts: str, of: str = CLERK, after: int = 0) -> Callable[[], Awaitable[list[Json]]]:
        return lambda: self.from_jarvis(client, *parts, of=of, after=after)

    async def says(self, client: str, text: str, by: str = CLERK) -> int:
        """A member of staff writes in their topic of the client; 0 where they have none."""
        topic = await self.topic(client, by)
        if topic is None:
            self.stage.check(f"{by} has a topic of {self.names[client]}", is_held=False)
            return 0
        thread_id = topic["message_thread_id"]
        return await self.director.say(self.people[by], self.groups[by], text, thread_id=thread_id)

    async def answers(self, line: Line, by: str = CLERK) -> None:
        """Somebody answers in their own words, and the client reads them in the client's language, once."""
        written = await self.says(line.client, line.said, by)
        await self.is_read(line.client, line.read)
        what = f"{by} sees that it was sent"
        await self.stage.comes_true(what, self.shows(line.client, "✅", line.read, of=by, after=written))

    # -- what clients see ------------------------------------------------------------------------------------------

    async def reads(self, client: str) -> list[str]:
        """Everything that reached the client from the company, oldest first."""
        return [message["text"] for message in await self.clients.messages(client)]

    async def is_read(self, client: str, words: str) -> None:
        async def is_there() -> bool:
            return words in await self.reads(client)

        await self.stage.comes_true(f"{self.names[client]} reads: {words}", is_there)
        self.stage.check("once", (await self.reads(client)).count(words) == 1)

    # -- what the database tells -----------------------------------------------------------------------------------

    async def lead(self, client: str) -> int:
        return (await self.clients.screen(client))["lead_id"]

    async def conversation(self, client: str) -> Json:
        return await self.stage.ask(evidence.conversation_of_lead, await self.lead(client)) or {}

    async def drafts(self, client: str) -> list[Json]:
        return await self.stage.ask(evidence.drafts_of_lead, await self.lead(client))

    async def draft(self, client: str) -> Json:
        """The first draft, waited for; without one an empty one, of which nothing holds."""

        async def is_there() -> bool:
            return bool(await self.drafts(client))

        await self.stage.comes_true("an answer is drafted", is_there)
        found = await self.drafts(client)
        return found[0] if found else dict(NO_DRAFT)

    async def wait(self, client: str) -> Json:
        return await self.stage.ask(evidence.wait_of_lead, await self.lead(client)) or {}

    async def messages(self, client: str, direction: str) -> list[Json]:
        return await self.stage.ask(evidence.messages_of_lead, await self.lead(client), direction)


def text_of(message: Json) -> str:
    return message.get("text") or message.get("caption") or ""
