"""The outgoing side of the bot at work: real Postgres, a real emulator over HTTP, commands delivered one by one."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.send import TelegramPerformer
from bot.texts import Texts, read_catalogs
from core.clock import FixedClock
from core.commands import CommandBody, NewCommand, Priority, ShowCarCard, chat_destination
from core.events import NewEvent
from core.ids import rentprog_id
from core.settings import TelegramSettings
from db import commands
from db.commands import ClaimedCommand, Delivery, Postponed
from db.queries import chats
from db.session import Database
from storage.location import open_storage
from tests.contract.telegram_at_work import TelegramAtWork, telegram_at_work

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
UNLIMITED: dict[str, Any] = {
    "topic_pace_s": 0,
    "per_chat_per_s": 10_000,
    "per_group_per_min": 10_000,
    "overall_per_s": 10_000,
}
TEXTS = Texts(read_catalogs(), is_strict=True)
_effects = count(1)


@dataclass
class Outgoing:
    """What a test of the outgoing side needs. ``happened`` holds the events that deliveries brought about."""

    db: Database
    telegram: TelegramAtWork
    clock: FixedClock
    performer: TelegramPerformer
    settings: TelegramSettings
    happened: list[NewEvent[Any]] = field(default_factory=list)

    # -- the company ---------------------------------------------------------------------------------------------

    async def branch(self, code: str, *, language: str = "en") -> None:
        await self.put("branches", code=code, name=code.title(), company_id=1000 + next(_effects), language=language)

    async def forum(self, branch: str, **details: Any) -> int:
        """A forum in Telegram, bound to the branch."""
        chat_id = await self.telegram.group(title=f"Branch {branch}", **details)
        await self.bind(chat_id, branch)
        return chat_id

    async def bind(self, chat_id: int, branch: str) -> None:
        async with self.db.transaction() as tx:
            await chats.bind_forum(tx, chat_id, title=f"Branch {branch}", branch=branch, bound_by="staff:test")

    async def car(self, number: int, branch: str, **columns: Any) -> UUID:
        car_id = rentprog_id("car", number)
        given = {"plate": f"AA-{number}-AA", "model": "Toyota Prius", "state": 1, "active": True, **columns}
        await self.put("cars", id=car_id, rentprog_id=number, branch=branch, company_id=1, updated_by="fetch", **given)
        return car_id

    async def client(self, number: int, **columns: Any) -> UUID:
        client_id = rentprog_id("client", number)
        await self.put("clients", id=client_id, rentprog_id=number, updated_by="fetch", **columns)
        return client_id

    async def booking(self, number: int, car_id: UUID | None, branch: str, **columns: Any) -> UUID:
        booking_id = rentprog_id("booking", number)
        given = {"state": "confirmed", "client_name": "Anna Sample", "in_rent": False, "technical": False, **columns}
        await self.put(
            "bookings",
            id=booking_id,
            rentprog_id=number,
            number=number,
            car_id=car_id,
            branch=branch,
            updated_by="fetch",
            **given,
        )
        return booking_id

    async def put(self, table: str, **columns: Any) -> None:
        names = ", ".join(columns)
        marks = ", ".join(f"%({name})s" for name in columns)
        await self.sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", **columns)

    async def change(self, table: str, row_id: UUID, **columns: Any) -> None:
        sets = ", ".join(f"{name} = %({name})s" for name in columns)
        await self.sql(f"UPDATE {table} SET {sets} WHERE id = %(row_id)s", row_id=row_id, **columns)

    async def sql(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        given = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in parameters.items()}
        async with self.db.transaction() as tx:
            return await tx.rows(statement, given)

    # -- commands ------------------------------------------------------------------------------------------------

    async def order(self, body: CommandBody, *, priority: Priority = Priority.LINE) -> None:
        chat_id: int = body.chat_id  # type: ignore[attr-defined] - all are TelegramCommands
        command = NewCommand(
            body=body,
            destination=chat_destination(chat_id),
            effect_key=f"test:{next(_effects)}",
            priority=priority,
        )
        await self.order_all([command])

    async def order_all(self, new: Sequence[NewCommand]) -> None:
        async with self.db.transaction() as tx:
            await commands.order(tx, new)

    async def perform(self, body: CommandBody, *, priority: Priority = Priority.LINE) -> Delivery | Postponed:
        """Order one command and deliver it; what its performer raises is raised here."""
        await self.order(body, priority=priority)
        claimed = await self.claim()
        assert claimed is not None
        return await self.deliver(claimed)

    async def show(self, chat_id: int, car_id: UUID) -> dict[str, Any]:
        delivery = await self.perform(ShowCarCard(chat_id=chat_id, car_id=car_id), priority=Priority.CARD)
        assert isinstance(delivery, Delivery), delivery
        return delivery.result

    async def deliver_all(self) -> list[Delivery | Postponed]:
        """Deliver what may be delivered now, in order, until nothing is left that may."""
        results: list[Delivery | Postponed] = []
        while (claimed := await self.claim()) is not None:
            results.append(await self.deliver(claimed))
        return results

    async def claim(self) -> ClaimedCommand | None:
        async with self.db.transaction() as tx:
            found = await commands.claim(tx, systems=["telegram"], limit=1, lease=timedelta(seconds=30))
        return found[0] if found else None

    async def deliver(self, claimed: ClaimedCommand) -> Delivery | Postponed:
        assert claimed.command is not None
        self.clock.advance(timedelta(milliseconds=1))  # enough to fill an unlimited budget again
        try:
            result = await self.performer.perform(claimed.command)
        except BaseException:
            async with self.db.transaction() as tx:
                await commands.settle(tx, claimed, state="dead", error="raised in a test")
            raise
        async with self.db.transaction() as tx:
            match result:
                case Postponed(delay=delay, reason=reason):
                    await commands.retry_later(tx, claimed, delay=delay, error=reason, counts=False)
                case Delivery(result=told, save=save):
                    self.happened += [] if save is None else await save(tx)
                    await commands.settle(tx, claimed, state="sent", result=told)
        return result

    async def hurry(self) -> None:
        """Let what was postponed be due now."""
        await self.sql("UPDATE commands SET not_before = now()")
        await self.sql("UPDATE destinations SET held_until = NULL")

    def kinds(self) -> list[str]:
        return [event.body.kind for event in self.happened]

    # -- Telegram ------------------------------------------------------------------------------------------------

    async def topics(self, chat_id: int) -> list[dict[str, Any]]:
        """Topics of a forum as people see them, the oldest first."""
        found = (await self.telegram.look(f"/chats/{chat_id}"))["topics"]
        living = [topic for topic in found if not topic["deleted"]]
        return sorted(living, key=lambda topic: topic["message_thread_id"])

    async def threads(self, chat_id: int) -> list[int]:
        return [topic["message_thread_id"] for topic in await self.topics(chat_id)]

    async def said(self, chat_id: int, thread_id: int | None = None) -> list[dict[str, Any]]:
        """The words in a chat or a topic (0 is General), service messages left out, the oldest first."""
        where = {} if thread_id is None else {"thread_id": thread_id}
        found = (await self.telegram.look(f"/chats/{chat_id}/messages", **where))["messages"]
        return [message for message in found if "service" not in message]

    async def texts(self, chat_id: int, thread_id: int | None = None) -> list[str]:
        return [message["text"] for message in await self.said(chat_id, thread_id)]

    async def calls(self, *methods: str) -> list[str]:
        """The methods called so far, in order; only the named ones when there are names."""
        journal = (await self.telegram.look("/journal"))["calls"]
        return [call["method"] for call in journal if not methods or call["method"] in methods]

    async def fault(self, method: str, **details: Any) -> None:
        await self.telegram.act("/faults", method=method, **details)


@asynccontextmanager
async def outgoing_at_work(db: Database, folder: Path, **settings: Any) -> AsyncIterator[Outgoing]:
    clock = FixedClock(NOW)
    chosen = TelegramSettings(**(UNLIMITED | settings))
    storage = open_storage(f"file://{folder}", clock=clock)
    async with telegram_at_work() as telegram:
        performer = TelegramPerformer(telegram.bot, db, storage, settings=chosen, clock=clock, texts=TEXTS)
        yield Outgoing(db, telegram, clock, performer, chosen)
    await storage.aclose()
