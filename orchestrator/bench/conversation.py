"""``bench conversation``: from a client's webhook to the message in the topic, beside a bot that keeps nothing.

A thousand messages over two hundred conversations of eight employees, first at a steady pace (how long does one take?),
then all at once (how many a second?). The model twin answers in 300 ms; Telegram's own limits are off, for both. The
pace is chosen so that the twins, which share the two processors with what is measured, keep up.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import httpx

from core.errors import Broken
from db.queries import bench_conversations as rows
from orchestrator.bench.cpu import postgres_pid, redis_pid, spent_s
from orchestrator.bench.ground import Ground, child, free_port, ground
from orchestrator.bench.machine import machine, spread

MESSAGES, CONVERSATIONS, CLERKS = 1_000, 200, 8
PACE_PER_S = 8.0
MODEL_S = 0.3
ACCOUNT_ID = 100200
SECRET = "bench-secret-of-umnico"  # noqa: S105 - invented, lives for one run
MANAGER_ID = 16
PATIENCE_S = 240.0
SENDERS = 64


@dataclass(frozen=True, slots=True)
class World:
    """The simulated outside: its address, the groups of the clerks, the keys of the model."""

    url: str
    groups: tuple[tuple[int, int], ...]
    telegram_token: str
    model_key: str

    @property
    def telegram_url(self) -> str:
        return f"{self.url}/telegram"

    @property
    def model_url(self) -> str:
        return f"{self.url}/llm/openai/v1"


@dataclass(frozen=True, slots=True)
class Round:
    """``seconds`` of each message from its webhook to its post; ``wall_s`` from the first webhook to the last post."""

    seconds: Sequence[float]
    wall_s: float
    cpu_s: float
    is_in_order: bool


def measure() -> dict[str, Any]:
    about = machine()
    with ground() as found, _world() as world:
        phones = [str(995_500_100_000 + number) for number in range(CONVERSATIONS)]
        rows.make_company(found.database_url, groups=list(world.groups), phones=phones)
        with _jarvis(found, world) as jarvis:
            _say(jarvis, phones, first=0, count=CONVERSATIONS, pace=PACE_PER_S)  # topics are opened, caches filled
            _wait_for(found, 0, CONVERSATIONS)
            paced = _ours(found, jarvis, phones, first=10_000, pace=PACE_PER_S)
            burst = _ours(found, jarvis, phones, first=20_000, pace=None)
        with _bare(world) as bare:
            _bare_round(bare, phones, first=30_000, count=CONVERSATIONS, pace=PACE_PER_S)
            bare_paced = _bare_round(bare, phones, first=40_000, count=MESSAGES, pace=PACE_PER_S)
            bare_burst = _bare_round(bare, phones, first=50_000, count=MESSAGES, pace=None)
        servers = found.servers()
    return {
        "bench": "conversation",
        "machine": about | servers,
        "messages": MESSAGES,
        "conversations": CONVERSATIONS,
        "model_answers_in_s": MODEL_S,
        "pace_per_s": PACE_PER_S,
        "ours": _figures(paced, burst),
        "bare": _figures(bare_paced, bare_burst),
        "ratio_ours_to_bare": {
            "p50": round(_percentile(paced.seconds, 0.5) / _percentile(bare_paced.seconds, 0.5), 2),
            "messages_per_s": round(bare_burst.wall_s / burst.wall_s, 2),
        },
        "order_kept": paced.is_in_order and burst.is_in_order,
    }


def _figures(paced: Round, burst: Round) -> dict[str, Any]:
    return {
        "paced": {
            "p50_s": round(_percentile(paced.seconds, 0.5), 3),
            "p99_s": round(_percentile(paced.seconds, 0.99), 3),
            "seconds": spread(list(paced.seconds)),
            "cpu_s_per_1000": round(1000 * paced.cpu_s / len(paced.seconds), 2),
        },
        "burst": {
            "messages_per_s": round(len(burst.seconds) / burst.wall_s, 1),
            "wall_s": round(burst.wall_s, 2),
            "cpu_s_per_1000": round(1000 * burst.cpu_s / len(burst.seconds), 2),
        },
    }


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# -- the processes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Running:
    hook: str
    pid: int
    base: str


@contextmanager
def _world() -> Generator[World]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    state_url = f"{url}/_sandbox/telegram/state"
    with child(["-m", "orchestrator.cli", "sandbox", "--port", str(port)], {}, ready_url=state_url):
        _order(f"{url}/_sandbox/llm/script", {"scene": "bench", "otherwise": "echo", "delay_s": MODEL_S}, method="PUT")
        _order(f"{url}/_sandbox/rentprog/limits", {"enabled": False})
        told = _look(f"{url}/_sandbox/telegram/credentials")
        keys = _look(f"{url}/_sandbox/llm/credentials")
        yield World(url, _groups(_look(state_url)), told["token"], keys["openai_key"])


def _groups(state: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    """(person, group) of the clerks: whoever has a forum named after them."""
    people = {f"{person['first_name']} | ": person["id"] for person in state["users"]}
    found = [
        (user, chat["id"])
        for chat in state["chats"]
        for name, user in people.items()
        if str(chat["title"]).startswith(name)
    ]
    if len(found) < CLERKS:
        raise Broken(f"the sandbox has {len(found)} personal groups, {CLERKS} are needed")
    return tuple(found[:CLERKS])


@contextmanager
def _jarvis(found: Ground, world: World) -> Generator[Running]:
    port = free_port()
    model = {"provider": "twin", "model": "jarvis-scripted"}
    settings = {
        "JARVIS_HOME": str(found.home),
        "JARVIS_DATABASE_URL": found.database_url,
        "JARVIS_REDIS_URL": found.redis_url,
        "JARVIS_HTTP__PORT": str(port),
        "JARVIS_TELEGRAM__API_URL": world.telegram_url,
        "JARVIS_TELEGRAM__TOKEN": world.telegram_token,
        "JARVIS_TELEGRAM__ADMINS": "[1]",
        "JARVIS_TELEGRAM__TOPIC_PACE_S": "0",
        "JARVIS_TELEGRAM__PER_CHAT_PER_S": "100000",
        "JARVIS_TELEGRAM__PER_GROUP_PER_MIN": "1000000",
        "JARVIS_TELEGRAM__OVERALL_PER_S": "100000",
        "JARVIS_RENTPROG__BRANCHES": json.dumps([{"code": rows.BRANCH, "name": "Bench", "company_id": 1}]),
        "JARVIS_UMNICO__BASE_URL": f"{world.url}/umnico/v1.3",
        "JARVIS_UMNICO__TOKEN": "umnico.invented.token",
        "JARVIS_UMNICO__ACCOUNT_ID": str(ACCOUNT_ID),
        "JARVIS_UMNICO__MANAGER_ID": str(MANAGER_ID),
        "JARVIS_UMNICO__HOOK_SECRET": SECRET,
        "JARVIS_UMNICO__WEBHOOK_RPS_PER_ADDRESS": "1000000",
        "JARVIS_UMNICO__INBOX_MINUTES": "59",
        "JARVIS_LLM__PROVIDERS": json.dumps(
            {"twin": {"api": "openai", "base_url": world.model_url, "api_key": world.model_key}}
        ),
        "JARVIS_LLM__MODELS": json.dumps([model]),
        "JARVIS_LLM__PRICES": json.dumps({"jarvis-scripted": {"input": 0, "output": 0}}),
        "JARVIS_TRANSLATION__CHECK_LANGUAGE": "false",  # the twin marks a text and leaves it in its language
        "JARVIS_WORK__CONCURRENCY": "64",
        "JARVIS_LOG_LEVEL": "warning",
    }
    base = f"http://127.0.0.1:{port}"
    with child(["-m", "orchestrator.cli", "up"], settings, ready_url=f"{base}/readyz") as process:
        yield Running(f"{base}/hooks/umnico/{SECRET}", process.pid, base)


@contextmanager
def _bare(world: World) -> Generator[Running]:
    port = free_port()
    chats = json.dumps([chat for _, chat in world.groups])
    telegram = f"{world.telegram_url}/bot{world.telegram_token}"
    arguments = ["-m", "orchestrator.bench.bare_chat", str(port), telegram, world.model_url, world.model_key, chats]
    base = f"http://127.0.0.1:{port}"
    with child(arguments, {}, ready_url=f"{base}/healthz") as process:
        yield Running(f"{base}/hook", process.pid, base)


# -- the rounds ------------------------------------------------------------------------------------------------------


def _ours(found: Ground, jarvis: Running, phones: Sequence[str], *, first: int, pace: float | None) -> Round:
    pids = (jarvis.pid, postgres_pid(found.home / "postgres"), redis_pid())
    before = sum(spent_s(pid) for pid in pids)
    _say(jarvis, phones, first=first, count=MESSAGES, pace=pace)
    shown = _wait_for(found, first, MESSAGES)
    _wait_quiet(found)
    cpu_s = sum(spent_s(pid) for pid in pids) - before
    seconds = [(row["shown_at"] - row["received_at"]).total_seconds() for row in shown]
    wall = max(row["shown_at"] for row in shown) - min(row["received_at"] for row in shown)
    return Round(seconds, wall.total_seconds(), cpu_s, _is_in_order(shown))


def _is_in_order(shown: Sequence[dict[str, Any]]) -> bool:
    """Posts of one conversation stand in the order of its messages; the ids count upward."""
    posts: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in shown:
        posts[row["conversation_id"]].append(row["shown_at"])
    return all(times == sorted(times) for times in posts.values())


def _bare_round(bare: Running, phones: Sequence[str], *, first: int, count: int, pace: float | None) -> Round:
    before, began = spent_s(bare.pid), time.perf_counter()
    _say(bare, phones, first=first, count=count, pace=pace)
    seconds: list[float] = []
    deadline = time.monotonic() + PATIENCE_S
    while len(seconds) < count:
        if time.monotonic() > deadline:
            raise Broken(f"the reference showed {len(seconds)} of {count} messages")
        seconds += _look(f"{bare.base}/seconds")
        time.sleep(0.05)
    return Round(seconds, time.perf_counter() - began, spent_s(bare.pid) - before, is_in_order=True)


def _wait_for(found: Ground, first: int, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        shown = rows.shown(found.database_url, _id(first), _id(first + count - 1))
        done = [row for row in shown if row["shown_at"] is not None]
        if len(done) == count:
            return done
        if time.monotonic() > deadline:
            raise Broken(f"{len(done)} of {count} messages stand in their topics ({len(shown)} are stored)")
        time.sleep(0.5)


def _wait_quiet(found: Ground) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while rows.unfinished(found.database_url):
        if time.monotonic() > deadline:
            raise Broken("work is left over")
        time.sleep(0.2)


def _id(number: int) -> str:
    return f"bench-{number:08d}"


def _say(running: Running, phones: Sequence[str], *, first: int, count: int, pace: float | None) -> None:
    """Post ``count`` webhooks, one conversation after the other, ``pace`` a second or as fast as they are taken."""
    asyncio.run(_post_all(running.hook, [_webhook(phones, first + n) for n in range(count)], pace))


async def _post_all(url: str, bodies: Sequence[tuple[int, bytes]], pace: float | None) -> None:
    """Webhooks of one conversation leave one after the other, as Umnico posts them; those of others beside them."""
    lines: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for place, (lead, body) in enumerate(bodies):
        lines[lead].append((place, body))
    room = asyncio.Semaphore(SENDERS)
    began = time.perf_counter()

    async def post_line(line: Sequence[tuple[int, bytes]]) -> None:
        for place, body in line:
            if pace is not None:
                await asyncio.sleep(max(0.0, began + place / pace - time.perf_counter()))
            async with room:
                (await http.post(url, content=body)).raise_for_status()

    async with httpx.AsyncClient(timeout=30) as http, asyncio.TaskGroup() as group:
        for line in lines.values():
            group.create_task(post_line(line))


def _webhook(phones: Sequence[str], number: int) -> tuple[int, bytes]:
    place = number % len(phones)
    lead = 7_000_000 + place
    body: dict[str, Any] = {
        "type": "message.incoming",
        "accountId": ACCOUNT_ID,
        "leadId": lead,
        "message": {
            "messageId": _id(number),
            "datetime": int(time.time() * 1000),
            "incoming": True,
            "message": {"text": f"Good afternoon, this is my message number {number}, thank you", "attachments": []},
            "sender": {"id": place, "login": phones[place], "name": f"Client {place}", "type": "whatsapp2"},
            "source": {"id": f"s{place}", "realId": 1000 + place, "type": "message", "saId": 88},
            "sa": {"id": 88, "type": "whatsapp2", "login": "995500000001"},
        },
    }
    return lead, json.dumps(body).encode()


def _order(url: str, body: dict[str, Any], method: str = "POST") -> None:
    headers = {"Content-Type": "application/json"}
    order = Request(url, data=json.dumps(body).encode(), headers=headers, method=method)  # noqa: S310 - loopback
    urlopen(order, timeout=10).close()  # noqa: S310 - our own twin on loopback


def _look(url: str) -> Any:
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - our own process on loopback
        return json.load(answer)
