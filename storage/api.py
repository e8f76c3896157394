"""What the rest of Jarvis may ask of a store of objects; ``storage.location.open_storage`` makes one."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

Content = bytes | AsyncIterator[bytes]
"""The whole content, or its parts as they arrive."""

DEFAULT_MAX_BYTES = 64 * 1024 * 1024
"""Larger than anything a bot may download from Telegram's own server, small enough for one disk."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it lies in the store.

    ``key`` follows from the content alone; the rest describes it. ``filename`` is the name a person gave, without
    folders and control characters: for showing, never for a path.
    """

    key: str
    sha256: str
    size: int
    content_type: str
    filename: str | None
    metadata: Mapping[str, str]


class Storage(Protocol):
    """Objects by key.

    Every method may raise ``Temporary`` (disk or network trouble) or ``NeedsAttention`` (no rights, no bucket, disk
    full). A key that this store never gave out, and an object that is gone or damaged, are ``Broken``.
    """

    async def put(
        self,
        data: Content,
        *,
        content_type: str,
        filename: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Store the content whole or not at all; ``Rejected`` when it is larger than the store's limit.

        The same content again gives the same key, repairs a damaged object and takes the newer description.
        """
        ...

    async def get(self, key: str) -> bytes:
        """The content, checked against its hash."""
        ...

    def open(self, key: str) -> AsyncIterator[bytes]:
        """The content in parts; the last part comes only if the hash of all of them is right."""
        ...

    async def describe(self, key: str) -> StoredObject | None:
        """What is known of the object without reading its content; None when there is none."""
        ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> None:
        """Remove the object; no error when it is gone already."""
        ...

    async def presign(self, key: str, expires: timedelta) -> str:
        """A link that lets whoever holds it read this one object until it expires (S3 allows seven days)."""
        ...

    async def aclose(self) -> None: ...
