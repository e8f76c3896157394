"""What this process counted, for Prometheus: the loops call these small functions after their commits.

docs/OBSERVABILITY.md explains every name; a test holds the page and the code equal.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram

from agents.kit.record import Record
from core.events import NewEvent, Recorded
from orchestrator.signals.histograms import BulkHistogram

COUNTED = CollectorRegistry()
"""Shared by everything in the process, as Prometheus expects it; orchestrator/signals/exposition.py shows it."""

MOMENTS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds, for what must never take long."""
SPANS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
"""Seconds, for work: from one commit to the waits of a system that is down."""


def _counter(name: str, told: str, *labels: str) -> Counter:
    return Counter(name, told, labels, registry=COUNTED)


def _histogram(name: str, told: str, label: str) -> BulkHistogram:
    histogram = BulkHistogram(name, told, label, SPANS)
    COUNTED.register(histogram)
    return histogram


_REQUESTS = _counter("jarvis_ingress_requests_total", "Requests answered at the doors", "door", "status")
_EVENTS = _counter("jarvis_events_recorded_total", "New events committed", "kind")
_REPEATS = _counter("jarvis_events_repeated_total", "Deliveries that were there already", "source")
_RUNS = _counter("jarvis_runs_finished_total", "Runs that ended: done, failed, dead", "agent", "state")
_RUN_RETRIES = _counter("jarvis_run_retries_total", "Runs put back to be tried again", "agent")
_RUN_SECONDS = _histogram("jarvis_run_duration_seconds", "From the claim of a run to its committed end", "agent")
_RUN_WAIT = _histogram("jarvis_run_queue_wait_seconds", "From when a run might start to its claim", "agent")
_COMMANDS = _counter("jarvis_commands_finished_total", "Commands that ended", "kind", "state")
_COMMAND_RETRIES = _counter("jarvis_command_retries_total", "Commands put back to be tried again", "kind")
_COMMAND_SECONDS = _histogram("jarvis_command_duration_seconds", "From the claim of a command to its end", "kind")
_EFFECT = _histogram(
    "jarvis_event_to_effect_seconds", "From an event to its effect: saved, or performed by a system", "effect"
)
_MODEL_CALLS = _counter("jarvis_model_calls_total", "Calls of models, answered or not", "agent", "provider", "result")
_MODEL_TOKENS = _counter("jarvis_model_tokens_total", "Tokens of answered calls", "agent", "direction")
_MODEL_COST = _counter("jarvis_model_cost_usd_total", "US dollars of answered calls", "agent")
_EXPIRED = _counter("jarvis_leases_expired_total", "Work taken back from processes that died or hung", "what")
_LAG = Histogram("jarvis_event_loop_lag_seconds", "How late the event loop woke up", registry=COUNTED, buckets=MOMENTS)


def _by_name(pairs: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    return found


def request_answered(door: str, status: int) -> None:
    _REQUESTS.labels(door, str(status)).inc()


def events_recorded(events: Sequence[NewEvent[Any]], recorded: Recorded) -> None:
    """After the commit that recorded them; those that were there already are repeats of their source."""
    pairs = zip(events, recorded.ids, strict=True)
    seen = Tally((event.body.kind, event.source, event_id is not None) for event, event_id in pairs)
    for (kind, source, is_new), number in seen.items():
        if is_new:
            _EVENTS.labels(kind).inc(number)
        else:
            _REPEATS.labels(source).inc(number)


def events_repeated(source: str, number: int) -> None:
    """Deliveries that the inbox knew for repeats before it recorded anything."""
    if number:
        _REPEATS.labels(source).inc(number)


def runs_claimed(waits: Iterable[tuple[str, float]]) -> None:
    """(agent, seconds from when it might start) of each claimed run."""
    for agent, values in _by_name(waits).items():
        _RUN_WAIT.observe(agent, values)


def models_asked(agent: str, records: Iterable[Record]) -> None:
    """What a saved run asked of models."""
    for record in records:
        for attempt in record.attempts:
            _MODEL_CALLS.labels(agent, attempt.provider, attempt.error or "answered").inc()
        _MODEL_TOKENS.labels(agent, "in").inc(record.tokens_in)
        _MODEL_TOKENS.labels(agent, "out").inc(record.tokens_out)
        _MODEL_COST.labels(agent).inc(float(record.cost))


def runs_ended(state: str, runs: Sequence[tuple[str, float]]) -> None:
    """(agent, seconds since its claim) of runs that ended in one commit as ``done``, ``failed`` or ``dead``."""
    for agent, values in _by_name(runs).items():
        _RUNS.labels(agent, state).inc(len(values))
        _RUN_SECONDS.observe(agent, values)


def run_retried(agent: str) -> None:
    _RUN_RETRIES.labels(agent).inc()


def effects_after(effect: str, seconds: Iterable[float]) -> None:
    """Seconds since events were received until they had their effect: ``saved``, or the system's name."""
    _EFFECT.observe(effect, (max(0.0, passed_s) for passed_s in seconds))  # two hosts' clocks may differ


def command_ended(kind: str, state: str, took_s: float) -> None:
    """``sent``, ``cancelled``, ``unknown`` or ``dead``."""
    _COMMANDS.labels(kind, state).inc()
    _COMMAND_SECONDS.observe(kind, [took_s])


def command_retried(kind: str) -> None:
    _COMMAND_RETRIES.labels(kind).inc()


def leases_expired(what: str, number: int) -> None:
    """``run`` or ``command``."""
    if number:
        _EXPIRED.labels(what).inc(number)


def loop_lagged(seconds: float) -> None:
    _LAG.observe(max(0.0, seconds))
