"""What the payload of a webhook says, in our columns: diffs of an update, values of a create."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.events import Entity, Operation
from integrations.rentprog.fields import TABLES
from integrations.rentprog.known import SERVICE, is_known
from integrations.rentprog.states import StateTexts, state_of
from integrations.rentprog.storable import storable_tree
from integrations.rentprog.values import BadValueError, digits


@dataclass(slots=True)
class Content:
    """``changes`` and ``values`` are typed by the table of fields.py; the other maps hold raw wire names and values.

    ``changes``: column -> (old, new), only in updates. ``values``: column -> value, in creates, and in updates for
    the columns that came without an old side. ``other``: known fields without a column, as they came. ``unknown``:
    fields nobody has seen, never applied. ``unreadable``: fields with a column whose value could not be read.
    """

    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    service: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)
    unreadable: dict[str, Any] = field(default_factory=dict)


_BY_WIRE_NAME = {entity: {known.wire: known for known in table} for entity, table in TABLES.items()}


def read_content(entity: Entity, operation: Operation, payload: Mapping[str, Any], states: StateTexts) -> Content:
    """Only an update is unwrapped, and only where the field is known to be a scalar (failure G28)."""
    content = Content()
    table = _BY_WIRE_NAME[entity]
    is_update = operation == "update"
    for wire, value in payload.items():
        is_pair = is_update and isinstance(value, list) and len(value) == 2
        if wire == "id":
            continue
        if wire in SERVICE:
            content.service[wire] = storable_tree(value[1] if is_pair else value)
        elif known := table.get(wire):
            try:
                if is_pair:
                    content.changes[known.column] = (known.read(value[0]), known.read(value[1]))
                else:
                    content.values[known.column] = known.read(value)
            except BadValueError:
                content.unreadable[wire] = storable_tree(value)
        else:
            place = content.other if is_known(entity, wire) else content.unknown
            place[wire] = storable_tree(value)
    _derive(content, states)
    return content


def _derive(content: Content, states: StateTexts) -> None:
    """The columns that are computed from others change with them."""
    if "state_raw" in content.changes:
        old, new = content.changes["state_raw"]
        content.changes["state"] = (state_of(old, states), state_of(new, states))
    if "state_raw" in content.values:
        content.values["state"] = state_of(content.values["state_raw"], states)
    if "phone" in content.changes:
        old, new = content.changes["phone"]
        content.changes["phone_normalised"] = (digits(old), digits(new))
    if "phone" in content.values:
        content.values["phone_normalised"] = digits(content.values["phone"])
