"""Prometheus metrics, read from the database and this process at the moment of the scrape."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest


def render(facts: Mapping[str, Any], hook_counts: Counter[str], *, is_ready: bool) -> bytes:
    """The text exposition. Counts of webhooks are of this process; queues and troubles are of the whole Jarvis."""
    registry = CollectorRegistry()
    Gauge("jarvis_ready", "1 when work goes on", registry=registry).set(float(is_ready))
    runs = Gauge("jarvis_runs", "Unfinished runs", ["agent", "state"], registry=registry)
    age = Gauge("jarvis_run_oldest_ready_seconds", "Age of the oldest run that may start", ["agent"], registry=registry)
    for queue in facts.get("queues", ()):
        for state in ("queued", "running", "waiting"):
            runs.labels(queue["agent"], state).set(queue[state])
        age.labels(queue["agent"]).set(queue["oldest_ready_s"])
    pending = Gauge("jarvis_commands_pending", "Commands not yet performed", ["system"], registry=registry)
    late = Gauge("jarvis_command_oldest_ready_seconds", "Age of the oldest command", ["system"], registry=registry)
    for queue in facts.get("commands", ()):
        pending.labels(queue["system"]).set(queue["pending"])
        late.labels(queue["system"]).set(queue["oldest_ready_s"])
    troubles = Gauge("jarvis_troubles", "What needs a person", ["what"], registry=registry)
    for what, count in facts.get("troubles", {}).items():
        troubles.labels(what).set(count)
    hooks = Gauge("jarvis_webhooks", "Webhooks by answer since this process started", ["answer"], registry=registry)
    for answer, count in hook_counts.items():
        hooks.labels(answer).set(count)
    return generate_latest(registry)
