"""Who of the chain is asked for consent: the same answer for whoever shows the card and whoever watches the clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from core.chain import Chain, Colleague, Found, Level
from core.roles import Role
from core.settings import QuoteSettings

_LEVELS = {
    Role.EMPLOYEE: Level.BRANCH_HEAD,
    Role.BRANCH_HEAD: Level.BRANCH_HEAD,
    Role.DIVISION_HEAD: Level.DIVISION_HEAD,
    Role.DIRECTOR: Level.DIRECTOR,
}


def offer_expires_at(quote: QuoteSettings, *, now: datetime) -> datetime:
    """How long a head may consent to an offer: as long as a quote is good, by the clock on the wall.

    Afterwards its prices and dates may be old, and it has to be written anew.
    """
    return now + timedelta(hours=quote.valid_hours)


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
