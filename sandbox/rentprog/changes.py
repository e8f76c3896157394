"""One change in RentProg as its webhook tells it: which event, through which branch's URL, with what content."""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.company.branches import Branch
from sandbox.company.table import Diff, Row


class Entity(StrEnum):
    CAR = "car"
    CLIENT = "client"
    BOOKING = "booking"


@dataclass(frozen=True, slots=True)
class Change:
    """``content`` holds pairs ``[old, new]`` for an update, plain values for a create, the id for a destroy.

    ``updated_at`` is the pair that an update may carry besides; RentProg normally leaves it out.
    """

    event: str
    branch: Branch
    content: Row
    updated_at: tuple[str, str] | None = None


_NOT_IN_CREATE = frozenset({
    "start_date_formatted", "end_date_formatted", "created_at", "updated_at", "main_company_id", "car_name",
    "car_code", "car_state", "avatar_url",
})  # fmt: skip
"""A create is nearly complete, never quite: its reader has to fetch anyway."""


def created(entity: Entity, branch: Branch, row: Row) -> Change:
    left_out = _NOT_IN_CREATE | ({"company_id"} if entity is Entity.BOOKING else set())
    if entity is Entity.CAR:
        left_out -= {"car_name"}
    content = {name: value for name, value in row.items() if name not in left_out}
    return Change(f"{entity}_create", branch, content | {"created_from_api": False})


def updated(entity: Entity, branch: Branch, row_id: int, diff: Diff, user_id: int | None = None) -> Change:
    """Only what has changed, then the service scalars; a booking names the user who did it."""
    content: Row = {name: [old, new] for name, (old, new) in diff.items() if name != "updated_at"}
    content |= {"id": row_id, "created_from_api": False, "updated_from_api": False}
    if entity is Entity.BOOKING:
        content["user_id"] = user_id
    return Change(f"{entity}_update", branch, content, diff.get("updated_at"))


def destroyed(entity: Entity, branch: Branch, row_id: int) -> Change:
    return Change(f"{entity}_destroy", branch, {"id": row_id})
