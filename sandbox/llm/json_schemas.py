"""The check of JSON schemas that callers hand in, for tools and for structured output, and of tools' names."""

import re
from typing import Any

from sandbox.llm.asked import Json
from sandbox.llm.refusals import Refused

_TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# The depth to which strict schemas may nest.
_DEEPEST = 10


class BadSchema(Exception):  # noqa: N818 - a finding, which the caller puts into its own refusal
    """Says what is wrong and where."""


def check_tool_names(names: list[str], where: str) -> None:
    for at, name in enumerate(names):
        if not _NAME.fullmatch(name):
            text = (
                f"Invalid '{where}[{at}].name': string does not match pattern '^[a-zA-Z0-9_-]+$' of 1 to 64 characters."
            )
            raise Refused(text, param=f"{where}[{at}].name", code="invalid_value")
    if len(set(names)) < len(names):
        raise Refused("Tool names must be unique.", param=where, code="invalid_value")


def check_schema(schema: Json, *, is_strict: bool) -> None:
    """Raises BadSchema. The root must be an object; strict demands closed objects with every property required."""
    if schema.get("type") != "object":
        raise BadSchema(f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'")
    _check_node(schema, schema, (), is_strict=is_strict)


def _check_node(node: Any, root: Json, path: tuple[str, ...], *, is_strict: bool) -> None:
    if isinstance(node, bool) and not is_strict:
        return
    if not isinstance(node, dict):
        raise _bad(path, f"{node!r} is not of type 'object', 'boolean'")
    if is_strict and sum(step == "properties" for step in path) > _DEEPEST:
        raise _bad(path, f"nested deeper than {_DEEPEST} levels")
    _check_type(node, path)
    _check_ref(node, root, path)
    if is_strict:
        _check_strict(node, path)
    for place, inner in _inner(node, path):
        _check_node(inner, root, (*path, *place), is_strict=is_strict)


def _inner(node: Json, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for word in ("properties", "$defs", "definitions"):
        held = node.get(word, {})
        if not isinstance(held, dict):
            raise _bad(path, f"'{word}' is not an object")
        found += [((word, name), inner) for name, inner in held.items()]
    for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
        held = node.get(word, [])
        if not isinstance(held, list):
            raise _bad(path, f"'{word}' is not an array")
        found += [((word, str(at)), inner) for at, inner in enumerate(held)]
    if "items" in node:
        found.append((("items",), node["items"]))
    return found


def _check_type(node: Json, path: tuple[str, ...]) -> None:
    told = node.get("type", [])
    named = told if isinstance(told, list) else [told]
    wrong = [name for name in named if name not in _TYPES]
    if wrong:
        raise _bad(path, f"{wrong[0]!r} is not a type of JSON Schema")
    if "enum" in node and (not isinstance(node["enum"], list) or not node["enum"]):
        raise _bad(path, "'enum' is not a filled array")


def _check_ref(node: Json, root: Json, path: tuple[str, ...]) -> None:
    if "$ref" in node and resolve(node, root) is None:
        raise _bad(path, f"reference to a component that cannot be found: {node['$ref']}")


def resolve(node: Json, root: Json) -> Json | None:
    """What a local ``$ref`` points to."""
    found: Any = root
    for step in str(node["$ref"]).removeprefix("#").strip("/").split("/"):
        found = found if step == "" else found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _check_strict(node: Json, path: tuple[str, ...]) -> None:
    if node.get("type") != "object":
        return
    if node.get("additionalProperties") is not False:
        raise _bad(path, "'additionalProperties' is required to be supplied and to be false")
    missing = set(node.get("properties", {})) - set(node.get("required", []))
    if missing:
        raise _bad(path, f"'required' must include every key in properties. Missing '{min(missing)}'")


def _bad(path: tuple[str, ...], text: str) -> BadSchema:
    return BadSchema(f"In context=({', '.join(repr(step) for step in path)}), {text}")
