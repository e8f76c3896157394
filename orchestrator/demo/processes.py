"""The processes of a demo: embedded servers, the sandbox, and a real ``jarvis up`` beside it, which may start again."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from core.errors import Broken
from core.settings import Settings
from db.session import Database
from orchestrator.servers import Servers, servers
from sandbox.scenes.director import Director

START_S = 60.0
STOP_S = 15.0
LOG_TAIL = 30


@dataclass(frozen=True, slots=True)
class Address:
    """Ports; 0 means any free one."""

    port: int
    sandbox_port: int
    host: str = "127.0.0.1"

    def fixed(self) -> "Address":
        return Address(self.port or _free_port(), self.sandbox_port or _free_port(), self.host)


class Jarvis:
    """``jarvis up`` as a process of its own. ``started_in_s``: how long its last start took."""

    def __init__(self, home: Path, url: str, settings: Mapping[str, str]) -> None:
        self.url = url
        self.started_in_s = 0.0
        self._home = home
        self._settings = dict(settings)
        self._running = ExitStack()

    async def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Start; where it runs, end it first. ``settings`` are set from now on, as environment variables."""
        await self.stop()
        began = time.monotonic()
        self._settings |= settings or {}
        log = self._home / "jarvis.log"
        self._running.enter_context(_process(log, ["up"], self._settings))
        await _answers(f"{self.url}/healthz", log)
        self.started_in_s = time.monotonic() - began

    async def stop(self) -> None:
        await asyncio.to_thread(self._running.close)


@dataclass(frozen=True, slots=True)
class Company:
    """A simulated company with Jarvis at work in it."""

    jarvis: Jarvis
    sandbox_url: str
    home: Path
    director: Director
    db: Database

    @property
    def jarvis_url(self) -> str:
        return self.jarvis.url

    def panel_link(self) -> str:
        token = self.home / "web-token"
        query = f"login?token={token.read_text(encoding='utf-8').strip()}" if token.is_file() else ""
        return f"{self.jarvis_url}/{query}"


@asynccontextmanager
async def company(home: Path, given: Address) -> AsyncGenerator[Company]:
    """Start everything on fresh data below ``home`` (absolute); stop everything at the end, whatever happened."""
    address = given.fixed()
    settings = Settings(home=home, database_url=None, redis_url=None)
    async with AsyncExitStack() as stack:
        _make_fresh(home)
        found = await stack.enter_async_context(servers(settings))
        jarvis_url = f"http://{address.host}:{address.port}"
        sandbox_url = f"http://{address.host}:{address.sandbox_port}"
        stack.enter_context(
            _process(
                home / "sandbox.log",
                ["sandbox", "--port", str(address.sandbox_port), "--jarvis-url", jarvis_url],
                {},
            )
        )
        await _answers(f"{sandbox_url}/_sandbox/telegram/state", home / "sandbox.log")
        jarvis = Jarvis(home, jarvis_url, _settings(home, address, found, sandbox_url))
        stack.push_async_callback(jarvis.stop)
        await jarvis.start()
        director = Director(sandbox_url)
        stack.push_async_callback(director.close)
        db = Database(found.database_url, pool_size=2, application_name="jarvis-demo")
        stack.push_async_callback(db.close)
        yield Company(jarvis, sandbox_url, home, director, db)


def _settings(home: Path, address: Address, found: Servers, sandbox_url: str) -> dict[str, str]:
    return {
        "JARVIS_HOME": str(home),
        "JARVIS_DATABASE_URL": found.database_url,
        "JARVIS_DATABASE_OWNER_URL": found.owner_url or found.database_url,
        "JARVIS_REDIS_URL": found.redis_url,
        "JARVIS_STORAGE_URL": found.storage_url,
        "JARVIS_HTTP__HOST": address.host,
        "JARVIS_HTTP__PORT": str(address.port),
        "JARVIS_TELEGRAM__API_URL": f"{sandbox_url}/telegram",
        "JARVIS_RENTPROG__BASE_URL": f"{sandbox_url}/rentprog/api/v1",
        "JARVIS_UMNICO__BASE_URL": f"{sandbox_url}/umnico/v1.3",
        # A day is played in a minute: the sandbox keeps no send limits unless it is told to, and nobody
        # else uses RentProg's keys here.
        "JARVIS_TELEGRAM__TOPIC_PACE_S": "0",
        "JARVIS_TELEGRAM__PER_CHAT_PER_S": "50",
        "JARVIS_TELEGRAM__PER_GROUP_PER_MIN": "3000",
        "JARVIS_TELEGRAM__OVERALL_PER_S": "100",
        "JARVIS_RENTPROG__RATE_SHARE": "1.0",
        "JARVIS_ESCALATION__LOOK_EVERY_S": "1",
        # The played staff inspect one car; at some minutes of an hour the others would be called for.
        "JARVIS_OPERATIONS__POST_OVERDUE_MINUTES": "[2880, 2895, 2925, 2985]",
        "JARVIS_LOG_FORMAT": "json",
    }


def _make_fresh(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for left_over in ("postgres", "storage", "web-token", "sandbox.log", "jarvis.log"):
        path = home / left_over
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _process(log: Path, arguments: list[str], settings: dict[str, str]) -> Generator[None]:
    """A command of ours with its output in a file; ended politely, then firmly."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", "orchestrator.cli", *arguments],
            env=inherited | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


async def _answers(url: str, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if await asyncio.to_thread(_is_answering, url):
            return
        await asyncio.sleep(0.05)
    tail = await asyncio.to_thread(_tail, log)
    raise Broken(f"nothing answers at {url} after {START_S:.0f} s; the end of its log:\n{tail}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_TAIL:])


def _is_answering(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address on loopback
            return answer.status == 200
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
