"""Whether work goes on: the judgement over the facts of db/queries/status.py, without reading anything itself."""

from collections.abc import Mapping
from typing import Any

ROLES = ("worker", "deliver", "relay", "clock", "bot")
"""Each needs one live process somewhere; the ingress answers for itself."""


def standing_still(facts: Mapping[str, Any], *, stall_s: float) -> list[str]:
    """What stands still for longer than ``stall_s`` without being told to, one sentence each."""
    paused = {pause["name"] for pause in facts["pauses"]}
    reasons = [
        f"the oldest run of {queue['agent']} has waited {queue['oldest_ready_s']:.0f} s"
        for queue in facts["queues"]
        if queue["oldest_ready_s"] > stall_s and queue["agent"] not in paused
    ]
    reasons += [
        f"the oldest command for {queue['system']} has waited {queue['oldest_ready_s']:.0f} s"
        for queue in facts["commands"]
        if queue["oldest_ready_s"] > stall_s
    ]
    left: Mapping[str, int] = facts.get("left_behind", {})
    reasons += [
        f"{number} {what.partition('_')[0]} of processes that died are not taken back"
        for what, number in left.items()
        if number
    ]
    ages = {beat["role"]: beat["age_s"] for beat in facts["heartbeats"]}
    reasons += [f"no {role} is at work" for role in ROLES if ages.get(role, stall_s + 1) > stall_s]
    return reasons


def standing_by_order(facts: Mapping[str, Any]) -> list[str]:
    """What stands still because somebody or some refusal said so; it makes nothing bad, but people should know."""
    notes = [f"{pause['scope']} {pause['name']} is paused: {pause['reason']}" for pause in facts["pauses"]]
    notes += [f"{parked['destination']} is parked: {parked['parked_reason']}" for parked in facts["parked"]]
    return notes
