"""A small working day at which some roles are processes of their own, and a picture of everything it left behind."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.commands import BODY_OF_KIND, Repeat
from core.events import RefreshWanted
from db.models import Model
from db.session import Tx
from orchestrator.roles import ROLES as ROLE_OF_NAME
from tests.chaos.processes import Process, installation, running
from tests.flows.company import ADMIN, Company, text_of
from tests.flows.conftest import start_working
from tests.flows.opening import ROLES, company_at_work, jarvis_running
from tests.flows.test_bookings import a_stay, book

BORN = datetime.now(UTC)
STAY = a_stay()
"""The same for every day of this test process, so that their texts can be compared."""
LEASE_S = 1.5

CIRCLE_TABLES = {"events", "runs", "commands", "destinations", "schedules", "heartbeats", "audit", "telegram_updates"}
UNTOLD = {"sync_runs", "sync_pages", "buttons"}
"""Tables of the mirror's own work and of one-time tokens: how often it looked is no effect."""
BY_TIMING = {RefreshWanted.kind}
"""A patch asks for a fetch unless one waits already, so how many there are is a matter of moments."""
VOLATILE = {
    *("id", "fingerprint", "updated_by_event", "raw", "message_id", "thread_id"),
    *("person_id", "approved_by", "bound_by", "decided_by"),
}
"""Columns that differ between two days on which the same things happened; times differ too."""

Picture = dict[str, Any]


@asynccontextmanager
async def day_without(*names: str, db_url: str, redis_url: str, home: Path) -> AsyncIterator[Company]:
    """Everything is set up and quiet; the named roles have ended, the others go on in this process."""
    away = [ROLE_OF_NAME[name] for name in names]
    async with company_at_work(db_url, redis_url, home, roles=(), born=BORN) as company:
        _make_quick(company)
        async with jarvis_running(company, [role for role in ROLES if role not in away]):
            async with jarvis_running(company, away):
                await company.director.start(company.people[ADMIN])
                await company.synced()
                await start_working(company)
            yield company


def _make_quick(company: Company) -> None:
    """A short lease, and no full check but the first: it would come in between at any quarter of an hour."""
    given = company.settings
    company.settings = given.model_copy(
        update={
            "work": given.work.model_copy(update={"lease_s": LEASE_S}),
            "rentprog": given.rentprog.model_copy(update={"reconcile_cron": "0 0 1 1 *"}),
        }
    )


@contextmanager
def role_process(company: Company, role: str, *, failpoint: str = "") -> Iterator[Process]:
    settings = installation(company.settings, company.servers)
    with running(role, settings=settings, log=company.settings.home / f"{role}.log", failpoint=failpoint) as process:
        yield process


async def a_car_is_handed_out(company: Company) -> None:
    booking = await book(company, fields=STAY)
    await company.director.act(f"bookings/{booking}/issue", mileage=150_100)


async def picture(company: Company) -> Picture:
    """Domain rows, events, runs and commands by what they are, and the messages people see, in their order."""
    told = await company.ask(_rows)
    for chat_id in company.forums.values():
        topics = await company.director.topics(chat_id)
        for topic in [{"message_thread_id": 0, "name": "General"}, *topics]:
            messages = await company.director.messages(chat_id, thread_id=topic["message_thread_id"])
            told[f"messages of {chat_id}: {topic['name']}"] = [(text_of(m), m.get("pinned")) for m in messages]
    return told


async def _rows(tx: Tx) -> Picture:
    told: Picture = {}
    for name, table in Model.metadata.tables.items():
        if name in CIRCLE_TABLES | UNTOLD:
            continue
        kept = [c.name for c in table.columns if c.name not in VOLATILE and not c.name.endswith(("_at", "_until"))]
        rows = await tx.rows(f"SELECT {', '.join(kept)} FROM {name}")
        told[name] = sorted(repr(row) for row in rows)
    told["events"] = Counter(
        (row["kind"], row["subject"])
        for row in await tx.rows("SELECT kind, subject FROM events WHERE source <> 'clock'")
        if row["kind"] not in BY_TIMING | {"check.health"}
    )
    told["runs"] = Counter(
        (row["agent"], row["kind"], row["subject"], row["state"])
        for row in await tx.rows(
            """SELECT runs.agent, runs.subject, runs.state, events.kind FROM runs
               JOIN events ON events.id = runs.event_id WHERE events.source <> 'clock'"""
        )
        if row["kind"] not in BY_TIMING or row["state"] != "done"
    )
    commands = await tx.rows("SELECT kind, destination, payload, state FROM commands")
    told["commands"] = Counter((row["kind"], row["destination"], row["state"]) for row in commands if not _merges(row))
    told["merging commands"] = {(row["kind"], row["destination"], row["state"]) for row in commands if _merges(row)}
    return told


def _merges(row: dict[str, Any]) -> bool:
    """Of what is safe to repeat there may be more or fewer: a burst of changes is one edit."""
    return BODY_OF_KIND[row["kind"]].repeat is Repeat.SAFE
