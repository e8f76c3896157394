"""The trace of an event as a tree: event -> run -> commands and further events (promise G12)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ORDER = ("event", "run", "command")
SHOWN = 400
"""Nodes on one page; a pass over a branch may cause thousands."""


@dataclass(slots=True)
class Node:
    """One row of db/queries/traces.py with what came of it. ``message_id`` is where a command ended in Telegram."""

    what: str
    id: int
    name: str
    subject: str
    state: str | None
    attempt: int | None
    error: str | None
    at: datetime
    details: Any
    effect_key: str | None = None
    message_id: int | None = None
    children: list["Node"] = field(default_factory=list["Node"])


@dataclass(frozen=True, slots=True)
class Trace:
    root: Node
    total: int
    """Nodes altogether; more than ``SHOWN`` means that the tree is cut."""


def tree(rows: Sequence[dict[str, Any]]) -> Trace:
    """Build the tree from the rows of one trace; the event that was asked for has depth 0."""
    ordered = sorted(rows, key=lambda row: (row["depth"], ORDER.index(row["what"]), row["id"]))
    root = _node(ordered[0])
    nodes = {(root.what, root.id): root}
    for row in ordered[1:SHOWN]:
        node = nodes[row["what"], row["id"]] = _node(row)
        parent = nodes.get((row["parent_what"], row["parent"]))
        (parent or root).children.append(node)
    return Trace(root, len(ordered))


def _node(row: dict[str, Any]) -> Node:
    node = Node(
        what=row["what"],
        id=row["id"],
        name=row["name"],
        subject=row["subject"],
        state=row["state"],
        attempt=row["attempt"],
        error=row["error"],
        at=row["at"],
        details=row["details"],
    )
    if node.what == "command":
        node.effect_key = node.details["effect_key"]
        node.details = node.details["result"]
        node.message_id = (node.details or {}).get("message_id")
    return node
