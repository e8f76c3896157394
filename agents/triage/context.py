"""All that reading the words of staff needs: the words themselves, the car, the people, the slang of the company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agents.spec import Deps
from agents.triage.plates import cars_in
from core.chain import Found, Level
from core.events import Event, StaffWrote
from core.hours import WorkingHours
from core.slang import DEFAULT_SLANG
from db.queries import fleet_views, glossary, people, staff, tasks, transcripts, triage, waits
from db.queries.people import Person
from db.queries.tasks import Task
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Car:
    """``booking_id`` is the one that held it when the words were written."""

    id: UUID
    title: str
    branch: str
    booking_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """``cars`` are those the words may be about; the topic's own car is always the only one.

    ``head`` is who answers for the branch at this moment, ``known`` the task that the message became before, and
    ``hours`` are the branch's.
    """

    text: str
    writer: Person
    branch: str | None
    branch_name: str
    cars: tuple[Car, ...]
    head: Person | None
    headquarters: int | None
    slang: Mapping[str, str]
    known: Task | None
    is_private: bool
    now: datetime
    hours: WorkingHours


async def load_context(event: Event[StaffWrote], deps: Deps) -> Context | None:
    """None where nobody wrote who works here now."""
    body, now = event.body, deps.clock.now()
    async with deps.db.transaction() as tx:
        writer = await people.by_id(tx, body.person_id)
        if writer is None:
            return None
        text = await _words(tx, body)
        cars = await _cars(tx, body, text, event.occurred_at)
        branch = cars[0].branch if len(cars) == 1 else event.branch or writer.branch
        found = (await staff.chain_of(tx, branch, now)).holder(Level.BRANCH_HEAD, now=now)
        return Context(
            text=text,
            writer=writer,
            branch=branch,
            branch_name=(await fleet_views.branch_names(tx)).get(branch, "—"),
            cars=cars,
            head=await people.by_id(tx, found.person.id) if isinstance(found, Found) else None,
            headquarters=await tasks.headquarters(tx),
            slang=dict(DEFAULT_SLANG) | await glossary.slang(tx),
            known=await tasks.find(tx, tasks.id_of_message(body.chat_id, body.message_id)),
            is_private=body.chat_id == body.tg_user_id,
            now=now,
            hours=deps.settings.hours.working(await waits.zone_of(tx, branch)),
        )


async def _words(tx: Tx, body: StaffWrote) -> str:
    """What was written, else what was said."""
    if body.text.strip() or body.file is None:
        return body.text.strip()
    heard = await transcripts.find(tx, body.file.storage_key)
    return "" if heard is None else heard.text.strip()


async def _cars(tx: Tx, body: StaffWrote, text: str, at: datetime) -> tuple[Car, ...]:
    kind, _, key = (body.entity or "").partition(":")
    ids = (UUID(key),) if kind == "car" else cars_in(text, await triage.plates(tx))
    found = await triage.cars(tx, ids, at=at)
    return tuple(Car(one.id, one.title, one.branch, one.booking_id) for one in found)
