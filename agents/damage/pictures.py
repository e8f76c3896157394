"""Pictures on their way between the store and the eyes, each fetched once a run."""

from dataclasses import dataclass, field
from typing import Self

from agents.spec import Deps
from core.errors import Broken
from cv.vision import Vision
from storage.api import Storage

JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Pictures:
    storage: Storage
    eyes: Vision
    _fetched: dict[str, bytes] = field(default_factory=dict[str, bytes])

    @classmethod
    def of(cls, deps: Deps) -> Self | None:
        """None where vision is switched off."""
        if deps.vision is None:
            return None
        if deps.storage is None:
            raise Broken("photos cannot be looked at without a storage")
        return cls(deps.storage, deps.vision)

    async def fetch(self, key: str) -> bytes:
        if key not in self._fetched:
            self._fetched[key] = await self.storage.get(key)
        return self._fetched[key]

    async def keep(self, content: bytes, purpose: str) -> str:
        """The same picture again has the same key, so a run that is repeated leaves nothing behind."""
        stored = await self.storage.put(content, content_type=JPEG, metadata={"purpose": purpose})
        return stored.key
