"""A small HTTP load: a fixed number of keep-alive clients that send prepared requests one after another.

It must cost little itself, or it measures itself: the requests are made before the clock starts, and a client is a
protocol that writes the next request as soon as an answer is whole.
"""

import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

import uvloop

from orchestrator.bench.requests import webhooks

MOST_PER_S = 12_000
"""Requests prepared for each second; more than any server here answers."""


@dataclass
class Load:
    """``seconds`` of answers with status 200, and the latencies in milliseconds."""

    requests: deque[bytes]
    until: float
    latencies_ms: list[float] = field(default_factory=list[float])
    refused: int = 0

    def summary(self, seconds: float) -> dict[str, float]:
        ordered = sorted(self.latencies_ms)
        return {
            "requests_per_s": round(len(ordered) / seconds, 1),
            "p50_ms": round(ordered[len(ordered) // 2], 2),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)], 2),
            "refused": self.refused,
        }


class Client(asyncio.Protocol):
    """One connection; ``ended`` is done when the time is over and the last answer is there."""

    def __init__(self, load: Load, ended: asyncio.Future[None]) -> None:
        self._load = load
        self._ended = ended
        self._answer = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's only by their methods.
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, gap, body = self._answer.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return
        if head.startswith(b"HTTP/1.1 200"):
            self._load.latencies_ms.append((time.perf_counter() - self._sent_at) * 1000)
        else:
            self._load.refused += 1
        self._answer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(exc or ConnectionError("the server hung up"))

    def _next(self) -> None:
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        if self._sent_at < self._load.until:
            self._transport.write(self._load.requests.popleft())
        else:
            self._ended.set_result(None)
            self._transport.close()


async def press(port: int, requests: deque[bytes], *, clients: int, seconds: float) -> dict[str, float]:
    """Press for ``seconds`` with ``clients`` connections; requests, latencies and refusals as figures."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    load = Load(requests, began + seconds)
    ends = [loop.create_future() for _ in range(clients)]
    for ended in ends:
        await loop.create_connection(lambda ended=ended: Client(load, ended), "127.0.0.1", port)
    await asyncio.gather(*ends)
    return load.summary(time.perf_counter() - began)


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + len(b"content-length:")
    end = lowered.find(b"\r\n", start)
    return int(lowered[start:] if end < 0 else lowered[start:end])


def main() -> None:
    """Used as a process of its own, so that the client's work is not the server's."""
    port, seconds, clients, path, first = sys.argv[1:6]
    prepared = deque(islice(webhooks(path, int(first)), int(float(seconds) * MOST_PER_S)))
    summary = uvloop.run(press(int(port), prepared, clients=int(clients), seconds=float(seconds)))
    sys.stdout.write(json.dumps({"summary": summary}))


if __name__ == "__main__":
    main()
