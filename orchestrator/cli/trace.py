"""How ``jarvis events show`` draws a trace: the way up to the root, then a tree in time, one line for each step."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]

PAYLOAD_CHARS = 160
_ORDER = ("run", "command", "event")


def lines(above: Sequence[Row], rows: Sequence[Row]) -> Iterator[str]:
    """``rows`` of db/queries/traces.py in any order; the event that was asked for has depth 0."""
    for origin in above:
        yield (
            f"{origin['received_at']:%Y-%m-%d %H:%M:%S} event {origin['id']} {origin['kind']} {origin['subject']}"
            f" (from {origin['source']})"
        )
        yield f"└─ {origin['by_what']} {origin['by_id']} {origin['by_name']} caused:"
    root = next(row for row in rows if row["what"] == "event" and row["depth"] == 0)
    children = _by_parent(rows, root)
    start: datetime = root["at"]
    yield f"{start:%Y-%m-%d %H:%M:%S.%f} {_label(root)} (from {root['source']})"
    yield from (f"     {note}" for note in _notes(root))
    yield from _below(root, children, start, "")


def _by_parent(rows: Sequence[Row], root: Row) -> dict[tuple[str, int], list[Row]]:
    """What stands under each step, in time; a step whose parent is gone stands under the root."""
    known = {(row["what"], row["id"]) for row in rows}
    found: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        if row is not root:
            parent = (row["parent_what"], row["parent"])
            found[parent if parent in known else (root["what"], root["id"])].append(row)
    for below in found.values():
        below.sort(key=lambda row: (row["stage"] or 0, row["at"], _ORDER.index(row["what"]), row["id"]))
    return found


def _below(parent: Row, children: Mapping[tuple[str, int], list[Row]], start: datetime, indent: str) -> Iterator[str]:
    steps = children.get((parent["what"], parent["id"]), [])
    for step in steps:
        is_last = step is steps[-1]
        branch, continued = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        yield f"{indent}{branch}{_since(start, step['at'])} {_label(step)}"
        for note in _notes(step):
            yield f"{indent}{continued}{'│' if children.get((step['what'], step['id'])) else ' '}    {note}"
        yield from _below(step, children, start, indent + continued)


def _since(start: datetime, at: datetime) -> str:
    return f"+{max(0.0, (at - start).total_seconds()):.3f} s"


def _label(row: Row) -> str:
    words = [row["what"], str(row["id"]), row["name"]]
    if row["state"]:
        words.append(row["state"])
    if (row["attempt"] or 0) > 1:
        words.append(f"({row['attempt']} tries)")
    if row["what"] == "run" and row["stage"]:
        words.append(f"stage {row['stage']}")
    if row["what"] == "run" and row["started_at"] and row["ended_at"]:
        words.append(f"in {(row['ended_at'] - row['started_at']).total_seconds():.3f} s")
    if row["what"] != "run":
        words.append(row["subject"])
    return " ".join(words)


def _notes(row: Row) -> Iterator[str]:
    """What was decided and why, what went wrong, what came of it."""
    if row["what"] == "run" and row["details"]:
        yield f"why: {row['details']}"
    if row["what"] == "event" and row["details"]:
        yield _short(row["details"])
    if row["what"] == "command":
        result = row["details"]["result"]
        yield f"effect key: {row['details']['effect_key']}"
        if result:
            yield f"result: {_short(result)}"
    if row["error"]:
        yield f"error: {row['error']}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= PAYLOAD_CHARS else text[: PAYLOAD_CHARS - 1] + "…"
