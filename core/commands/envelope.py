"""The envelope around every command: where it goes, in what order, and what happens when its answer is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.roles import Role


class Repeat(StrEnum):
    """What happens to a command whose answer was lost (state ``unknown``)."""

    SAFE = "safe"  # doing it twice leaves the world as once: edits, deletes, calls with an idempotency key
    MAY_REPEAT = "may_repeat"  # a chat text may rarely appear twice; silence would be worse
    NEVER = "never"  # money and messages to clients: a person looks first


class Priority(IntEnum):
    """Order inside one destination; a lower number goes first (contract page of Telegram, one budget per forum)."""

    ANSWER = 0  # escalations and answers to a person
    CLIENT = 1
    LINE = 2
    CARD = 3
    SEED = 4
    DIGEST = 5


class CommandBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    kind: ClassVar[str]
    system: ClassVar[str]
    repeat: ClassVar[Repeat]


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Somebody has to consent before the command is performed (design, section 4).

    ``shown`` is what the card says: exactly what would be done. ``role`` is the least that may decide, in ``branch``
    where one is given; ``person_id`` narrows it to one. ``beneficiary_id`` may not consent to what they asked for.
    ``origin`` is the stranger's text that led to it. Nobody decides until ``expires_at``: it is not done.
    """

    role: Role
    shown: Mapping[str, str]
    expires_at: datetime
    branch: str | None = None
    person_id: UUID | None = None
    beneficiary_id: UUID | None = None
    origin: str | None = None
    subject: str | None = None
    """Whose topic hears how it ended: ``conversation:…``."""


@dataclass(frozen=True, slots=True)
class NewCommand:
    """A command not recorded yet.

    ``effect_key`` is unique for ever: the same effect is never ordered twice. Of pending commands with one
    ``merge_key`` only the first stays (it will show the newest state anyway).
    """

    body: CommandBody
    destination: str
    effect_key: str
    priority: Priority = Priority.LINE
    merge_key: str | None = None
    not_before: datetime | None = None
    branch: str | None = None
    approval: AskApproval | None = None
    """Without consent it is never performed; such a command merges with no other."""


@dataclass(frozen=True, slots=True)
class Command:
    """A claimed command as its performer sees it. ``is_repeat``: an earlier try may have reached the outside."""

    id: int
    body: CommandBody
    destination: str
    effect_key: str
    priority: Priority
    attempt: int
    is_repeat: bool
    event_id: int | None
    created_at: datetime
