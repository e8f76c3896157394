"""Whether a press ends an approval: pure, on rights and rows read in the transaction that writes (promise G9)."""

from datetime import datetime
from enum import StrEnum

from core.roles import Role
from db.queries.approvals import Approval
from db.queries.people import Person


class Verdict(StrEnum):
    """What becomes of a press.

    ``ALREADY``: it is over. ``NOT_YOURS``: this person may not decide this. ``OWN``: nobody consents to what they asked
    for themselves. ``EXPIRED``: too late. ``CHANGED``: the command would do something else than was shown.
    """

    RELEASED = "released"
    REFUSED = "refused"
    ALREADY = "already"
    NOT_YOURS = "not_yours"
    OWN = "own"
    EXPIRED = "expired"
    CHANGED = "changed"


def judge(approval: Approval, presser: Person | None, *, is_granted: bool, now: datetime) -> Verdict:
    if presser is None or not may_decide(presser, approval):
        return Verdict.NOT_YOURS
    if approval.state != "asked" or approval.command_state != "awaiting_approval":
        return Verdict.ALREADY
    if now >= approval.expires_at:
        return Verdict.EXPIRED
    if not is_granted:
        return Verdict.REFUSED
    if presser.id == approval.beneficiary_id:
        return Verdict.OWN
    return Verdict.RELEASED if approval.is_as_shown else Verdict.CHANGED


def may_decide(person: Person, approval: Approval) -> bool:
    """The role, the branch and, where one is named, the person. Those above the branches decide for all."""
    if approval.person_id is not None and person.id != approval.person_id:
        return False
    if not person.role.is_at_least(approval.role):
        return False
    is_above = person.role.is_at_least(Role.DIVISION_HEAD)
    return is_above or approval.branch is None or person.branch == approval.branch
