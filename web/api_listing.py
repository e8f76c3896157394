"""The OpenAPI description as a list that a template can show."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    type: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``answers`` are (status code, description); ``shape`` lists the fields of the answer with their types."""

    tag: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]
    returns: str
    shape: tuple[tuple[str, str], ...]


def operations(schema: dict[str, Any]) -> list[tuple[str, list[Operation]]]:
    """Operations by their tag, both in the order of the description."""
    found = [
        _operation(schema, method, path, entry)
        for path, entries in schema["paths"].items()
        for method, entry in entries.items()
    ]
    tags = list(dict.fromkeys(operation.tag for operation in found))
    ordered = sorted(found, key=lambda operation: tags.index(operation.tag))
    return [(tag, list(group)) for tag, group in groupby(ordered, key=lambda operation: operation.tag)]


def _operation(schema: dict[str, Any], method: str, path: str, entry: dict[str, Any]) -> Operation:
    answer = entry["responses"]["200"]["content"]["application/json"]["schema"]
    return Operation(
        tag=entry["tags"][0],
        method=method.upper(),
        path=path,
        summary=entry["description"],
        parameters=tuple(
            Parameter(
                parameter["name"],
                parameter["in"],
                _type(parameter["schema"]),
                parameter["required"],
                parameter.get("description", ""),
            )
            for parameter in entry.get("parameters", ())
        ),
        answers=tuple((code, response["description"]) for code, response in entry["responses"].items()),
        returns=_type(answer),
        shape=_shape(schema, answer),
    )


def _shape(schema: dict[str, Any], answer: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    reference: str = answer.get("items", answer)["$ref"]
    model = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return tuple((name, _type(part)) for name, part in model["properties"].items())


def _type(part: dict[str, Any]) -> str:
    if "$ref" in part:
        return part["$ref"].rpartition("/")[2]
    if "anyOf" in part:
        return " or ".join(_type(choice) for choice in part["anyOf"])
    if "enum" in part:
        return " or ".join(f"“{value}”" for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {_type(part['items'])}" if "items" in part else "list"
    return part.get("format") or part.get("type", "any")
