"""What is inside RentProg's answers: rows and objects, bare or wrapped; an unexpected shape is never an empty list."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import Broken


def rows_of(answer: Any, plural: str) -> Sequence[Any]:
    """A flat array, ``{"data": []}``, ``{"<plural>": []}`` or ``{"<plural>": {"data": []}}``."""
    inner = _inside(answer, plural)
    if not isinstance(inner, list):
        raise Broken(f"RentProg's list of {plural} has an unknown shape")
    return inner


def included_of(answer: Any, plural: str, kind: str) -> Sequence[Mapping[str, Any]]:
    """JSON:API's side objects of one type: prices and payments stand only there (failure F14)."""
    for place in (answer, answer.get(plural) if isinstance(answer, Mapping) else None):
        included = place.get("included") if isinstance(place, Mapping) else None
        if isinstance(included, list):
            return [item for item in included if isinstance(item, Mapping) and item.get("type") == kind]
    return ()


def object_of(answer: Any, singular: str) -> Mapping[str, Any] | None:
    """One object, bare or wrapped in ``data`` or its own name; null and ``{}`` mean that there is none."""
    inner = answer
    for key in ("data", singular, "data"):
        if isinstance(inner, Mapping) and "id" not in inner and key in inner:
            inner = inner[key]
    if inner is None or inner in ({}, []):
        return None
    if isinstance(inner, list) and len(inner) == 1:
        inner = inner[0]
    if not isinstance(inner, Mapping):
        raise Broken(f"RentProg's {singular} has an unknown shape")
    return inner


def related_ids(row: Mapping[str, Any], relation: str) -> Sequence[Any]:
    """The ids that a JSON:API row names under one relation."""
    relationships = row.get("relationships")
    linked = relationships.get(relation) if isinstance(relationships, Mapping) else None
    data = linked.get("data") if isinstance(linked, Mapping) else None
    return [item.get("id") for item in data if isinstance(item, Mapping)] if isinstance(data, list) else ()


def _inside(answer: Any, plural: str) -> Any:
    if not isinstance(answer, Mapping):
        return answer
    inner = answer.get(plural, answer.get("data"))
    return inner.get("data") if isinstance(inner, Mapping) else inner
