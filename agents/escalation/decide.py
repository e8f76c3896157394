"""Who is asked next about what nobody answered: pure rules (business rules 2; owner's decisions, section 5).

The same function plans the next look and checks again at the moment of sending: an answer that came meanwhile
turns whatever was due into ``Nothing``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from core import chain
from core.chain import Chain, Colleague, Found, Level
from core.hours import QuietHours, WorkingHours

LOOK_AGAIN = timedelta(minutes=15)
"""After an alarm that nobody is left: how soon it is seen that somebody is back."""


class WaitKind(StrEnum):
    CONVERSATION = "conversation"
    TASK = "task"
    APPROVAL = "approval"
    INSPECTION = "inspection"
    """Of a car, at a hand-over or return."""
    REVIEW = "review"
    """Of what an inspection found."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which we wait for the client, or a snooze; ``until`` of None: it still lasts."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody must answer.

    ``since``: when the client wrote, the task or the inspection fell due, the approval or the review was asked.
    ``level``: how far it has climbed.
    ``answered_at``: the last answer of a person, also one before ``since``. ``is_reminded``: the reminder of the holder
    was told, or overtaken by a move. ``is_alarmed``: the director knows that nobody was left.
    """

    kind: WaitKind
    since: datetime
    holder: UUID | None
    level: Level = Level.EMPLOYEE
    pauses: tuple[Pause, ...] = ()
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    is_reminded: bool = False
    is_alarmed: bool = False
    is_critical: bool = False

    def is_over(self) -> bool:
        """An answer of the same second may still be one to the message before: asking once too often is better."""
        return self.closed_at is not None or (self.answered_at is not None and self.answered_at > self.since)


@dataclass(frozen=True, slots=True)
class Steps:
    """Working time from the start of a wait to the reminder of its holder and to each level above."""

    remind: timedelta
    climb: Mapping[Level, timedelta]

    def __post_init__(self) -> None:
        times = [self.remind, *(self.climb[level] for level in sorted(self.climb))]
        if times[0] < timedelta(0) or any(later <= sooner for sooner, later in pairwise(times)):
            raise ValueError("each step of an escalation comes later than the one before")

    @classmethod
    def of_minutes(
        cls, employee: float, branch_head: float, division_head: float, director: float | None = None
    ) -> "Steps":
        minutes = {Level.BRANCH_HEAD: branch_head, Level.DIVISION_HEAD: division_head, Level.DIRECTOR: director}
        climb = {level: timedelta(minutes=after) for level, after in minutes.items() if after is not None}
        return cls(timedelta(minutes=employee), climb)


CHAT_STEPS = Steps.of_minutes(5, 10, 20, 40)
TASK_STEPS = Steps.of_minutes(0, 60, 1440)
INSPECTION_STEPS = Steps.of_minutes(15, 30, 60, 120)
DEFAULT_STEPS = {
    WaitKind.CONVERSATION: CHAT_STEPS,
    WaitKind.TASK: TASK_STEPS,
    WaitKind.APPROVAL: CHAT_STEPS,  # the owner's decisions name no minutes for approvals
    WaitKind.INSPECTION: INSPECTION_STEPS,
    WaitKind.REVIEW: INSPECTION_STEPS,  # nor for reviews
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a branch: its hours, the quiet hours of its people, the steps of each kind of wait."""

    hours: WorkingHours
    quiet: QuietHours
    steps: Mapping[WaitKind, Steps]


class Reason(StrEnum):
    SILENT = "silent"
    """The time of a step has passed without an answer."""
    ABSENT = "absent"
    """Who should answer is away or unknown."""


@dataclass(frozen=True, slots=True)
class Why:
    """What the topic is told.

    ``waited``: working time without an answer. ``skipped``: levels where nobody could be asked. ``missed``: levels
    whose turn went by while Jarvis did not look (a long downtime); they were never asked.
    """

    reason: Reason
    waited: timedelta
    skipped: tuple[Level, ...] = ()
    missed: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to tell. ``until``: look again then; None: only an event changes it."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remind:
    holder: Colleague


@dataclass(frozen=True, slots=True)
class Move:
    """``to`` is asked now and owns the wait; ``from_holder`` sees it too."""

    to: Colleague
    level: Level
    from_holder: UUID | None
    why: Why


@dataclass(frozen=True, slots=True)
class NobodyLeft:
    """An alarm to the director: a step is due and nobody of the chain can be asked."""

    why: Why


Decision = Nothing | Remind | Move | NobodyLeft


def decide(wait: Wait, people: Chain, rules: Rules, now: datetime) -> Decision:
    """What is told now; ask again with the state of the moment right before it is sent."""
    now = now.astimezone(UTC)
    if wait.is_over():
        return Nothing()
    pause = _pause_at(wait, now)
    if pause is not None:
        return Nothing(pause.until)
    wanted = _wanted(wait, people, rules, now)
    if isinstance(wanted, Nothing):
        return wanted
    allowed = rules.quiet.next_allowed(now, is_critical=wait.is_critical)
    return wanted if allowed == now else Nothing(allowed)


