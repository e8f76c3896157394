"""Who of the chain is asked for consent: the same answer for whoever shows the card and whoever watches the clock."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core.chain import Chain, Colleague, Found, Level
from core.roles import Role

_LEVELS = {
    Role.EMPLOYEE: Level.BRANCH_HEAD,
    Role.BRANCH_HEAD: Level.BRANCH_HEAD,
    Role.DIVISION_HEAD: Level.DIVISION_HEAD,
    Role.DIRECTOR: Level.DIRECTOR,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose consent: ``role`` is the least, ``person_id`` narrows it to one, ``beneficiary_id`` may not consent."""

    role: Role
    person_id: UUID | None = None
    beneficiary_id: UUID | None = None

    @property
    def level(self) -> Level:
        """Where the asking begins. An administrator stands beside the chain."""
        return _LEVELS.get(self.role, Level.DIRECTOR)

    def of(self, people: Chain) -> Chain:
        """Those of the chain who may be asked."""
        if self.role is Role.ADMIN:
            return replace(people, people=())
        named = tuple(one for one in people.people if self.person_id in {None, one.id})
        return replace(people, people=named, not_asked=people.not_asked | ({self.beneficiary_id} - {None}))

    def first(self, people: Chain, now: datetime) -> Colleague | None:
        """The named person, else the lowest of the chain who is there; None where nobody is."""
        asked = self.of(people)
        if self.person_id is not None:
            return asked.here(self.person_id, now)
        found = asked.holder(self.level, now=now)
        return found.person if isinstance(found, Found) else None
