"""Content on its way in, counted and hashed up to the limit, and on its way out, checked against its hash."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import IO

from core.errors import Broken, Rejected
from storage.api import Content
from storage.disk import on_disk
from storage.keys import sha256_of

_MEBIBYTE = 1024 * 1024
_PART = 256 * 1024


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


async def give_out(key: str, read: Callable[[int], Awaitable[bytes]]) -> AsyncIterator[bytes]:
    """What ``read`` brings until it is empty; one part is held back, so that damage shows before the end."""
    digest = hashlib.sha256()
    held = b""
    while part := await read(_PART):
        digest.update(part)
        if held:
            yield held
        held = part
    if digest.hexdigest() != sha256_of(key):
        raise Broken(f"object {key} is damaged")
    if held:
        yield held


async def _parts(data: Content) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    async for part in data:
        yield part
