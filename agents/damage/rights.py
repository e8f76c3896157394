"""Who may decide about a finding, end a review, or hold a car: pure, on rows read in the transaction that writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.inspection.damage import FindingState, Severity
from core.roles import Role
from core.settings import DamageSettings
from db.queries.findings import Finding
from db.queries.inspections import Inspection
from db.queries.people import Person

OVER = ("reviewed", "cancelled")
"""States of an inspection in which nothing is decided any more."""


class Verdict(StrEnum):
    """What becomes of a press.

    ``TAKEN``: somebody decided otherwise, whom the presser may not overrule. ``TOO_LATE``:
    the review is finished. ``NOT_YOURS``: a higher role decides. ``NOBODY``: no member of staff pressed it.
    """

    DONE = "done"
    TAKEN = "taken"
    TOO_LATE = "too_late"
    NOT_YOURS = "not_yours"
    NOBODY = "nobody"


def verifier(finding: Finding, wanted: Severity | None, settings: DamageSettings) -> Role:
    """The least role that decides: by the worst of what was said first, what stands now, and what is wanted.

    So nobody makes a severe finding light in order to be allowed to decide about it.
    """
    return settings.verifier(max(finding.severity, finding.severity_now, wanted or Severity.COSMETIC))


def may_verify(person: Person, role: Role, branch: str | None) -> bool:
    """The role, and the branch: those above the branches decide for all."""
    return person.role.is_at_least(role) and person.decides_for(branch)


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody wants a finding to be so. ``decider`` is who decided about it before, with the role they have now."""

    presser: Person | None
    state: FindingState
    severity: Severity | None
    decider: Person | None = None


def judge_decision(finding: Finding, inspection: Inspection, press: Press, settings: DamageSettings) -> Verdict:
    presser = press.presser
    if presser is None:
        return Verdict.NOBODY
    if inspection.state in OVER:
        return Verdict.TOO_LATE
    # A better photo may be asked for by everybody who works here: nothing is decided by it.
    is_question = press.state is FindingState.NEED_PHOTO and finding.is_open
    if not is_question and not may_verify(presser, verifier(finding, press.severity, settings), inspection.branch):
        return Verdict.NOT_YOURS
    return Verdict.TAKEN if _is_settled(finding, press, presser) else Verdict.DONE


def _is_settled(finding: Finding, press: Press, presser: Person) -> bool:
    """The first of two who press at once decides; they may think better of it, and a higher role may overrule them."""
    if finding.is_open or finding.decided_by in {None, presser.id} or press.state is finding.state:
        return False
    decider = press.decider
    return decider is not None and decider.role.is_at_least(presser.role)


def role_to_review(
    person: Person,
    findings: Sequence[Finding],
    branch: str | None,
    settings: DamageSettings,
    *,
    is_blocked: bool = False,
) -> Role | None:
    """None where they may end the review; else the least role that may.

    Where nothing new was found anybody of the staff who looked may say so: nothing follows from it but their name.
    ``is_blocked``: fuel is missing, and only a head closes the operation all the same (business rules, section 8).
    """
    confirmed = [one.severity_now for one in findings if one.state is FindingState.NEW]
    roles = [settings.verifier(max(confirmed))] if confirmed else []
    if is_blocked:
        roles.append(Role.BRANCH_HEAD)
    return next((role for role in roles if not may_verify(person, role, branch)), None)


def role_to_hold(severity: Severity, settings: DamageSettings, *, is_held: bool) -> Role:
    """A head may keep a car back; to let one go takes whoever may confirm such a damage."""
    return Role.BRANCH_HEAD if is_held else settings.verifier(severity)
