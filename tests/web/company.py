"""A small invented company: rows that take only what a test of the panel cares about."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.events import AlarmCleared, CarUpdated, NewEvent
from core.ids import new_id, rentprog_id
from db.commands import order
from db.events import record
from db.session import Database
from tests.make import message, route_to

_numbers = count(71_000)


async def insert(db: Database, table: str, **columns: Any) -> None:
    names, places = ", ".join(columns), ", ".join(f"%({name})s" for name in columns)
    values = {name: Jsonb(value) if isinstance(value, dict | list) else value for name, value in columns.items()}
    async with db.transaction() as tx:
        await tx.run(f"INSERT INTO {table} ({names}) VALUES ({places})", values)


async def car(db: Database, *, plate: str = "AA-101-AA", branch: str = "tbilisi", **columns: Any) -> UUID:
    number = next(_numbers)
    row = {"model": "Toyota Prius", "state": 1, "active": True, "mileage": 84_120, "company_id": 101} | columns
    await insert(
        db,
        "cars",
        id=rentprog_id("car", number),
        rentprog_id=number,
        branch=branch,
        plate=plate,
        plate_normalised=plate.replace("-", ""),
        updated_by="webhook",
        **row,
    )
    return rentprog_id("car", number)


async def booking(db: Database, car_id: UUID, *, start_at: datetime, days: int = 4, **columns: Any) -> UUID:
    number = next(_numbers)
    row: dict[str, Any] = {"branch": "tbilisi", "number": number, "client_name": "Ana Example", "state": "active"}
    await insert(
        db,
        "bookings",
        id=rentprog_id("booking", number),
        rentprog_id=number,
        car_id=car_id,
        start_at=start_at,
        end_at=start_at + timedelta(days=days),
        updated_by="webhook",
        **(row | columns),
    )
    return rentprog_id("booking", number)


async def event_with_work(db: Database, car_id: UUID) -> tuple[int, int, int]:
    """An event, the run it caused, and the message that the run ordered; returns their ids."""
    body = CarUpdated(car_id=car_id, found_by="webhook", changed=("mileage",))
    news = NewEvent(body=body, subject=f"car:{car_id}", source="test", external_id=str(new_id()), branch="tbilisi")
    async with db.transaction() as tx:
        recorded = await record(tx, [news], lambda _kind: route_to("car_topics")(AlarmCleared.kind))
        event_id = recorded.ids[0]
        [run] = await tx.rows("SELECT id FROM runs WHERE event_id = %s", (event_id,))
        await order(tx, [message(-1001234567890)], run_id=run["id"], event_id=event_id)
        [command] = await tx.rows("SELECT id FROM commands WHERE event_id = %s", (event_id,))
    assert event_id is not None
    return event_id, run["id"], command["id"]


async def end(db: Database, table: str, number: int, state: str, **columns: Any) -> None:
    """Put a run or command into a state, as the loops would have."""
    values = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in columns.items()}
    changes = "".join(f", {name} = %({name})s" for name in columns)
    async with db.transaction() as tx:
        await tx.run(
            f"UPDATE {table} SET state = %(state)s{changes} WHERE id = %(id)s", {**values, "state": state, "id": number}
        )


async def forum(db: Database, car_id: UUID, *, branch: str = "tbilisi", chat_id: int = -1001234567890) -> None:
    """A bound forum with an open topic of the car, thread 42."""
    await insert(
        db, "chats", chat_id=chat_id, purpose="branch_forum", title=f"Fleet {branch}", branch=branch, is_forum=True
    )
    await topic(db, car_id, chat_id=chat_id, thread_id=42)


async def topic(db: Database, car_id: UUID, *, chat_id: int = -1001234567890, thread_id: int) -> None:
    await insert(
        db,
        "topics",
        id=new_id(),
        chat_id=chat_id,
        entity=f"car:{car_id}",
        version=1,
        state="live",
        thread_id=thread_id,
        name="AA-101-AA Toyota Prius",
    )
