"""How ``jarvis status`` says what it sees: a few lines a person reads at a glance."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Facts = Mapping[str, Any]


def standing(facts: Facts, *, now: datetime | None = None) -> Iterator[str]:
    """Work, syncs, webhooks, roles, and whatever needs a person."""
    moment = now or datetime.now(UTC)
    yield from _section("work", [*map(_queue, facts["queues"]), *map(_system, facts["commands"])], "nothing waits")
    yield from _section("syncs", [_sync(row, moment) for row in facts["syncs"]], "no branch is configured")
    yield from _section(
        "webhooks",
        [f"{row['branch']}: last one {_ago(row['last_at'], moment)}" for row in facts["webhooks"]],
        "no branch is configured",
    )
    yield from _section(
        "roles",
        [
            f"{row['role']}: {row['processes']} at work, last seen {row['age_s']:.0f} s ago"
            for row in facts["heartbeats"]
        ],
        "no process is at work",
    )
    yield from _section("needs a person", list(_wants(facts)), "nothing")
    share = facts["share_without_model"]
    yield f"without a model: {'no runs yet' if share is None else f'{share:.0%} of the last day'}"


def _section(title: str, lines: list[str], when_empty: str) -> Iterator[str]:
    yield title
    for line in lines or [when_empty]:
        yield f"  {line}"


def _queue(row: Facts) -> str:
    text = f"{row['agent']}: {row['queued']} queued, {row['running']} running, {row['waiting']} waiting"
    return text + _late(row)


def _system(row: Facts) -> str:
    return f"{row['system']}: {row['pending']} commands to perform" + _late(row)


def _late(row: Facts) -> str:
    late = f", the oldest has waited {row['oldest_ready_s']:.0f} s" if row["oldest_ready_s"] >= 1 else ""
    return late + (f"; last error: {row['last_error']}" if row["last_error"] else "")


def _sync(row: Facts, now: datetime) -> str:
    text = f"{row['branch']}: last full pass {_ago(row['finished_at'], now)}"
    if row["finished_at"] is not None:
        text += (
            f", read {row['read']} = added {row['added']} + updated {row['updated']} + unchanged {row['unchanged']}"
            f" + quarantined {row['quarantined']}, drift {row['drift']}"
        )
    if row["open_pass"] is not None:
        text += f"; a pass runs since {_ago(row['open_since'], now)}, last page {_ago(row['open_heartbeat'], now)}"
    return text + (f"; error: {row['open_error']}" if row["open_error"] else "")


def _wants(facts: Facts) -> Iterator[str]:
    yield from (f"{name.replace('_', ' ')}: {count}" for name, count in facts["troubles"].items() if count)
    yield from (f"{row['scope']} {row['name']} is paused: {row['reason']}" for row in facts["pauses"])
    yield from (f"{row['destination']} is parked: {row['parked_reason']}" for row in facts["parked"])


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
