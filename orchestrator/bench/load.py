"""A small HTTP load: a fixed number of keep-alive clients that send prepared requests one after another."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from orchestrator.bench.requests import webhooks


@dataclass
class Load:
    """``seconds`` of answers with status 200, and the latencies in milliseconds."""

    latencies_ms: list[float] = field(default_factory=list[float])
    refused: int = 0
    seconds: float = 0.0

    def summary(self) -> dict[str, float]:
        ordered = sorted(self.latencies_ms)
        return {
            "requests_per_s": round(len(ordered) / self.seconds, 1),
            "p50_ms": round(ordered[len(ordered) // 2], 2),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)], 2),
            "refused": self.refused,
        }


async def press(host: str, port: int, requests: Iterator[bytes], *, clients: int, seconds: float) -> Load:
    load = Load()
    began = time.perf_counter()
    await asyncio.gather(*(_client(host, port, requests, load, began + seconds) for _ in range(clients)))
    load.seconds = time.perf_counter() - began
    return load


async def _client(host: str, port: int, requests: Iterator[bytes], load: Load, until: float) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while time.perf_counter() < until:
        request = next(requests)
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        if head.startswith(b"HTTP/1.1 200"):
            load.latencies_ms.append((time.perf_counter() - began) * 1000)
        else:
            load.refused += 1
    writer.close()
    await writer.wait_closed()


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + len(b"content-length:")
    return int(lowered[start : lowered.index(b"\r\n", start)])


def main() -> None:
    """Used as a process of its own, so that the client's work is not the server's."""
    port, seconds, clients, path, first = sys.argv[1:6]
    requests = webhooks(path, int(first))
    load = asyncio.run(press("127.0.0.1", int(port), requests, clients=int(clients), seconds=float(seconds)))
    sys.stdout.write(json.dumps({"summary": load.summary(), "count": len(load.latencies_ms)}))


if __name__ == "__main__":
    main()
