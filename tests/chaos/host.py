"""Roles of the trial circle as a process on a host of its own; ``telling`` thinks there as long as the test wants."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.spec import Deps, Outcome
from core.events import Event
from core.settings import Settings
from db import session
from orchestrator.cli.session import run, start
from orchestrator.dispatcher import Dispatcher
from orchestrator.roles import Role
from orchestrator.servers import given_servers
from orchestrator.up import run_roles, stop_on_signals
from orchestrator.wiring import Jarvis
from tests.chaos.trial_circle import AGENTS, Chats, delivering_to, ingress, note, relay, route, tell
from tests.wait import wait_until

CHATS = "TRIAL_CHATS"
THOUGHTS = "TRIAL_THOUGHTS"
SHORT_IDLE_MS = 2_000
"""Postgres frees the locks of a host that was cut off inside a transaction after 15 s as shipped."""


async def tell_slowly(event: Event[Any], deps: Deps) -> Outcome:
    """Think until the test lets this host come to its end."""
    thoughts = Path(os.environ[THOUGHTS])
    note(thoughts, f"{event.id}")

    async def may_end() -> bool:
        return not hold_of(thoughts).exists()

    await wait_until(may_end, timeout_s=60)
    return await tell(event, deps)


def hold_of(thoughts: Path) -> Path:
    """As long as this file is there no thought of this host comes to its end."""
    return thoughts.with_name("hold")


async def worker(jarvis: Jarvis, stop: asyncio.Event) -> None:
    counting, telling = AGENTS
    agents = (counting, replace(telling, run=tell_slowly))
    await Dispatcher(agents, jarvis.deps, route=route, bell=jarvis.bell, progress=jarvis.progress).run(stop)


async def deliver(jarvis: Jarvis, stop: asyncio.Event) -> None:
    await delivering_to(Chats(Path(os.environ[CHATS])))(jarvis, stop)


ROLES: dict[str, Role] = {"ingress": ingress, "relay": relay, "worker": worker, "deliver": deliver}


def main() -> None:
    """In a process of its own, with its roles as arguments."""
    session.IDLE_IN_TRANSACTION_MS = SHORT_IDLE_MS
    run(work(start(), [ROLES[name] for name in sys.argv[1:]]))


async def work(settings: Settings, roles: Sequence[Role]) -> None:
    await run_roles(settings, given_servers(settings), roles, stop_on_signals(), on_ready=lambda _jarvis: None)
