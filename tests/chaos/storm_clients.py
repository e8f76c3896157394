"""Clients who write during the storm, staff who answer them, and what Umnico and the model suffer."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import httpx

from core.events import InboxDue, TranslationsDue
from db.session import Tx
from orchestrator.demo.pictures import picture
from sandbox.scenes.clients import attachment
from tests.flows.company import CLERK, HEAD, Json, words
from tests.flows.talk import Talk
from tests.wait import wait_until

PEOPLE = ("mohammed", "david", "john", "ayse", "anna", "layla", "sergey", "emma")
"""Keys of the sandbox's correspondents."""
LINES = (
    "Where do I find the car number {n} tomorrow?",
    "Здравствуйте, сколько стоит машина на {n} дней?",
    "مرحبا، أين السيارة رقم {n}؟",
    "Guten Tag, ich komme um {n} Uhr am Flughafen an",
)
ANSWERS = ("Добрый день, машина {n} стоит у отеля", "Да, конечно, {n} минут", "Мы вам позвоним, номер {n}")
LONG = 400
"""So often repeated an answer is several pieces."""
UMNICO: tuple[dict[str, Any], ...] = (
    {"status": 429, "retry_after": 1},
    {"status": 500},
    {"status": 503},
    {"drop": True},
    {"latency_s": 3.0},
)
LOST: tuple[dict[str, Any], ...] = (
    {"drop": True, "effect": True},
    {"status": 502, "effect": True},
    {"latency_s": 3.0, "effect": True},
)
"""The client has the message, and nobody hears of it."""
SLOW_S = 1.5
CALLS = ("send", "send", "send", "history", "inbox", "sources", "upload", "*")
MODEL: tuple[dict[str, Any], ...] = (
    {"status": 429, "retry_after": 1},
    {"status": 500},
    {"status": 503},
    {"drop": True},
    {"latency_s": 12.0},
)


