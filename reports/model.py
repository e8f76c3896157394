"""What a report tells, as plain facts with times in UTC: who reads it needs no database and no photo store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Occasion, Viewpoint

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, each 0 to 1 of the photo."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A reading now and, where there is one, at the inspection it is compared with, in ``unit`` (km, percent)."""

    topic: str
    verdict: str
    unit: str | None = None
    now: float | None = None
    before: float | None = None
    missing: tuple[str, ...] = ()
    """Of the kit."""
    levels: tuple[tuple[str, str], ...] = ()
    """Of fluids, each with its name."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A photo on the time line of a damage."""

    at: datetime
    inspection: int
    occasion: Occasion
    person: str


@dataclass(frozen=True, slots=True)
class Rent:
    """Who had the car between two photos."""

    number: int | None
    client: str | None
    is_technical: bool
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Story:
    """From the last clean photo to the first damaged one."""

    last_clean: Moment | None
    first_damaged: Moment
    rents: tuple[Rent, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place. ``kind``, ``part``, ``severity`` are what counts: a person's word, where there is one.

    ``machine`` is what the model said where a person saw it differently. ``picture`` and ``close_up`` name pictures.
    """

    number: int
    state: FindingState
    kind: DamageKind
    part: Part
    severity: Severity
    cost_gel: int | None = None
    is_by_machine: bool = True
    confidence: float | None = None
    machine: tuple[DamageKind, Part, Severity] | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    viewpoint: Viewpoint | None = None
    box: Box | None = None
    picture: str | None = None
    close_up: str | None = None
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class KnownDamage:
    """Confirmed at an earlier inspection and not repaired."""

    kind: DamageKind
    part: Part
    severity: Severity
    since: datetime
    inspection: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One side before and after; either may be missing. The names are of pictures."""

    viewpoint: Viewpoint
    after: str | None
    after_at: datetime | None
    before: str | None = None
    before_at: datetime | None = None
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A step that was not answered. ``reason`` is a key of the words, or what the person wrote."""

    step: str
    reason: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """One original as the chain vouches for it."""

    ordinal: int
    viewpoint: Viewpoint
    state: str
    sha256: str
    chain_hash: str
    taken_at: datetime | None
    received_at: datetime
    person: str
    chat_id: int
    message_id: int
    flags: tuple[str, ...] = ()


class ChainState(StrEnum):
    WHOLE = "whole"
    BROKEN = "broken"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Ability:
    """One class of the detector as its card measures it; None: not measured."""

    kind: DamageKind
    is_advertised: bool
    ap50: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Machine:
    """What looked at the photos. ``model`` of None: no model did, people looked at every photo."""

    model: str | None
    abilities: tuple[Ability, ...] = ()
    licence: str | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page says. ``pictures`` are working copies (JPEG) by name."""

    number: int
    occasion: Occasion
    car: str
    plate: str | None
    branch: str | None
    zone: ZoneInfo
    opened_at: datetime
    submitted_at: datetime | None
    inspector: str
    made_at: datetime
    booking: int | None = None
    client: str | None = None
    before_number: int | None = None
    before_at: datetime | None = None
    reviewer: str | None = None
    reviewed_at: datetime | None = None
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    known: tuple[KnownDamage, ...] = ()
    pairs: tuple[Pair, ...] = ()
    more: tuple[Pair, ...] = ()
    """Instruments, trunk, interior, document: no comparison is drawn on them."""
    skipped: tuple[Skipped, ...] = ()
    proofs: tuple[Proof, ...] = ()
    chain: ChainState = ChainState.EMPTY
    chain_end: str | None = None
    chain_broken_at: int | None = None
    machine: Machine = field(default_factory=lambda: Machine(None))
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    @property
    def new_damage(self) -> tuple[Finding, ...]:
        return self._in(FindingState.NEW)

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Nobody has decided about them yet."""
        return self._in(FindingState.PROPOSED, FindingState.NEED_PHOTO)

    @property
    def set_aside(self) -> tuple[Finding, ...]:
        """A person saw them and said: known, or no damage."""
        return self._in(FindingState.KNOWN, FindingState.NOT_DAMAGE)

    def _in(self, *states: FindingState) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.state in states)
