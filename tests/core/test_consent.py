"""Whose consent is asked for, and for how long."""

from datetime import UTC, datetime, timedelta

from core.chain import Chain, Colleague
from core.consent import Wanted, offer_expires_at
from core.ids import new_id
from core.roles import Role
from core.settings import QuoteSettings

NOW = datetime(2026, 3, 2, 23, tzinfo=UTC)
HEAD = Colleague(new_id(), Role.BRANCH_HEAD, "harbour")
DIRECTOR = Colleague(new_id(), Role.DIRECTOR)


def test_an_offer_may_be_consented_to_as_long_as_a_quote_is_good_also_at_night() -> None:
    assert offer_expires_at(QuoteSettings(valid_hours=12), now=NOW) == NOW + timedelta(hours=12)


def test_the_head_of_the_branch_is_asked_first_and_never_about_their_own_wish() -> None:
    people = Chain("harbour", (HEAD, DIRECTOR))
    assert Wanted(Role.BRANCH_HEAD).first(people, NOW) == HEAD
    assert Wanted(Role.BRANCH_HEAD, beneficiary_id=HEAD.id).first(people, NOW) == DIRECTOR


def test_an_administrator_stands_beside_the_chain() -> None:
    assert Wanted(Role.ADMIN).first(Chain("harbour", (HEAD, DIRECTOR)), NOW) is None
