"""What a scene is made of: a stage to look around on, steps with a line for the audience, and checks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from rich.console import Console

from db.queries import evidence
from db.session import Database
from orchestrator.demo.processes import Company
from sandbox.scenes.director import Director

T = TypeVar("T")

PATIENCE_S = 60.0
WATCHED_PAUSE_S = 2.5


@dataclass(frozen=True, slots=True)
class Check:
    step: str
    what: str
    is_held: bool
    seen: str


@dataclass
class Stage:
    """Where a scene plays. ``is_watched`` slows it down so that a person on the chat page can follow."""

    company: Company
    console: Console
    is_watched: bool
    checks: list[Check] = field(default_factory=list[Check])
    _step: str = ""

    @property
    def director(self) -> Director:
        return self.company.director

    @property
    def db(self) -> Database:
        return self.company.db

    async def step(self, title: str) -> None:
        self._step = title
        self.console.print(f"• {title}")
        if self.is_watched:
            await asyncio.sleep(WATCHED_PAUSE_S)

    def check(self, what: str, is_held: object, seen: object = "") -> None:
        self.checks.append(Check(self._step, what, bool(is_held), str(seen)[:200]))

    async def comes_true(self, what: str, look: Callable[[], Awaitable[T]], *, patience_s: float = PATIENCE_S) -> T:
        """Look until the answer is true, note it as a check, and go on either way."""
        deadline = time.monotonic() + patience_s
        while True:
            answer = await look()
            if answer or time.monotonic() > deadline:
                self.check(what, answer, _short(answer))
                return answer
            await asyncio.sleep(0.1)

    async def ask(self, look: Callable[..., Awaitable[T]], *arguments: Any) -> T:
        """One question to the database in a transaction of its own."""
        async with self.db.transaction() as tx:
            return await look(tx, *arguments)

    def when(self, look: Callable[..., Awaitable[T]], *arguments: Any) -> Callable[[], Awaitable[T]]:
        return lambda: self.ask(look, *arguments)

    async def is_quiet(self) -> bool:
        """Whether no run or command is unfinished."""
        left = await self.ask(evidence.unfinished)
        return left["runs"] == 0 and left["commands"] == 0

    def tell(self, words: str) -> None:
        """A line for the audience between two steps."""
        self.console.print(f"  {words}", style="dim")


@dataclass(frozen=True, slots=True)
class Scene:
    """``about``: a line or two for the audience before it begins."""

    name: str
    title: str
    play: Callable[[Stage], Awaitable[list[Check]]]
    about: str = ""


def _short(answer: object) -> str:
    if isinstance(answer, list):
        return f"{len(cast('list[object]', answer))} found"
    if isinstance(answer, dict):
        return "found"
    return "yes" if answer is True else str(answer)
