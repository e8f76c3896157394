"""What is in the database after a case: the rows a grader looks at, and nothing else."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SentOrder:
    """An order that would have written to a client."""

    conversation_id: UUID
    message_id: UUID
    text_hash: str


@dataclass(frozen=True, slots=True)
class Seen:
    """``message`` is the message of the case with its ``state``, ``words`` and ``client_words``.

    ``drafts`` and ``tasks`` are rows, ``tools`` the names of those the model really used.
    """

    conversation_id: UUID | None = None
    message_id: UUID | None = None
    state: str = ""
    translation: str | None = None
    client_hash: str = ""
    orders: tuple[SentOrder, ...] = ()
    drafts: tuple[dict[str, Any], ...] = ()
    tasks: tuple[dict[str, Any], ...] = ()
    tools: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of one case: what was wrong, nothing when it passed; and what it cost."""

    case_id: str
    failures: tuple[str, ...]
    usd: Decimal = Decimal(0)
    is_price_known: bool = True
    tokens: int = 0
    seconds: float = 0.0
    seen: Seen = field(default_factory=Seen)

    @property
    def is_passed(self) -> bool:
        return not self.failures
