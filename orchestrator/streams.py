"""Doorbells: Redis Streams that carry ids. Losing every ring loses nothing, it only costs the time of a poll."""

import asyncio
import os
import socket
import time
from collections.abc import Iterable, Sequence
from typing import Any

import redis.asyncio as redis
from redis.exceptions import RedisError, ResponseError

from core.log import get_logger
from orchestrator.failpoints import failpoint

log = get_logger(__name__)

RUNS = "jarvis:runs"
COMMANDS = {"telegram": "jarvis:commands", "umnico": "jarvis:commands:umnico"}
"""Each system's deliverers listen to a stream of their own, so that none hears what is meant for another."""
GROUP = "workers"
PEAL = 8
"""Ids in one ring: few enough that several workers share a burst, and fewer entries to write and read."""
RECONNECT_S = 1.0
SOCKET_TIMEOUT_S = 2.0
RING_PAUSE_S = 5.0
"""After a ring that failed none is tried for this long: at a Redis that hangs each would cost the time-out."""
PROBE = "jarvis:probe"
MOST_RINGS = 50_000
"""Rings that nobody came to hear, since there was work without them, are forgotten: the work is in Postgres."""


class Bell:
    """Rings for runs and commands. Trouble with Redis is said once and never raised: Postgres is the truth."""

    def __init__(self, url: str) -> None:
        self._redis: redis.Redis = redis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - untyped kwargs
            url, socket_timeout=SOCKET_TIMEOUT_S, socket_connect_timeout=SOCKET_TIMEOUT_S
        )
        self._consumer = f"{socket.gethostname()}-{os.getpid()}-{id(self):x}"
        self._heard: dict[str, list[bytes]] = {}
        self._troubles: set[str] = set()
        self._silent_until = 0.0

    @property
    def is_well(self) -> bool:
        """Whether everything that was tried last went well; a Redis that is full or read-only still lets one listen."""
        return not self._troubles

    async def ring_runs(self, ids: Iterable[int]) -> None:
        given = [str(run_id) for run_id in ids]
        await self._ring(RUNS, [",".join(given[start : start + PEAL]) for start in range(0, len(given), PEAL)])

    async def ring_commands(self, systems: Iterable[str] = ("telegram",)) -> None:
        for system in systems:
            await self._ring(COMMANDS[system], ["*"])

    async def _ring(self, stream: str, values: Sequence[str]) -> None:
        if not values or time.monotonic() < self._silent_until:
            return
        try:
            pipe: Any = self._redis.pipeline(transaction=False)
            for value in values:
                pipe.xadd(stream, {"id": value}, maxlen=MOST_RINGS, approximate=True)
            await pipe.execute()
        except (TimeoutError, RedisError, OSError) as error:
            self._silent_until = time.monotonic() + RING_PAUSE_S
            self._complain("ringing", error)
        else:
            self._recover("ringing")

    async def wait_runs(self, *, count: int, wait_s: float) -> list[int]:
        """Ids of runs that were rung for, about ``count`` at most; empty after ``wait_s`` or when Redis is away."""
        heard = await self._wait(RUNS, max(1, count // PEAL), wait_s)
        return [int(number) for value in heard for number in value.split(",")]

    async def wait_commands(self, system: str = "telegram", *, wait_s: float) -> bool:
        return bool(await self._wait(COMMANDS[system], 100, wait_s))

    async def _wait(self, stream: str, count: int, wait_s: float) -> list[str]:
        try:
            return await self._read(stream, count, wait_s)
        except ResponseError as error:
            if "NOGROUP" not in str(error) and "UNBLOCKED" not in str(error):
                self._complain("listening", error)
            if not await self._make_group(stream):
                await asyncio.sleep(min(wait_s, RECONNECT_S))
            return []
        except (TimeoutError, RedisError, OSError) as error:
            self._complain("listening", error)
            await asyncio.sleep(min(wait_s, RECONNECT_S))
            return []

    async def _read(self, stream: str, count: int, wait_s: float) -> list[str]:
        client: Any = self._redis
        # The socket's own time-out must be longer than the block, else every quiet second looks like a fault.
        block_ms = max(1, int(min(wait_s, SOCKET_TIMEOUT_S / 2) * 1000))
        pipe: Any = client.pipeline(transaction=False)
        if heard := self._heard.pop(stream, None):
            pipe.xdel(stream, *heard)
        pipe.xreadgroup(GROUP, self._consumer, {stream: ">"}, count=count, block=block_ms, noack=True)
        answer = (await pipe.execute())[-1]
        self._recover("listening")
        entries = [entry for _name, batch in answer or () for entry in batch]
        if heard and stream == RUNS:
            failpoint("worker.after_ack")
        if entries:
            # They are cleared away with the next read: who is called need not wait for that.
            self._heard[stream] = [entry_id for entry_id, _fields in entries]
            if stream == RUNS:
                failpoint("worker.after_read")
        return [fields[b"id"].decode() for _entry_id, fields in entries]

    async def _make_group(self, stream: str) -> bool:
        """From 0, so that what was rung before the group existed is heard; False when Redis refuses."""
        try:
            await self._redis.xgroup_create(stream, GROUP, id="0", mkstream=True)
        except (RedisError, OSError) as error:
            if "BUSYGROUP" not in str(error):
                self._complain("listening", error)
                return False
        return True

    async def ping(self) -> bool:
        """Whether one could ring now: a small write, because a Redis that is full or read-only still answers PING."""
        try:
            await self._redis.set(PROBE, "1", ex=60)
        except (TimeoutError, RedisError, OSError) as error:
            self._complain("ringing", error)
            return False
        self._silent_until = 0.0
        self._recover("ringing")
        return True

    async def server(self) -> dict[str, Any]:
        """What Redis says of itself (INFO); empty when it does not answer, or not to this user."""
        try:
            client: Any = self._redis
            return await client.info()
        except (TimeoutError, RedisError, OSError) as error:
            self._complain("ringing", error)
            return {}

    def _complain(self, doing: str, error: BaseException) -> None:
        if self.is_well:
            log.warning("doorbell is out of order, polling Postgres instead", doing=doing, error=error)
        self._troubles.add(doing)

    def _recover(self, doing: str) -> None:
        if doing in self._troubles:
            self._troubles.remove(doing)
            log.info("doorbell works again", doing=doing)

    async def close(self) -> None:
        await self._redis.aclose()