def told(wait: Wait, decision: Decision) -> Wait:
    """The wait after its decision was carried out, so that no step is told twice."""
    match decision:
        case Move():
            return replace(wait, holder=decision.to.id, level=decision.level, is_reminded=True)
        case Remind():
            return replace(wait, is_reminded=True)
        case NobodyLeft():
            return replace(wait, is_alarmed=True)
        case Nothing():
            return wait


def waited(wait: Wait, hours: WorkingHours, now: datetime) -> timedelta:
    """Working time since the start, without the pauses."""
    return sum((hours.working_time_between(start, end) for start, end in _stretches(wait, now)), timedelta(0))


def _wanted(wait: Wait, people: Chain, rules: Rules, now: datetime) -> Decision:
    """What is due by the clock of the branch, quiet hours apart."""
    steps = rules.steps[wait.kind]
    holder = people.here(wait.holder, now)
    if holder is None:
        return _leave(wait, people, rules, now)
    standing = max(wait.level, people.standing(holder))
    due = [level for level, after in steps.climb.items() if level > standing and _is_due(wait, after, rules.hours, now)]
    if due:
        levels = [*range(max(due), Level.DIRECTOR + 1), *range(max(due) - 1, standing, -1)]
        found = people.first_of(levels, now=now, last=wait.holder)
        why = Why(Reason.SILENT, waited(wait, rules.hours, now))
        if isinstance(found, Found):
            return _move(wait, found, standing, why)
        if not wait.is_alarmed:
            return _nobody_left(found, why)
        return Nothing(now + LOOK_AGAIN) if wait.is_reminded else Remind(holder)
    if not wait.is_reminded and _is_due(wait, steps.remind, rules.hours, now):
        return Remind(holder)
    later = [after for level, after in steps.climb.items() if level > standing]
    later += [] if wait.is_reminded else [steps.remind]
    # Further pauses would only make it later: looking too soon is harmless.
    looks = (
        [rules.hours.after_working(max(now, wait.since), min(later) - waited(wait, rules.hours, now))] if later else []
    )
    leaves = holder.leaves_after(now)
    return Nothing(min([*looks, *([leaves] if leaves else [])], default=None))


def _leave(wait: Wait, people: Chain, rules: Rules, now: datetime) -> Decision:
    """The holder is away or unknown: the next of the chain at once, while the branch works."""
    begins = rules.hours.next_working(max(now, wait.since))
    if begins > now:
        return Nothing(begins)
    steps = rules.steps[wait.kind]
    due = [level for level, after in steps.climb.items() if _is_due(wait, after, rules.hours, now)]
    lowest = max(wait.level, Level.BRANCH_HEAD)
    first = max([lowest, *due])
    levels = [*range(first, Level.DIRECTOR + 1), *range(first - 1, lowest - 1, -1)]
    found = people.first_of(levels, now=now, last=wait.holder)
    why = Why(Reason.ABSENT, waited(wait, rules.hours, now))
    if isinstance(found, Found):
        return _move(wait, found, wait.level, why)
    return Nothing(now + LOOK_AGAIN) if wait.is_alarmed else _nobody_left(found, why)


def _move(wait: Wait, found: Found, standing: Level, why: Why) -> Move:
    between = [Level(level) for level in range(standing + 1, found.level)]
    missed = tuple(level for level in between if level not in found.skipped)
    why = replace(why, skipped=tuple(sorted(found.skipped)), missed=missed)
    return Move(found.person, found.level, wait.holder, why)


def _nobody_left(nobody: chain.NobodyLeft, why: Why) -> NobodyLeft:
    return NobodyLeft(replace(why, skipped=tuple(sorted(nobody.skipped))))


def _is_due(wait: Wait, after: timedelta, hours: WorkingHours, now: datetime) -> bool:
    """A step of no minutes waits for the opening: its clock has not begun while the branch is closed."""
    if after > timedelta(0):
        return waited(wait, hours, now) >= after
    return any(hours.next_working(start) <= now for start, _ in _stretches(wait, now))


def _pause_at(wait: Wait, now: datetime) -> Pause | None:
    """Of the pauses that last now the one that ends last; without an end is the latest."""
    lasting = [pause for pause in wait.pauses if pause.since <= now and (pause.until is None or now < pause.until)]
    endless = next((pause for pause in lasting if pause.until is None), None)
    return endless or max(lasting, key=lambda pause: pause.until or now, default=None)


def _stretches(wait: Wait, now: datetime) -> list[tuple[datetime, datetime]]:
    """The time from the start until now in pieces between the pauses; pauses may touch and overlap."""
    start = wait.since
    begun = [pause for pause in wait.pauses if pause.since <= now]
    pieces: list[tuple[datetime, datetime]] = []
    for pause in sorted(begun, key=lambda pause: pause.since):
        if start < pause.since:
            pieces.append((start, pause.since))
        start = max(start, pause.until or now)
    return [*pieces, (start, now)] if start <= now else pieces
