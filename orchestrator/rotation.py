"""Rotation of hook secrets: a running ingress reads its settings again now and then and tells its doors what changed.

Only these: RentProg and Umnico post to an address with the secret in it, and a refused webhook is lost. Everything
else that is secret is used towards the outside and changes with a restart, which finishes or hands back all work.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from core.log import get_logger
from core.settings import BranchSettings, Settings, WrongSettings

log = get_logger(__name__)


Reread = Callable[[], Settings]
"""The settings as every source has them now; raises ``WrongSettings``."""


class Door(Protocol):
    """Whatever compares a secret that somebody outside brings."""

    def renew(self, settings: Settings) -> None: ...


class Rotation:
    """``reread`` waits for stores, so it runs in a thread."""

    def __init__(self, running: Settings, reread: Reread) -> None:
        self._running = running
        self._reread = reread
        self._doors: list[Door] = []
        self._is_lost = False

    def tell(self, door: Door) -> None:
        """From now on this door hears of every change."""
        self._doors.append(door)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await asyncio.wait_for(stop.wait(), self._running.secrets.reread_s)
            except TimeoutError:
                await self.look()

    async def look(self) -> None:
        """Once. What cannot be read, or is wrong now, leaves every secret as it was, and is said once."""
        try:
            fresh = with_hook_secrets(self._running, await asyncio.to_thread(self._reread))
            if fresh != self._running:
                for door in self._doors:
                    door.renew(fresh)
                log.info("hook secrets have changed", hooks=changed(self._running, fresh))
                self._running = fresh
            self._is_lost = False
        except WrongSettings as error:
            if not self._is_lost:
                log.warning("settings cannot be read again, the hook secrets stay as they are", error=error)
            self._is_lost = True


def with_hook_secrets(running: Settings, fresh: Settings) -> Settings:
    """The running settings with fresh hook secrets of the branches they know, Umnico and Telegram; nothing else."""
    branches = tuple(_with_secret(branch, fresh.rentprog.branch(branch.code)) for branch in running.rentprog.branches)
    names = ("webhook_secret", "webhook_secret_previous")
    telegram = running.telegram.model_copy(update={name: getattr(fresh.telegram, name) for name in names})
    rentprog = running.rentprog.model_copy(update={"branches": branches})
    umnico = running.umnico.model_copy(update={"hook_secret": fresh.umnico.hook_secret})
    return running.model_copy(update={"rentprog": rentprog, "telegram": telegram, "umnico": umnico})


def changed(before: Settings, after: Settings) -> list[str]:
    """Whose secrets differ, by name."""
    pairs = zip(before.rentprog.branches, after.rentprog.branches, strict=True)
    hooks = [f"rentprog {new.code}" for old, new in pairs if old.hook_secret != new.hook_secret]
    others = [name for name in ("telegram", "umnico") if getattr(before, name) != getattr(after, name)]
    return [*hooks, *others]


def _with_secret(branch: BranchSettings, fresh: BranchSettings | None) -> BranchSettings:
    """A branch that is gone from the settings keeps its door until the restart that takes it out everywhere."""
    return branch if fresh is None else branch.model_copy(update={"hook_secret": fresh.hook_secret})
