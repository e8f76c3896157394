"""Redis without Jarvis between: the stream of the hand-tuned loops, and an empty server for each round."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import redis
import redis.asyncio
from redis.exceptions import ResponseError

STREAM = "bench"
GROUP = "bench"
BATCH = 100


def empty(url: str) -> None:
    with _connect(url) as connection:
        connection.flushall()


def version(url: str) -> str:
    with _connect(url) as connection:
        return connection.info("server")["redis_version"]


class Stream:
    """Where the loops' work is given."""

    def __init__(self, url: str) -> None:
        self._connection: Any = redis.asyncio.Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType] - untyped kwargs

    async def append(self, entries: Sequence[Mapping[str, int]]) -> None:
        pipe = self._connection.pipeline(transaction=False)
        for entry in entries:
            pipe.xadd(STREAM, entry)
        await pipe.execute()

    async def close(self) -> None:
        await self._connection.aclose()


def batches(url: str) -> Iterator[list[dict[bytes, bytes]]]:
    """What this consumer left behind, then what is new; a batch is acknowledged when its reader is done with it."""
    connection = _connect(url)
    try:
        connection.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise
    place = "0"
    while True:
        answer: list[Any] = connection.xreadgroup(GROUP, "one", {STREAM: place}, count=BATCH, block=1000)
        entries: list[tuple[bytes, dict[bytes, bytes]]] = answer[0][1] if answer else []
        if not entries:
            place = ">"
            continue
        yield [fields for _, fields in entries]
        connection.xack(STREAM, GROUP, *[entry_id for entry_id, _ in entries])


def _connect(url: str) -> Any:
    return redis.Redis.from_url(url)  # pyright: ignore[reportUnknownMemberType] - untyped kwargs
