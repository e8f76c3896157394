"""Values that fit a JSON schema, chosen field by field by somebody with an opinion."""

import re
from typing import Any, Protocol

from sandbox.llm.asked import Json
from sandbox.llm.json_schemas import resolve

# A schema that contains itself is not followed further than this.
_DEEPEST = 12
_DATES = {"date": r"\d{4}-\d{2}-\d{2}", "date-time": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})"}


class Chooser(Protocol):
    """Opinions about single values; ``name`` is the field's own."""

    def string(self, name: str, schema: Json) -> str: ...

    def number(self, name: str, schema: Json) -> float: ...

    def boolean(self, name: str) -> bool: ...

    def one_of(self, name: str, options: list[Any]) -> Any: ...

    def wants(self, name: str) -> bool:
        """Whether a field that may stay empty is filled."""
        ...


def value_for(schema: Json, chooser: Chooser) -> Any:
    return _value("", schema, schema, chooser, 0)


def fitting_part(text: str, schema: Json) -> str | None:
    """The first part of a text that the schema's pattern or date format takes, if it demands one."""
    pattern = schema.get("pattern") or _DATES.get(schema.get("format", ""))
    if pattern is None:
        return None
    try:
        found = re.search(pattern.removeprefix("^").removesuffix("$"), text)
    except re.error:
        # Patterns of other dialects are legal; the text is then taken as it comes.
        return None
    return found[0] if found else None


def _value(name: str, schema: Json, root: Json, chooser: Chooser, depth: int) -> Any:
    node = _settled(name, schema, root, chooser)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return chooser.one_of(name, node["enum"])
    match _type_of(node):
        case "object":
            return _object(node, root, chooser, depth)
        case "array":
            return _array(name, node, root, chooser, depth)
        case kind:
            return _scalar(kind, name, node, chooser)


def _scalar(kind: str, name: str, node: Json, chooser: Chooser) -> Any:
    match kind:
        case "integer":
            return int(_within(chooser.number(name, node), node))
        case "number":
            return _within(chooser.number(name, node), node)
        case "boolean":
            return chooser.boolean(name)
        case "null":
            return None
        case _:
            return _sized(chooser.string(name, node), node)


def _settled(name: str, schema: Json, root: Json, chooser: Chooser) -> Json:
    """The schema without references and alternatives: null is taken where the field may stay empty."""
    node: Json = schema
    for _ in range(_DEEPEST):
        if "$ref" in node:
            node = resolve(node, root) or {}
        elif "allOf" in node:
            node = {**{key: kept for key, kept in node.items() if key != "allOf"}, **node["allOf"][0]}
        elif "anyOf" in node or "oneOf" in node:
            options: list[Json] = node.get("anyOf") or node["oneOf"]
            filled = [option for option in options if option.get("type") != "null"]
            may_be_empty = len(filled) < len(options)
            node = filled[0] if filled and (not may_be_empty or chooser.wants(name)) else {"type": "null"}
        else:
            break
    return node


def _type_of(node: Json) -> str:
    told = node.get("type", "object" if "properties" in node else "string")
    return told if isinstance(told, str) else next((kind for kind in told if kind != "null"), "null")


def _object(node: Json, root: Json, chooser: Chooser, depth: int) -> Json:
    if depth > _DEEPEST:
        return {}
    required = node.get("required", [])
    return {
        name: _value(name, inner, root, chooser, depth + 1)
        for name, inner in node.get("properties", {}).items()
        if name in required or chooser.wants(name)
    }


def _array(name: str, node: Json, root: Json, chooser: Chooser, depth: int) -> list[Any]:
    length = max(node.get("minItems", 0), 1 if chooser.wants(name) and depth < _DEEPEST else 0)
    return [_value(name, node.get("items", {}), root, chooser, depth + 1) for _ in range(length)]


def _within(number: float, node: Json) -> float:
    lowest, highest = (
        node.get("minimum", node.get("exclusiveMinimum")),
        node.get("maximum", node.get("exclusiveMaximum")),
    )
    number = number if lowest is None else max(number, lowest + (1 if "exclusiveMinimum" in node else 0))
    return number if highest is None else min(number, highest - (1 if "exclusiveMaximum" in node else 0))


def _sized(text: str, node: Json) -> str:
    return text.ljust(node.get("minLength", 0), ".")[: node.get("maxLength", len(text) + node.get("minLength", 0))]
