"""Placeholders of written answers: ``${user}`` is the last user text, ``${tool.NAME.path}`` a value a tool returned."""

import json
import re
from typing import Any

from sandbox.llm.answers import Answer
from sandbox.llm.asked import Asked

_PLACE = re.compile(r"\$\{([^}]+)\}")


def filled(answer: Answer, asked: Asked) -> Answer:
    """The answer with every placeholder replaced; one that names nothing known stays as it stands."""
    return Answer.model_validate(_filled(answer.model_dump(), asked))


def _filled(told: Any, asked: Asked) -> Any:
    match told:
        case str():
            whole = _PLACE.fullmatch(told)
            # Alone in its string a placeholder keeps the type of its value: a number stays a number.
            return _value(whole, asked) if whole else _PLACE.sub(lambda found: _text(_value(found, asked)), told)
        case list():
            return [_filled(item, asked) for item in told]
        case dict():
            return {name: _filled(item, asked) for name, item in told.items()}
        case _:
            return told


def _value(found: re.Match[str], asked: Asked) -> Any:
    first, *path = found[1].split(".")
    if first == "user":
        return asked.last_user_text
    if first == "tool" and path:
        newest = next((result.text for result in reversed(asked.tool_results) if result.name == path[0]), None)
        return found[0] if newest is None else _at(newest, path[1:], found[0])
    return found[0]


def _at(text: str, path: list[str], otherwise: str) -> Any:
    if not path:
        return text
    try:
        value: Any = json.loads(text)
        for step in path:
            value = value[int(step)] if isinstance(value, list) else value[step]
    except (ValueError, KeyError, IndexError, TypeError):
        return otherwise
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
