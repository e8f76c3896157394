"""Webhooks sent one at a time over kept connections, for a bench that paces them."""

import asyncio
from types import TracebackType
from typing import Self

from core.errors import Broken


class Door:
    """A few connections to one ingress; who finds none free waits for one."""

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._size = connections
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        for _ in range(self._size):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._free.empty():
            _reader, writer = self._free.get_nowait()
            writer.close()

    async def send(self, request: bytes) -> None:
        """Until it is answered 200; anything else is an error of the bench."""
        reader, writer = await self._free.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        self._free.put_nowait((reader, writer))
        if not head.startswith(b"HTTP/1.1 200"):
            raise Broken(f"the door answered {head.splitlines()[0].decode()}")


def _length(head: bytes) -> int:
    line = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
    return int(line.partition(b":")[2])
