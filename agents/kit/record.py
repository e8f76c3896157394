"""The record of one question for the ``runs`` row: what was asked of whom, how long it took and what it cost."""

import hashlib
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class ToolCall:
    """A tool that ran. ``error`` is the name of a class: a message might repeat what a client wrote."""

    name: str
    arguments: dict[str, Any]
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a provider; ``error`` is the name of a class or None."""

    provider: str
    model: str
    seconds: float
    error: str | None = None


@dataclass(slots=True)
class Record:
    """Written while the question is asked, whole when ``ask`` returns; also what failed is in it.

    ``model`` is what the last response was really made by, ``cost`` is in US dollars. ``price_unknown`` means that
    ``cost`` holds an assumed price: somebody has to be told.
    """

    prompt_hash: str
    model: str | None = None
    tools: list[ToolCall] = field(default_factory=list[ToolCall])
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    requests: int = 0
    """Calls that were answered."""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal = Decimal(0)
    price_unknown: bool = False
    errors: list[str] = field(default_factory=list[str])
    """Names of the classes of what went wrong outside single calls."""

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def tools_as_json(self) -> list[dict[str, Any]]:
        """For the ``tools`` column."""
        return [asdict(call) for call in self.tools]


def hash_of(prompt: str) -> str:
    """Tells one prompt from another without keeping it: it may hold what the agent knows of a client."""
    return hashlib.sha256(prompt.encode()).hexdigest()[:16]
