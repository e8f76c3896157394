"""Texts from anywhere in a form that Postgres takes: neither text nor jsonb holds NUL or a lone surrogate."""

import json
from collections.abc import Mapping
from typing import Any, cast

from psycopg.types.json import Jsonb

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable_text(text: str) -> str:
    return text.replace("\0", REPLACEMENT).encode(errors="replace").decode()


def storable_row(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a statement, with every text storable."""
    return {name: storable_text(value) if isinstance(value, str) else value for name, value in values.items()}


def storable_json(value: Any) -> Jsonb:
    """A parameter for jsonb; the rare characters that it refuses are replaced, so that no text can stop a save."""
    return Jsonb(value, dumps=_dumps)


def _dumps(value: Any) -> str:
    text = json.dumps(value)
    return json.dumps(_clean(value)) if "\\u0000" in text or "\\ud" in text else text


def _clean(value: Any) -> Any:
    match value:
        case str():
            return storable_text(value)
        case dict():
            return {_clean(name): _clean(inner) for name, inner in cast("dict[Any, Any]", value).items()}
        case list() | tuple():
            return [_clean(inner) for inner in cast("list[Any]", value)]
        case _:
            return value
