"""Pictures on their way between the store and the eyes, each fetched once a run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self, TypeVar

from agents.spec import Deps
from core.errors import Broken, Rejected, Temporary
from cv.pool import OutOfTime, WorkerDied
from cv.vision import Vision
from storage.api import Storage

JPEG = "image/jpeg"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pictures:
    """``is_patient``: what is away is ``Temporary``, the run comes again; else ``Broken``, and it goes on without."""

    storage: Storage
    eyes: Vision
    is_patient: bool = True
    _fetched: dict[str, bytes] = field(default_factory=dict[str, bytes])

    @classmethod
    def of(cls, deps: Deps, *, is_patient: bool = True) -> Self | None:
        """None where vision is switched off."""
        if deps.vision is None:
            return None
        if deps.storage is None:
            raise Broken("photos cannot be looked at without a storage")
        return cls(deps.storage, deps.vision, is_patient)

    async def ask(self, answer: Awaitable[T]) -> T:
        """What the eyes or the store answer."""
        try:
            return await answer
        except Temporary as away:
            if self.is_patient:
                raise
            raise Broken(str(away)) from away

    async def attempt(self, look: Callable[..., Awaitable[T]], *keys: str) -> T | None:
        """What comes of kept photos; None where nothing ever will: they break the eyes or take too long."""
        try:
            return await self.ask(look(*[await self.fetch(key) for key in keys]))
        except (Rejected, Broken, OutOfTime):
            return None
        except WorkerDied as died:
            if died.is_own_doing:
                return None
            raise

    async def drawn(self, purpose: str, draw: Callable[..., Awaitable[bytes]], *keys: str) -> str | None:
        """The key of what is drawn from kept photos; None where it cannot be drawn: people do without it."""

        async def kept(*photos: bytes) -> str:
            return await self.keep(await draw(*photos), purpose)

        return await self.attempt(kept, *keys)

    async def fetch(self, key: str) -> bytes:
        if key not in self._fetched:
            self._fetched[key] = await self.ask(self.storage.get(key))
        return self._fetched[key]

    async def keep(self, content: bytes, purpose: str) -> str:
        """The same picture again has the same key, so a run that is repeated leaves nothing behind."""
        stored = await self.ask(self.storage.put(content, content_type=JPEG, metadata={"purpose": purpose}))
        return stored.key
