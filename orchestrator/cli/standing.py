"""How ``jarvis status`` says what it sees: what needs a person first, then the figures, in 80 columns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

Facts = Mapping[str, Any]

WIDTH = 80
COMMANDS_OF = {
    "dead_runs": "jarvis dead list run",
    "dead_commands": "jarvis dead list command",
    "unknown_commands": "jarvis dead list command",
    "quarantined_records": "panel, Trouble",
    "open_alarms": "docs/RUNBOOK.md",
}


def standing(facts: Facts) -> Iterator[str]:
    """Versions and the verdict; what needs a person; then work, leases, roles, checks, the clock and models."""
    yield _versions(facts["versions"])
    yield from _section("NOT WELL", facts["reasons"]) if facts["reasons"] else ["well: work goes on"]
    if "at" not in facts:
        return
    now: datetime = facts["at"]
    yield from _section("needs a person", [*_wants(facts, now)], "nothing")
    yield from _section("runs", [*_runs(facts, now)], "nothing waits")
    yield from _section("commands", [*_commands(facts, now)], "nothing waits")
    yield from _section("leases", [*_leases(facts["leases"])])
    yield from _section("roles", [*_roles(facts)], "no process is at work")
    yield from _section("full checks", [*_syncs(facts, now)], "no branch is configured")
    yield from _section("webhooks", [*_webhooks(facts["webhooks"], now)], "no branch is configured")
    yield from _section("clock", [*_slots(facts["schedules"], now)], "no rule is set: no clock has started yet")
    yield from _section("models", [_models(facts["models"], now)])


def _section(title: str, lines: Sequence[str], when_empty: str = "nothing") -> Iterator[str]:
    yield title
    for line in lines or [when_empty]:
        yield clip(f"  {line}")


def clip(line: str) -> str:
    """One line of a terminal: errors may be long and have several."""
    flat = " ".join(line.split("\n"))
    return flat if len(flat) <= WIDTH else flat[: WIDTH - 1] + "…"


def _versions(versions: Facts) -> str:
    schema = versions["schema"] or "none"
    wanted = "" if schema == versions["schema_wanted"] else f" (this version wants {versions['schema_wanted']})"
    postgres = f" · PostgreSQL {versions['postgres'].split()[0]}" if "postgres" in versions else ""
    return f"Jarvis {versions['jarvis']} · schema {schema}{wanted}{postgres}"


def _wants(facts: Facts, now: datetime) -> Iterator[str]:
    for name, count in facts["troubles"].items():
        if count:
            yield f"{name.replace('_', ' ')}: {count}".ljust(30) + COMMANDS_OF[name]
    for row in facts["pauses"]:
        by = f" by {row['by']}" if row["by"] else ""
        yield f"{row['scope']} {row['name']} is paused {_ago(row['since'], now)}{by}: {row['reason']}"
    for row in facts["parked"]:
        yield f"{row['destination']} is parked {_ago(row['parked_at'], now)}: {row['parked_reason']}"


def _runs(facts: Facts, now: datetime) -> Iterator[str]:
    if facts["stages"]:
        yield f"{'agent':<18}{'stage':>6}{'ready':>9}{'delayed':>9}{'waiting':>9}{'running':>9}"
    for row in facts["stages"]:
        counts = "".join(f"{row[name]:>9}" for name in ("ready", "delayed", "waiting", "running"))
        yield f"{row['agent']:<18}{row['stage']:>6}{counts}"
    for row in facts["oldest_runs"]:
        yield f"oldest of {row['agent']}: {_span(row['age_s'])}, event {row['event']} {row['kind']}, {_how(row, now)}"
        if row["error"]:
            yield f"  last error: {row['error']}"


def _commands(facts: Facts, now: datetime) -> Iterator[str]:
    for row in facts["oldest_commands"]:
        approval = f", {row['awaiting_approval']} to approve" if row["awaiting_approval"] else ""
        yield f"{row['system']} {row['class']}: {row['pending']} pending, {row['sending']} being sent{approval}"
        yield f"  oldest: {_span(row['age_s'])}, command {row['command']} {row['kind']}, {_how(row, now)}"
        if row["error"]:
            yield f"  last error: {row['error']}"
    for row in facts["longest_queues"]:
        held = f", held for {_span((row['held_until'] - now).total_seconds())}" if row["held_until"] else ""
        yield f"{row['destination']}: {row['pending']} pending{held}{', parked' if row['is_parked'] else ''}"


def _how(row: Facts, now: datetime) -> str:
    tries = f", try {row['attempt']}" if row["attempt"] > 1 else ""
    again = row["next_try_at"]
    later = f", again in {_span((again - now).total_seconds())}" if again is not None else ""
    return f"{row['state']}{tries}{later}"


def _leases(leases: Facts) -> Iterator[str]:
    yield f"runs: {leases['runs_held']} held, {leases['runs_expired']} expired"
    yield f"destinations: {leases['destinations_held']} held, {leases['destinations_expired']} expired"
    for row in leases["workers"]:
        who = f"worker {row['holder']} on {row['address']}" if row["is_present"] else "a worker that is gone"
        yield f"{who}: {row['runs']} runs, the longest for {_span(row['longest_s'])}"


def _roles(facts: Facts) -> Iterator[str]:
    for row in facts["heartbeats"]:
        yield f"{row['role']}: {row['processes']} at work, last seen {_span(row['age_s'])} ago"


def _syncs(facts: Facts, now: datetime) -> Iterator[str]:
    for row in facts["syncs"]:
        yield f"{row['branch']}: last one ended {_ago(row['finished_at'], now)}" + _open(row, now)
        if row["open_error"]:
            yield f"  error: {row['open_error']}"
        if row["finished_at"] is not None:
            yield (
                f"  read {row['read']} = {row['added']} added + {row['updated']} updated + {row['unchanged']} unchanged"
                f" + {row['quarantined']} quarantined"
            )
            yield f"  drift (webhooks had missed): {_drift(facts['drift'], row['branch'])}"


def _open(row: Facts, now: datetime) -> str:
    if row["open_pass"] is None:
        return ""
    return f"; one runs since {_ago(row['open_since'], now)}, last page {_ago(row['open_heartbeat'], now)}"


def _drift(rows: Sequence[Facts], branch: str) -> str:
    found = [f"{row['entity']} {row['added'] + row['updated']}" for row in rows if row["branch"] == branch]
    return ", ".join(found) or "none"


def _webhooks(rows: Sequence[Facts], now: datetime) -> Iterator[str]:
    for row in rows:
        yield f"{row['branch']}: last one {_ago(row['last_at'], now)}"


def _slots(rows: Sequence[Facts], now: datetime) -> Iterator[str]:
    for row in rows:
        seconds = (row["next_slot"] - now).total_seconds()
        when = f"LATE by {_span(-seconds)}" if row["is_late"] else f"next in {_span(seconds)}"
        yield f"{row['name']}: {when} ({row['cron']} {row['timezone']})"


def _models(models: Facts, now: datetime) -> str:
    if not models["events"]:
        return "no events yet"
    if not models["with_model"]:
        return f"no model calls yet: 100% of the newest {models['events']} events needed none"
    return (
        f"{models['share_without_model']:.0%} of {models['events']} events since {_ago(models['since'], now)} without;"
        f" {models['tokens_in']} + {models['tokens_out']} tokens, cost {models['cost']}"
    )


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{_span((now - moment).total_seconds())} ago"


def _span(seconds: float) -> str:
    whole = max(0, int(seconds))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if whole >= size:
            return f"{whole // size} {unit}"
    return f"{whole} s"
