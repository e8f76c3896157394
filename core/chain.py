"""The chain of people who answer: from the responsible person over the heads up to the director."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from core.roles import Role


class Level(IntEnum):
    """How far a question has climbed (business rules, section 2)."""

    EMPLOYEE = 0
    BRANCH_HEAD = 1
    DIVISION_HEAD = 2
    DIRECTOR = 3


_ROLES = {
    Level.BRANCH_HEAD: Role.BRANCH_HEAD,
    Level.DIVISION_HEAD: Role.DIVISION_HEAD,
    Level.DIRECTOR: Role.DIRECTOR,
}


@dataclass(frozen=True, slots=True)
class Absence:
    """``until`` of None: until somebody says that they are back."""

    since: datetime
    until: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as the chain sees them.

    ``is_working``: approved, active and, where shifts are kept, on shift.
    """

    id: UUID
    role: Role
    branch: str | None = None
    is_working: bool = True
    absences: tuple[Absence, ...] = ()

    def is_here(self, now: datetime) -> bool:
        return self.is_working and not any(absence.covers(now) for absence in self.absences)

    def leaves_after(self, now: datetime) -> datetime | None:
        """When the next absence that is known begins."""
        return min((absence.since for absence in self.absences if absence.since > now), default=None)


@dataclass(frozen=True, slots=True)
class NobodyLeft:
    """Nobody of the chain can be asked: an alarm to the director. ``skipped``: the levels where nobody was found."""

    skipped: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Who is asked. ``skipped``: the levels where nobody could be asked, in the order in which they were tried."""

    person: Colleague
    level: Level
    skipped: tuple[Level, ...] = ()


class Choice(StrEnum):
    """Why a conversation went to somebody; every one is said in the topic."""

    RESPONSIBLE = "responsible"
    SHIFT = "shift"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Assigned:
    """The first holder of a conversation. ``skipped`` is filled only for ``Choice.ABOVE``."""

    person: Colleague
    level: Level
    choice: Choice
    skipped: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """The people who can be asked about one conversation, task or approval of a branch.

    Among equals the first of ``people`` is asked. ``not_asked``: people who may not be asked here, for example who
    asks for the approval.
    """

    branch: str | None
    people: tuple[Colleague, ...]
    not_asked: frozenset[UUID] = frozenset()

    def here(self, person_id: UUID | None, now: datetime) -> Colleague | None:
        """The person, unless unknown, absent or not to be asked."""
        return next((one for one in self.people if one.id == person_id and self._may_ask(one, now)), None)

    def standing(self, person: Colleague) -> Level:
        """The level that a person fills by their role; the head of another branch is an employee here."""
        if person.role is Role.BRANCH_HEAD and person.branch != self.branch:
            return Level.EMPLOYEE
        return next((level for level, role in _ROLES.items() if role is person.role), Level.EMPLOYEE)

    def holder(self, level: Level, *, now: datetime, last: UUID | None = None) -> Found | NobodyLeft:
        """Who is asked at the level or, when nobody can be, at the next one above.

        ``last`` was asked before: nobody is asked twice in a row, nor escalates to themselves.
        At the level of employees only ``assign`` chooses.
        """
        return self.first_of(range(max(level, Level.BRANCH_HEAD), Level.DIRECTOR + 1), now=now, last=last)

    def first_of(self, levels: Iterable[int], *, now: datetime, last: UUID | None = None) -> Found | NobodyLeft:
        """Who is asked first when the levels are tried in this order."""
        skipped: list[Level] = []
        for level in map(Level, levels):
            for person in self.people:
                if self.standing(person) is level and person.id != last and self._may_ask(person, now):
                    return Found(person, level, tuple(skipped))
            skipped.append(level)
        return NobodyLeft(tuple(skipped))

    def assign(
        self, responsible: UUID | None, *, now: datetime, open_conversations: Mapping[UUID, int] | None = None
    ) -> Assigned | NobodyLeft:
        """The booking's responsible person, then the shift of the branch, then the head and those above.

        Of the shift whoever holds the fewest ``open_conversations`` is chosen.
        """
        person = self.here(responsible, now)
        if person is not None:
            return Assigned(person, Level.EMPLOYEE, Choice.RESPONSIBLE)
        shift = [one for one in self.people if self._is_on_shift(one, now)]
        if shift:
            loads = open_conversations or {}
            return Assigned(min(shift, key=lambda one: loads.get(one.id, 0)), Level.EMPLOYEE, Choice.SHIFT)
        above = self.holder(Level.BRANCH_HEAD, now=now)
        if isinstance(above, NobodyLeft):
            return NobodyLeft((Level.EMPLOYEE, *above.skipped))
        return Assigned(above.person, above.level, Choice.ABOVE, (Level.EMPLOYEE, *above.skipped))

    def _is_on_shift(self, person: Colleague, now: datetime) -> bool:
        """Of a client whose branch nobody knows yet every branch is on shift: no branch is guessed for them."""
        is_ours = self.branch is None or person.branch == self.branch
        return is_ours and person.role is Role.EMPLOYEE and self._may_ask(person, now)

    def _may_ask(self, person: Colleague, now: datetime) -> bool:
        return person.id not in self.not_asked and person.is_here(now)