class Talks:
    """Acts of clients and of staff, each chosen by the seed; ``done`` counts them."""

    def __init__(self, dice: Random, talk: Talk) -> None:
        self._dice = dice
        self._talk = talk
        self._written: list[str] = []
        self._answers: Counter[str] = Counter()
        self._numbers = 0
        self.done: Counter[str] = Counter()

    async def client(self) -> None:
        """Something that a client does."""
        act = self._dice.choice((self._write, self._write, self._write, self._photo, self._voice, self._edit))
        await self._tried(act)

    async def staff(self) -> None:
        """Something that staff do: answers, mostly."""
        act = self._dice.choice(
            (self._answer, self._answer, self._answer, self._send_photo, self._press, self._operator)
        )
        await self._tried(act)

    async def answer(self) -> None:
        """Words of staff for some client."""
        await self._tried(self._answer)

    async def trouble_umnico(self) -> None:
        trouble = {"operation": self._dice.choice(CALLS), "times": self._dice.randint(1, 4)}
        await self._talk.company.order("umnico/faults", **trouble, **self._dice.choice(UMNICO))

    async def lose_answers(self) -> None:
        times = self._dice.randint(1, 4)
        await self._talk.company.order("umnico/faults", operation="send", times=times, **self._dice.choice(LOST))

    async def slow_sends(self) -> None:
        """Umnico takes its time with whatever is sent next."""
        await self._talk.company.order("umnico/faults", operation="send", times=2, latency_s=SLOW_S)

    async def switch_hook_off(self) -> None:
        await self._talk.clients.switch_hook_off()

    async def trouble_model(self) -> None:
        trouble = self._dice.choice(MODEL)
        await self._talk.company.order("llm/faults", times=self._dice.randint(1, 6), **trouble)

    async def calm(self) -> None:
        for system in ("umnico", "llm"):
            await self._talk.company.http.request("DELETE", f"{system}/faults")

    async def look_through(self) -> None:
        """What the clock would have said within minutes: the inbox is compared, late translations are made."""
        await wait_until(self._talk.clients.all_is_told, timeout_s=self._talk.company.patience_s)
        await self._talk.tick(InboxDue())
        await self._talk.tick(TranslationsDue())

    async def left_over(self) -> list[str]:
        """What the oracle does not know of: each answer of staff is one message, and none waits for a model."""
        stored, waiting = await self._talk.company.ask(_staff_messages)
        wrong: list[str] = []
        if stored != self.done["answers"]:
            wrong.append(f"{self.done['answers']} answers of staff became {stored} messages")
        if waiting:
            wrong.append(f"{waiting} messages still wait for their translation")
        return wrong

    async def _tried(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except (RuntimeError, LookupError):
            self.done["refused"] += 1
        except httpx.HTTPError:
            self.done["unheard"] += 1

    # -- clients -------------------------------------------------------------------------------------------------------

    async def _write(self) -> None:
        await self._tell(self._line(LINES))

    async def _photo(self) -> None:
        content = picture() + str(self._next()).encode()
        await self._tell(self._line((*LINES, "")), attachments=[attachment("photo", "p.png", "image/png", content)])

    async def _voice(self) -> None:
        told = await self._talk.clients.speaks(self._dice.choice(PEOPLE), self._line(LINES))
        self._noted(told)

    async def _edit(self) -> None:
        if self._written:
            await self._talk.clients.edits(self._dice.choice(self._written[-20:]), self._line(LINES))
            self.done["edits"] += 1

    async def _tell(self, text: str, **more: Any) -> None:
        how = {
            "twice": self._dice.random() < 0.2,
            "webhook": self._dice.random() > 0.1,
            "delay_s": self._dice.choice((0, 0, 0, 0.5)),
            "bare": self._dice.random() < 0.1,
        }
        self._noted(await self._talk.clients.writes(self._dice.choice(PEOPLE), text, **more, **how))

    def _noted(self, told: Json) -> None:
        self._written.append(told["message_id"])
        self.done["messages of clients"] += 1

    async def _operator(self) -> None:
        await self._talk.clients.operator_writes(self._dice.choice(PEOPLE), self._line(ANSWERS))
        self.done["answers of operators"] += 1

    # -- staff ---------------------------------------------------------------------------------------------------------

    async def _answer(self) -> None:
        text = self._line(ANSWERS)
        person, chat_id, thread_id = await self._topic()
        text = " ".join([text] * LONG) if self._dice.random() < 0.05 else text
        await self._talk.director.say(person, chat_id, text, thread_id=thread_id)
        self.done["answers"] += 1

    async def _send_photo(self) -> None:
        photo, text = picture() + str(self._next()).encode(), self._line(ANSWERS)
        person, chat_id, thread_id = await self._topic()
        await self._talk.director.post_photos(person, chat_id, [photo], thread_id=thread_id, caption=text)
        self.done["answers"] += 1
        self.done["photos"] += 1

    async def _press(self) -> None:
        """Any button under an answer: try again, let go, take back."""
        person, chat_id, thread_id = await self._topic()
        shown = await self._talk.director.messages(chat_id, thread_id=thread_id)
        again = [one for one in shown if words("sending-button-retry") in str(one.get("reply_markup", ""))]
        await self._talk.director.press(person, chat_id, self._dice.choice(again), words("sending-button-retry"))
        self.done["pressed"] += 1

    async def _topic(self) -> tuple[int, int, int]:
        """A person and a topic of a client in their group."""
        name = self._dice.choice((CLERK, CLERK, HEAD))
        person, chat_id = self._talk.company.people[name], self._talk.groups[name]
        topics = await self._talk.director.topics(chat_id)
        return person, chat_id, self._dice.choice([one["message_thread_id"] for one in topics])

    def _line(self, lines: tuple[str, ...]) -> str:
        return self._dice.choice(lines).format(n=self._next())

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers


async def _staff_messages(tx: Tx) -> tuple[int, int]:
    row = await tx.row(
        """SELECT count(*) FILTER (WHERE author = 'staff') AS stored,
                  count(*) FILTER (WHERE translation_state = 'waiting') AS waiting FROM messages"""
    )
    assert row is not None
    return row["stored"], row["waiting"]


async def open_inbox(talk: Talk) -> None:
    """The clerk and the head of Tbilisi have their groups, and clients may write."""
    await talk.meet()
    await talk.bind(CLERK)
    await talk.hire(HEAD, "branch_head")

    async def is_hooked() -> bool:
        return any(hook["status"] == 1 for hook in await talk.clients.webhooks())

    await talk.tick(InboxDue())
    await wait_until(is_hooked, timeout_s=talk.company.patience_s)
    for client in PEOPLE:
        await talk.clients.writes(client, "Good morning, I have a question about the car")
    await asyncio.gather(*(_is_shown(talk, client) for client in PEOPLE))
    await talk.quiet()


async def _is_shown(talk: Talk, client: str) -> None:
    name = await talk.name(client)

    async def has_topic() -> bool:
        groups = [await talk.director.topics(chat_id) for chat_id in talk.groups.values()]
        return any(name in topic["name"] for topics in groups for topic in topics)

    await wait_until(has_topic, timeout_s=talk.company.patience_s)
