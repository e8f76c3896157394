"""The table of plans and the agents fit each other: no event without a plan, no agent for what it does not handle."""

import pytest

from core.events import BODIES, BODY_OF_KIND
from core.plans import NOBODY
from orchestrator.registry import AGENTS
from orchestrator.router import PLANS, route

SPECS = {spec.name: spec for spec in AGENTS}


def test_every_kind_of_event_has_a_plan_and_every_plan_a_kind():
    assert set(PLANS) == set(BODY_OF_KIND)


def test_every_agent_has_a_name_of_its_own():
    assert len(SPECS) == len(AGENTS)


@pytest.mark.parametrize("kind", sorted(PLANS))
def test_every_agent_of_a_plan_handles_its_kind(kind: str):
    names = [name for stage in PLANS[kind].stages for name in stage]
    assert [name for name in names if BODY_OF_KIND[kind] not in SPECS[name].handles] == []
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(SPECS))
def test_everything_an_agent_handles_is_routed_to_it(name: str):
    routed = {kind for kind, plan in PLANS.items() if any(name in stage for stage in plan.stages)}
    assert {body.kind for body in SPECS[name].handles} == routed


@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_agent_leaves_places_for_the_others_and_has_an_end(name: str):
    assert 0 < SPECS[name].share <= 1
    assert SPECS[name].time_limit.total_seconds() > 0


def test_no_agent_causes_an_event_that_nobody_declared():
    declared = set(BODIES)
    caused = {body for spec in AGENTS for body in spec.causes if not hasattr(body, "system")}
    assert caused <= declared


def test_a_kind_of_a_newer_version_is_kept_as_history():
    assert route("moon.landed") is NOBODY
