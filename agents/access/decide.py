"""The rules of letting in and of changing a role: pure, on rights read in the transaction that writes."""

from enum import StrEnum

from core.roles import Role
from db.queries.people import AccessRequest, Person


class Verdict(StrEnum):
    """``ALREADY``: somebody decided before. ``NOT_YOURS``: this person may not decide this."""

    HOLDS = "holds"
    ALREADY = "already"
    NOT_YOURS = "not_yours"


def judge_access(
    decider: Person | None, request: AccessRequest | None, role: Role | None, branch: str | None
) -> Verdict:
    """``role`` of None is a refusal, which every decider may give. Nobody decides about themselves."""
    if decider is None or request is None or decider.tg_user_id == request.tg_user_id:
        return Verdict.NOT_YOURS
    if not decider.role.is_at_least(Role.BRANCH_HEAD):
        return Verdict.NOT_YOURS
    if role is not None and not decider.may_give(role, branch):
        return Verdict.NOT_YOURS
    return Verdict.HOLDS if request.state == "asked" else Verdict.ALREADY


def judge_role(decider: Person | None, person: Person | None, role: Role | None) -> Verdict:
    """``role`` of None ends the access. Nothing changes for a person who is gone already."""
    if decider is None or person is None or not decider.may_change(person):
        return Verdict.NOT_YOURS
    if role is None:
        return Verdict.HOLDS
    if role is person.role:
        return Verdict.ALREADY
    return Verdict.HOLDS if decider.may_make(person, role) else Verdict.NOT_YOURS
