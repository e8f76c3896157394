"""What a run of the damage agent found, carried from ``run`` to ``save``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from agents.damage.look import Looked
from agents.kit.record import Record
from agents.spec import Deps
from core.settings import DamageSettings, HoursSettings
from db.queries.findings import NewFinding


@dataclass(frozen=True, slots=True)
class Frame:
    """The moment and the settings by which it is decided."""

    now: datetime
    damage: DamageSettings
    hours: HoursSettings

    @classmethod
    def of(cls, deps: Deps) -> Self:
        return cls(deps.clock.now(), deps.settings.damage, deps.settings.hours)


@dataclass(frozen=True, slots=True)
class Seen:
    """One photo was looked at; None: it could not be, or there are no weights."""

    frame: Frame
    looked: Looked | None


@dataclass(frozen=True, slots=True)
class Pair:
    photo_id: UUID
    before_photo_id: UUID
    pair_key: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """``numbered``: how many findings there were before these. ``findings``: in the order they are shown."""

    frame: Frame
    numbered: int
    looked: tuple[Looked, ...] = ()
    pairs: tuple[Pair, ...] = ()
    findings: tuple[NewFinding, ...] = ()
    is_seen_by_machine: bool = False
    records: tuple[Record, ...] = ()
    note: str | None = None
