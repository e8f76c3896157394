"""What flows through the fault proxy, read just far enough to find a request in it and the end of its answer."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104
ENDS_A_ROUND = (b"Q", b"S", b"F")
"""Query, Sync and FunctionCall: the server answers each with one ReadyForQuery."""
READY_FOR_QUERY = b"Z"


class Request(NamedTuple):
    """``raw`` goes on as it is; ``round`` says which answer belongs to it.

    Patterns are looked for in ``text``, whose first ``seen`` bytes came with an earlier request.
    """

    raw: bytes
    text: bytes
    round: int
    seen: int = 0

    def holds(self, pattern: bytes) -> bool:
        """Whether the pattern ends in this request, wherever it began."""
        return self.text.find(pattern, max(0, self.seen - len(pattern) + 1)) >= 0


class Talk(Protocol):
    def requests(self, chunk: bytes) -> Iterator[Request]:
        """What became complete with these bytes of the client."""
        ...

    def rounds_answered(self, chunk: bytes) -> int:
        """How many rounds the server has answered with these bytes."""
        ...


class PlainTalk:
    """Bytes as they come (Redis, HTTP). The last ones are kept, so that a pattern split over two chunks is found."""

    LONGEST_PATTERN = 256

    def __init__(self) -> None:
        self._before = b""
        self._answers = 0

    def requests(self, chunk: bytes) -> Iterator[Request]:
        before, text = self._before, self._before + chunk
        self._before = text[-self.LONGEST_PATTERN :]
        yield Request(chunk, text, self._answers + 1, seen=len(before))

    def rounds_answered(self, chunk: bytes) -> int:
        """The first bytes that come back are the answer."""
        self._answers += 1
        return self._answers


class PostgresTalk:
    """Messages of PostgreSQL's protocol 3. The text of one is its SQL, also when it binds a statement named before.

    Parameters are not looked at: a client who writes COMMIT in a chat commits nothing.
    """

    def __init__(self) -> None:
        self._sent = b""
        self._received = b""
        self._has_started = False
        self._statements: dict[bytes, bytes] = {}
        self._letters_due = 0
        self._asked = 0
        self._answered = 0

    def requests(self, chunk: bytes) -> Iterator[Request]:
        self._sent += chunk
        while (raw := self._next_sent()) is not None:
            yield self._read(raw) if self._has_started else self._open(raw)

    def _next_sent(self) -> bytes | None:
        """The opening messages have no letter before their length."""
        raw, self._sent = _split(self._sent, letters=1 if self._has_started else 0)
        return raw

    def _open(self, raw: bytes) -> Request:
        code = int.from_bytes(raw[4:8])
        if code in (SSL_REQUEST, GSS_REQUEST):
            self._letters_due += 1
        else:
            self._has_started = True
            self._asked = 1  # the server says that it is ready once more than it was asked
        return Request(raw, b"", self._asked)

    def _read(self, raw: bytes) -> Request:
        request = Request(raw, self._sql(raw[:1], raw[5:]), self._asked + 1)
        if raw[:1] in ENDS_A_ROUND:
            self._asked += 1
        return request

    def _sql(self, kind: bytes, body: bytes) -> bytes:
        match kind:
            case b"Q":
                return body
            case b"P":
                name, sql, _types = body.split(b"\0", 2)
                self._statements[name] = sql
                return sql
            case b"B":
                return self._statements.get(body.split(b"\0", 2)[1], b"")
            case _:
                return b""

    def rounds_answered(self, chunk: bytes) -> int:
        self._received += chunk
        while self._letters_due and self._received:
            self._received, self._letters_due = self._received[1:], self._letters_due - 1
        while True:
            raw, self._received = _split(self._received, letters=1)
            if raw is None:
                return self._answered
            self._answered += raw[:1] == READY_FOR_QUERY


def talk_of(first: bytes) -> Talk:
    """A Postgres client begins with the length of a short message, so with a zero; nobody else here does."""
    return PostgresTalk() if first.startswith(b"\0") else PlainTalk()


def _split(stream: bytes, *, letters: int) -> tuple[bytes | None, bytes]:
    """The first whole message and the rest; its length counts itself but not the letter before it."""
    head = letters + 4
    size = int.from_bytes(stream[letters:head]) + letters
    if len(stream) < head or len(stream) < size:
        return None, stream
    return stream[:size], stream[size:]
