"""Objects in a folder of this machine."""

import json
import os
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO
from uuid import uuid4

from core.clock import Clock
from core.errors import Broken, NeedsAttention
from storage.api import DEFAULT_MAX_BYTES, Content, StoredObject
from storage.description import Description, describe, described
from storage.disk import disk_errors, on_disk
from storage.flow import give_out, take_in
from storage.keys import sha256_of
from storage.links import Links

_ABANDONED_AFTER = timedelta(days=1)


class LocalStorage:
    """Content under ``<root>/<key>``, its description in ``<key>.json``; uploads grow in ``<root>/incoming``."""

    def __init__(self, root: Path, *, clock: Clock, links: Links | None, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._clock = clock
        self._links = links
        self._max_bytes = max_bytes
        with disk_errors():
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._incoming.mkdir(exist_ok=True)
            _remove_abandoned(self._incoming)

    async def put(
        self,
        data: Content,
        *,
        content_type: str,
        filename: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        description = describe(content_type, filename, metadata)
        with self._upload() as file:
            taken = await take_in(data, file, max_bytes=self._max_bytes)
            stored = description.of(taken.sha256, taken.size)
            await on_disk(self._keep, file, stored.key, description)
        return stored

    async def get(self, key: str) -> bytes:
        return b"".join([part async for part in self.open(key)])

    async def open(self, key: str) -> AsyncIterator[bytes]:
        with await on_disk(self._path(key).open, "rb") as file:
            async for part in give_out(key, partial(on_disk, file.read)):
                yield part

    async def describe(self, key: str) -> StoredObject | None:
        return await on_disk(_read_description, self._path(key))

    async def exists(self, key: str) -> bool:
        return await on_disk(self._path(key).is_file)

    async def delete(self, key: str) -> None:
        path = self._path(key)
        await on_disk(path.unlink, missing_ok=True)
        await on_disk(_beside(path).unlink, missing_ok=True)

    async def presign(self, key: str, expires: timedelta) -> str:
        sha256_of(key)
        if self._links is None:
            raise NeedsAttention("links to stored files need the public address of Jarvis and a secret")
        return self._links.url(key, self._clock.now() + expires)

    async def aclose(self) -> None:
        """Nothing is held open between calls."""

    def _path(self, key: str) -> Path:
        sha256_of(key)
        return self._root / key

    @contextmanager
    def _upload(self) -> Iterator[IO[bytes]]:
        """A new file that disappears unless it is moved away."""
        path = self._incoming / uuid4().hex
        with disk_errors():
            file = path.open("xb")
        try:
            with file:
                yield file
        finally:
            path.unlink(missing_ok=True)

    def _keep(self, file: IO[bytes], key: str, description: Description) -> None:
        """The description goes first: an object that is there is described."""
        path = self._root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._upload() as beside:
            kept = {"content_type": description.content_type, "fields": description.fields()}
            beside.write(json.dumps(kept).encode())
            _move(beside, _beside(path))
        _move(file, path)
        _sync_folders(path.parent, self._root)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _read_description(path: Path) -> StoredObject | None:
    try:
        size = path.stat().st_size
        kept = json.loads(_beside(path).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Broken(f"the description of object {path.name} is damaged on disk") from error
    return described(kept["content_type"], kept["fields"]).of(path.name, size)


def _move(file: IO[bytes], place: Path) -> None:
    """Replace what lies at ``place`` at once and whole, after the content has reached the disk."""
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).replace(place)


def _sync_folders(folder: Path, root: Path) -> None:
    """A rename survives a power cut once its folder, and every new folder above it, has reached the disk."""
    while folder != root.parent:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        folder = folder.parent


def _remove_abandoned(incoming: Path) -> None:
    """Uploads that a killed process left behind; the age spares those of processes that still run, and end theirs."""
    oldest = time.time() - _ABANDONED_AFTER.total_seconds()
    for file in incoming.iterdir():
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < oldest:
                file.unlink()
