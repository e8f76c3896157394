"""Files that went through the inbox: served under a link nobody can guess, until the link is ended."""

from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

PATH = "/umnico/files"
LARGEST = 50 * 1024 * 1024
KEPT_BYTES = 256 * 1024 * 1024


@dataclass(slots=True)
class StoredFile:
    key: str
    name: str
    mime: str
    content: bytes = field(repr=False)
    is_dead: bool = False

    @property
    def path(self) -> str:
        return f"{PATH}/{self.key}/{quote(self.name, safe='')}"


class FileStore:
    """When they grow too many, the links of the oldest die."""

    def __init__(self, seed: int = 1, kept_bytes: int = KEPT_BYTES) -> None:
        self._dice = Random(seed)
        self._kept_bytes = kept_bytes
        self._bytes = 0
        self._files: dict[str, StoredFile] = {}

    def keep(self, name: str, mime: str, content: bytes, *, is_dead: bool = False) -> StoredFile:
        key = f"{self._dice.getrandbits(96):024x}"
        stored = StoredFile(key, name.rpartition("/")[2] or "file", mime, content, is_dead)
        self._files[key] = stored
        self._bytes += len(content)
        while self._bytes > self._kept_bytes and len(self._files) > 1:
            self._bytes -= len(self._files.pop(next(iter(self._files))).content)
        return stored

    def get(self, key: str) -> StoredFile | None:
        return self._files.get(key)

    def behind(self, src: str) -> StoredFile | None:
        """The file of an address of ours, whatever the host before it."""
        _, found, rest = src.partition(f"{PATH}/")
        return self._files.get(rest.partition("/")[0]) if found else None

    def end_links(self) -> int:
        """Every link that was given out so far is dead; how many there were."""
        alive = [stored for stored in self._files.values() if not stored.is_dead]
        for stored in alive:
            stored.is_dead = True
        return len(alive)
