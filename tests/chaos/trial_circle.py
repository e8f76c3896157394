"""The circle at work in this process: Jarvis' own roles, each with its own way to Postgres and Redis, and two agents.

Every webhook has two runs. ``counting`` needs no thinking and is saved in batches; ``telling`` thinks alone and orders
a message. Each adds one to a count of its own for the event, so that a double would show.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from pydantic import SecretStr

from agents.spec import AgentSpec, Deps, Outcome
from core.commands import Command, SendMessage, Text
from core.events import Event, RentprogDelivered
from core.plans import NOBODY, Plan
from core.settings import BranchSettings, HttpSettings, RentprogSettings, Settings, WorkSettings
from db.commands import Delivery
from db.session import Database, Tx
from orchestrator import roles
from orchestrator.deliverer import Deliverer
from orchestrator.dispatcher import Dispatcher
from orchestrator.inbox import Inbox
from orchestrator.relay import Relay
from orchestrator.roles import Role
from orchestrator.servers import Servers
from orchestrator.wiring import Jarvis, wired
from tests import make
from tests.wait import wait_until

SECRET = "invented-secret-of-the-hook"
DOOR = f"/hooks/rentprog/north/{SECRET}"
PATIENCE_S = 0.1
"""RentProg would come again after a minute or more; so long no test waits."""


async def do_nothing(_event: Event[Any], _deps: Deps) -> Outcome:
    return Outcome()


async def tell(event: Event[Any], _deps: Deps) -> Outcome:
    text = Text(key="hello", args={"event": event.id})
    chat = event.id % 5 + 1
    body = SendMessage(chat_id=chat, text=text)
    return Outcome(
        commands=(make.NewCommand(body=body, destination=f"telegram:{chat}", effect_key=f"tell:{event.id}"),)
    )


async def count(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    name = "telling" if outcome.commands else "counting"
    await tx.run(
        """INSERT INTO alarms (key, text_key, args, opened_at, last_at, count)
           VALUES (%s, %s, '{}', now(), clock_timestamp(), 1)
           ON CONFLICT (key) DO UPDATE SET count = alarms.count + 1""",
        (f"{name}:{event.id}", event.subject),
    )
    return outcome


def an_agent(name: str, run: Any, *, quick: tuple[type[RentprogDelivered], ...] = ()) -> AgentSpec:
    limit = timedelta(seconds=20)
    handles = (RentprogDelivered,)
    return AgentSpec(name, handles=handles, causes=(SendMessage,), run=run, save=count, quick=quick, time_limit=limit)


AGENTS = (an_agent("counting", do_nothing, quick=(RentprogDelivered,)), an_agent("telling", tell))


def route(kind: str) -> Plan:
    return Plan.of(tuple(agent.name for agent in AGENTS)) if kind == RentprogDelivered.kind else NOBODY


@dataclass(frozen=True)
class Chats:
    """Telegram's place in these tests: a file to which every process writes the effect keys of what is said."""

    file: Path

    async def perform(self, command: Command) -> Delivery:
        note(self.file, command.effect_key)
        return Delivery({"message_id": 1})

    @property
    def heard(self) -> Counter[str]:
        """How often each effect key was said."""
        return Counter(self.file.read_text(encoding="utf-8").splitlines())


def note(file: Path, line: str) -> None:
    """Short lines of several processes do not mix when each is one write at the end of the file."""
    with file.open("a", encoding="utf-8") as notes:
        notes.write(f"{line}\n")


@dataclass
class Sender:
    """RentProg: sends again whatever is not answered 200, and remembers every answer."""

    http: httpx.AsyncClient
    accepted: set[bytes] = field(default_factory=set[bytes])
    answers: Counter[int] = field(default_factory=Counter[int])
    slowest_s: float = 0.0
    without_retry_after: int = 0

    async def post(self, body: bytes) -> int:
        began = asyncio.get_running_loop().time()
        answer = await self.http.post(DOOR, content=body)
        self.slowest_s = max(self.slowest_s, asyncio.get_running_loop().time() - began)
        self.answers[answer.status_code] += 1
        self.without_retry_after += answer.status_code == 503 and "retry-after" not in answer.headers
        if answer.status_code == 200:
            self.accepted.add(body)
        return answer.status_code

    async def insist(self, body: bytes) -> None:
        async def is_taken() -> bool:
            await asyncio.sleep(PATIENCE_S * (body not in self.accepted and self.answers[503] > 0))
            return await self.post(body) == 200

        await wait_until(is_taken, timeout_s=40)

    async def stream(self, cars: Iterable[int], *, each: int = 1) -> None:
        """Cars side by side, the changes of one car in their order."""

        async def changes_of(car: int) -> None:
            for change in range(each):
                await self.insist(webhook(car, change))

        async with asyncio.TaskGroup() as group:
            for car in cars:
                group.create_task(changes_of(car))


def webhook(car: int, change: int = 0) -> bytes:
    return b'{"event": "car_update", "payload": {"id": %d, "mileage": [%d, %d]}}' % (car, change, change + 1)


