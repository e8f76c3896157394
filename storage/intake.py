"""Takes a content in: counts it, hashes it and writes it to a file, and stops at the limit."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO

from core.errors import Rejected
from storage.api import Content
from storage.disk import on_disk

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Intake:
    """What was learnt while a content came in."""

    sha256: str
    size: int


async def take_in(data: Content, file: IO[bytes], *, max_bytes: int) -> Intake:
    """Write ``data`` to ``file`` off the event loop; ``Rejected`` as soon as it passes ``max_bytes``."""
    digest = hashlib.sha256()
    size = 0

    def keep(part: bytes) -> None:
        digest.update(part)
        file.write(part)

    async for part in _parts(data):
        size += len(part)
        if size > max_bytes:
            raise Rejected(f"The file is larger than {max_bytes / _MEBIBYTE:g} MB.")
        await on_disk(keep, part)
    return Intake(digest.hexdigest(), size)


async def _parts(data: Content) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    async for part in data:
        yield part
