"""What a stranger's connection may cost us: how many there are, how long each step may take, how long a head is.

uvicorn alone waits for ever for headers, for a body and for a reader of its answer, and takes headers of any length.
"""

import asyncio
import resource
from collections import Counter
from dataclasses import dataclass

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from core.log import get_logger

log = get_logger(__name__)

MOST_FILES = 8_192
FILES_OF_OUR_OWN = 256
"""Files that are no visitors: the database's connections, Redis, Telegram, storage."""
TELL_EVERY_S = 60.0
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 19\r\nconnection: close\r\n\r\nheaders too large\r\n"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds are absolute for their step: a byte now and then wins no time."""

    head_s: float = 10.0
    """From the connection, or from the first byte of a later request, to the end of its headers."""
    body_s: float = 15.0
    """From there to the last byte of the request. A door's own deadline (408) comes before."""
    answer_s: float = 60.0
    """From there until the answer is written out, however slowly the other side reads."""
    idle_s: float = 35.0
    """Between two requests; uvicorn's own 30 s say good-bye more politely."""
    linger_s: float = 5.0
    """For the last bytes of a connection that is being closed."""
    sweep_s: float = 0.5
    """How late an end may come."""
    head_bytes: int = 32_768
    head_fields: int = 100
    request_bytes: int = 4_194_304
    """Of one request in all, whatever becomes of it. A door's own limit (413) comes before."""
    connections: int = 2_000
    connections_of_peer: int = 1_000
    """A proxy in front of us is one peer, so this is only less than everything."""


class Crowd:
    """All connections of one server. In ``waiting`` stand those where the other side has the word, longest first.

    Where there is no room, whoever keeps us waiting longest goes; only if we keep everybody waiting, the newcomer does.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.room = min(limits.connections, _files() - FILES_OF_OUR_OWN)
        self.all: set[GuardedProtocol] = set()
        self.waiting: dict[GuardedProtocol, None] = {}
        self.peers: Counter[str] = Counter()
        self.cut: Counter[str] = Counter()
        self._told_at = 0.0

    def enter(self, newcomer: "GuardedProtocol") -> bool:
        is_full = len(self.all) >= self.room
        is_one_peer = self.peers[newcomer.peer] >= self.limits.connections_of_peer
        if is_full or is_one_peer:
            victim = next((one for one in self.waiting if is_full or one.peer == newcomer.peer), None)
            if victim is None:
                self.cut["no room"] += 1
                return False
            self.cut["made room"] += 1
            victim.cut_off()
        self.all.add(newcomer)
        self.peers[newcomer.peer] += 1
        return True

    def leave(self, one: "GuardedProtocol") -> None:
        self.waiting.pop(one, None)
        if one in self.all:
            self.all.remove(one)
            self.peers[one.peer] -= 1
            if not self.peers[one.peer]:
                del self.peers[one.peer]

    async def sweep(self) -> None:
        """End what is late, for ever. One look over all costs less than a timer for each step of each request."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.limits.sweep_s)
            now = loop.time()
            for one in [one for one in self.all if one.due_at <= now]:
                one.end_late(now)
            if self.cut and now - self._told_at > TELL_EVERY_S:
                log.warning("connections cut off", open=len(self.all), **self.cut)
                self._told_at = now
                self.cut.clear()


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's own, with an end to each step and to each length."""

    def __init__(
        self,
        crowd: Crowd,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._crowd = crowd
        self._limits = crowd.limits
        self.peer = ""
        self.due_at = float("inf")
        self._step = ""
        self._is_in_head = True
        self._is_in_request = False
        self._begins_request = False
        self._open_answers = 0
        self._received = 0
        self._head_bytes = 0
        self._fields_bytes = 0
        self._is_head_too_large = False

    # -- what a connection goes through -----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as in uvicorn
        super().connection_made(transport)
        self.peer = self.client[0] if self.client is not None else ""
        if not self._crowd.enter(self):
            transport.abort()
            return
        self._wait_for("head", self._limits.head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        self._head_bytes += len(data)
        self._begins_request = not self._is_in_request
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._is_in_head and self._head_bytes > self._limits.head_bytes:
            self._is_head_too_large = True
            self.send_400_response("")
        elif self._received > self._limits.request_bytes:
            self.cut_off("too large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self._begins_request:  # what this piece began with belongs to the request before
            self._head_bytes = 0
        self._begins_request = False
        self._received = self._fields_bytes = 0
        self._is_in_head, self._is_in_request = True, True
        self._wait_for("request", self._limits.head_s)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._check_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._check_head(len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self.due_at = self.loop.time() + self._limits.body_s
        self._open_answers += 1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_in_request = False
        self._head_bytes = 0
        self._next_step()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._open_answers -= 1
        self._next_step()

    def send_400_response(self, msg: str) -> None:
        if self._is_head_too_large:
            self._crowd.cut["headers too large"] += 1
            self.transport.write(_TOO_LARGE)
            self.transport.close()
        else:
            super().send_400_response(msg)
        self._next_step()

    # -- limits -----------------------------------------------------------------------------------------------------

    def cut_off(self, why: str = "") -> None:
        """Without a word: whoever kept us waiting would keep us waiting for reading it, too."""
        if why:
            self._crowd.cut[why] += 1
        self._crowd.leave(self)
        self.transport.abort()

    def end_late(self, now: float) -> None:
        is_ours = self._step == "request" and self.flow.read_paused
        if is_ours:  # the answer before this one is not out yet, so nothing of it is read
            self.due_at = now + self._limits.body_s
        else:
            self.cut_off(f"late in {self._step}")

    def _check_head(self, size: int) -> None:
        """Raised inside the parser, so that the request is never begun; trailers of a body count as well."""
        self._fields_bytes += size
        if self._fields_bytes > self._limits.head_bytes or len(self.headers) > self._limits.head_fields:
            self._is_head_too_large = True
            raise httptools.HttpParserError("the head is too large")

    def _next_step(self) -> None:
        """Who has the word now: the other side, or we."""
        if self.transport.is_closing():
            self._wait_for("closing", self._limits.linger_s)
        elif self._is_in_request:
            return
        elif self._open_answers:
            self._step = "answer"
            self.due_at = self.loop.time() + self._limits.answer_s
            self._crowd.waiting.pop(self, None)
        else:
            self._wait_for("idleness", self._limits.idle_s)

    def _wait_for(self, step: str, seconds: float) -> None:
        self._step = step
        self.due_at = self.loop.time() + seconds
        self._crowd.waiting.pop(self, None)
        self._crowd.waiting[self] = None


def _files() -> int:
    """How many files this process may open, after asking for more than the few that a shell is given."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return MOST_FILES if soft == resource.RLIM_INFINITY else soft