@dataclass
class Circle:
    sender: Sender
    chats: Chats
    truth: Database
    """A way to Postgres with no fault on it."""

    async def readyz(self) -> dict[str, Any]:
        return (await self.sender.http.get("/readyz")).json()

    async def is_open(self) -> None:
        """Until the ingress listens."""

        async def listens() -> bool:
            try:
                return (await self.sender.http.get("/healthz")).is_success
            except httpx.TransportError:
                return False

        await wait_until(listens, timeout_s=60)

    async def has_workers(self, number: int) -> None:
        """Until so many processes work."""

        async def work() -> bool:
            found = await self.rows("SELECT count(*) AS n FROM heartbeats WHERE role = 'worker'")
            return found[0]["n"] >= number

        await wait_until(work, timeout_s=60)

    async def answers(self, status: int, *, more: int = 1) -> None:
        """Until the sender got as many new answers of this kind."""
        before = self.sender.answers[status]

        async def are_there() -> bool:
            return self.sender.answers[status] >= before + more

        await wait_until(are_there, timeout_s=60)

    async def quiet(self, *, timeout_s: float = 60.0) -> None:
        """Until nothing is unfinished."""

        async def is_quiet() -> bool:
            return await self.unfinished() == 0

        await wait_until(is_quiet, timeout_s=timeout_s)

    async def unfinished(self) -> int:
        [row] = await self.rows(
            """SELECT (SELECT count(*) FROM runs WHERE state IN ('waiting', 'queued', 'running'))
                    + (SELECT count(*) FROM commands WHERE state IN ('pending', 'sending')) AS n"""
        )
        return row["n"]

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        async with self.truth.transaction() as tx:
            return await tx.rows(sql)

    async def assert_all_done_once(self, *, said_at_most: int = 1) -> None:
        """Nothing lost, nothing twice, in order; a message may be said twice where an answer of Telegram was lost."""
        await self.quiet()
        events = await self.rows("SELECT id, raw FROM events WHERE source = 'rentprog'")
        assert Counter(event["raw"] for event in events) == Counter(self.sender.accepted)
        ids = [event["id"] for event in events]
        effects = await self.rows("SELECT key, count FROM alarms")
        told = Counter({row["key"]: row["count"] for row in effects})
        due = Counter(f"{agent.name}:{n}" for agent in AGENTS for n in ids)
        assert told == due, f"too often: {told - due}; never: {due - told}"
        assert {row["state"] for row in await self.rows("SELECT state FROM runs")} == {"done"}
        assert {row["state"] for row in await self.rows("SELECT state FROM commands")} == {"sent"}
        assert set(self.chats.heard) == {f"tell:{n}" for n in ids}
        assert max(self.chats.heard.values()) <= said_at_most
        assert await self.rows(OUT_OF_ORDER) == []


OUT_OF_ORDER = """
SELECT later.id FROM runs AS later JOIN runs AS earlier
  ON earlier.agent = later.agent AND earlier.subject = later.subject AND earlier.event_id < later.event_id
WHERE later.started_at < earlier.finished_at
"""


@dataclass(frozen=True)
class Ways:
    """How a role reaches its servers: the URLs, perhaps through a proxy of its own."""

    database_url: str
    redis_url: str


@asynccontextmanager
async def circle_at_work(
    ways: Ways, *, truth_url: str, database_pool: int = 10, **others: Ways
) -> AsyncGenerator[Circle]:
    """Ingress, worker, relay and deliverer go the same way, but for those that are named (``worker=Ways(…)``)."""
    given = settings(database_pool)
    async with AsyncExitStack() as stack:
        chats = Chats(Path(stack.enter_context(TemporaryDirectory())) / "chats")
        circle = await stack.enter_async_context(looking_at(given, chats, truth_url=truth_url))
        stop = asyncio.Event()
        group = await stack.enter_async_context(asyncio.TaskGroup())
        stack.callback(stop.set)
        table = {"ingress": ingress, "worker": worker, "relay": relay, "deliver": delivering_to(chats)}
        for name, role in table.items():
            group.create_task(_one(role, others.get(name, ways), given, stop))
        await circle.is_open()
        yield circle


@asynccontextmanager
async def looking_at(given: Settings, chats: Chats, *, truth_url: str) -> AsyncGenerator[Circle]:
    """A circle whose roles somebody else starts."""
    truth = Database(truth_url, pool_size=2, application_name="jarvis-truth")
    base_url = f"http://{given.http.host}:{given.http.port}"
    async with httpx.AsyncClient(base_url=base_url, timeout=20) as http:
        yield Circle(Sender(http), chats, truth)
    await truth.close()


async def _one(role: Role, ways: Ways, given: Settings, stop: asyncio.Event) -> None:
    async with wired(given, Servers(ways.database_url, ways.redis_url, "file:///nowhere")) as jarvis:
        await role(jarvis, stop)


async def ingress(jarvis: Jarvis, stop: asyncio.Event) -> None:
    window = jarvis.settings.dedup_window
    inbox = Inbox("rentprog", jarvis.db, route, jarvis.bell, window=window)
    await roles.ingress(replace(jarvis, rentprog_inbox=inbox), stop)


async def worker(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await Dispatcher(AGENTS, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).run(stop)


async def relay(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await Relay(jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).run(stop)


def delivering_to(chats: Chats) -> Role:
    async def deliver(jarvis: Jarvis, stop: asyncio.Event) -> None:
        work = Deliverer({"telegram": chats}, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress)
        await work.run(stop)

    return deliver


def settings(database_pool: int = 10) -> Settings:
    """As shipped, but for shorter waits, so that a test ends soon."""
    north = BranchSettings(code="north", name="North", company_id=1, hook_secret=(SecretStr(SECRET),))
    return Settings(
        http=HttpSettings(port=_free_port()),
        work=WorkSettings(
            backoff_first_s=0.05, backoff_max_s=0.5, lease_s=2.0, stop_grace_s=2.0, database_pool=database_pool
        ),
        rentprog=RentprogSettings(branches=(north,), webhook_rps_per_address=100_000),
    )


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]
