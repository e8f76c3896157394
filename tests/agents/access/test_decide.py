"""Who may let in whom, and who may change whose role."""

from datetime import UTC, datetime

import pytest

from agents.access.decide import Verdict, judge_access, judge_role
from core.ids import new_id
from core.roles import Role
from db.queries.people import AccessRequest, Person

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def person(role, branch=None, tg_user_id=1):
    return Person(new_id(), "Name", Role(role), branch, tg_user_id, None, "ru", NOW)


def request(state="asked"):
    return AccessRequest(9, "Name", None, "ru", state, NOW, None, None)


@pytest.mark.parametrize(
    ("decider", "role", "branch", "verdict"),
    [
        (("branch_head", "batumi"), "employee", "batumi", Verdict.HOLDS),
        (("branch_head", "batumi"), None, None, Verdict.HOLDS),
        (("branch_head", "batumi"), "employee", "tbilisi", Verdict.NOT_YOURS),
        (("branch_head", "batumi"), "employee", None, Verdict.NOT_YOURS),
        (("branch_head", "batumi"), "branch_head", "batumi", Verdict.NOT_YOURS),
        (("branch_head", None), "employee", "batumi", Verdict.NOT_YOURS),
        (("employee", "batumi"), "employee", "batumi", Verdict.NOT_YOURS),
        (("employee", "batumi"), None, None, Verdict.NOT_YOURS),
        (("division_head", None), "branch_head", "batumi", Verdict.HOLDS),
        (("division_head", None), "division_head", None, Verdict.NOT_YOURS),
        (("division_head", None), "director", None, Verdict.NOT_YOURS),
        (("director", None), "division_head", None, Verdict.HOLDS),
        (("director", None), "division_head", "batumi", Verdict.NOT_YOURS),
        (("admin", None), "director", None, Verdict.HOLDS),
        (("admin", None), "admin", None, Verdict.NOT_YOURS),
    ],
)
def test_a_role_is_given_only_below_ones_own_and_only_where_one_leads(decider, role, branch, verdict):
    given = None if role is None else Role(role)
    assert judge_access(person(*decider), request(), given, branch) is verdict


@pytest.mark.parametrize("state", ["approved", "refused"])
def test_a_second_decision_comes_too_late(state):
    assert judge_access(person("admin"), request(state), Role.DIRECTOR, None) is Verdict.ALREADY


def test_nobody_lets_themselves_in():
    assert judge_access(person("admin", tg_user_id=9), request(), Role.DIRECTOR, None) is Verdict.NOT_YOURS


def test_a_decision_by_nobody_or_about_nothing_is_refused():
    assert judge_access(None, request(), None, None) is Verdict.NOT_YOURS
    assert judge_access(person("admin"), None, None, None) is Verdict.NOT_YOURS


@pytest.mark.parametrize(
    ("decider", "other", "role", "verdict"),
    [
        (("branch_head", "batumi"), ("employee", "batumi"), None, Verdict.HOLDS),
        (("branch_head", "batumi"), ("employee", "tbilisi"), None, Verdict.NOT_YOURS),
        (("branch_head", "batumi"), ("branch_head", "batumi"), None, Verdict.NOT_YOURS),
        (("director", None), ("employee", "batumi"), "branch_head", Verdict.HOLDS),
        (("director", None), ("employee", "batumi"), "employee", Verdict.ALREADY),
        (("director", None), ("employee", "batumi"), "director", Verdict.NOT_YOURS),
        (("director", None), ("admin", None), None, Verdict.NOT_YOURS),
        (("admin", None), ("director", None), None, Verdict.HOLDS),
        (("admin", None), ("division_head", None), "employee", Verdict.NOT_YOURS),
    ],
)
def test_a_role_is_changed_only_from_above(decider, other, role, verdict):
    wanted = None if role is None else Role(role)
    assert judge_role(person(*decider), person(*other, tg_user_id=2), wanted) is verdict


def test_nobody_changes_their_own_role():
    oneself = person("admin")
    assert judge_role(oneself, oneself, None) is Verdict.NOT_YOURS
