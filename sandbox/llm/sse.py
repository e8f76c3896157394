"""Server-sent events: how both providers stream an answer."""

from collections.abc import Iterator
from dataclasses import dataclass

# Long enough that a long answer is no flood, short enough that callers have to put pieces together.
PIECE = 24


@dataclass(frozen=True, slots=True)
class Event:
    data: str
    name: str | None = None

    def as_bytes(self) -> bytes:
        head = f"event: {self.name}\n" if self.name else ""
        return f"{head}data: {self.data}\n\n".encode()


def pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]
