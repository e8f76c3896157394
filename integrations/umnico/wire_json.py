"""JSON as Umnico and strangers send it: a limit of depth, and only what Postgres can keep."""

import json
import re
from collections.abc import Mapping
from typing import Any

DEEPEST = 50
LARGEST_ID = 2**63 - 1
LONGEST_DIGITS = 300
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_ID = re.compile(r"[0-9]{1,19}")


class BadJsonError(ValueError):
    """The text is not JSON that can be worked with."""


def read_json(body: bytes) -> Any:
    """A value that jsonb takes: NUL and lone surrogates in texts become visible escapes of six characters."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_int=_integer, parse_float=_decimal, parse_constant=_refuse)
        return _storable(value, DEEPEST)
    except RecursionError:
        raise BadJsonError("nested too deep") from None
    except UnicodeDecodeError as error:
        raise BadJsonError(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise BadJsonError(f"not JSON at character {error.pos}") from None


def mapping(value: Any) -> Mapping[str, Any]:
    """An object as it is; anything else as an empty one, so that a missing part reads like an empty part."""
    return value if isinstance(value, dict) else {}


def identity(*candidates: Any) -> int | None:
    """The first that is an id, whether it came as 7 or "7"."""
    for candidate in candidates:
        number = int(candidate) if isinstance(candidate, str) and _ID.fullmatch(candidate) else candidate
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= LARGEST_ID:
            return number
    return None


def word(*candidates: Any) -> str | None:
    """The first that is a text or a number, as text; empty texts do not count."""
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.strip():
            return candidate.strip()
        if isinstance(candidate, int) and not isinstance(candidate, bool):
            return str(candidate)
    return None


def _integer(digits: str) -> int | str:
    """Python refuses to read an int of more than 4,300 digits; nothing of ours is that long."""
    return int(digits) if len(digits) <= LONGEST_DIGITS else digits


def _decimal(text: str) -> float | str:
    """A number beyond a float stays text: jsonb knows no infinity."""
    number = float(text)
    return number if abs(number) < float("inf") else text


def _refuse(constant: str) -> None:
    raise BadJsonError(f"{constant} is no JSON number")


def _storable(value: Any, levels_left: int) -> Any:
    if isinstance(value, str):
        return _NOT_STORABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
    if not isinstance(value, dict | list):
        return value
    if levels_left == 0:
        raise BadJsonError(f"nested deeper than {DEEPEST}")
    if isinstance(value, list):
        return [_storable(item, levels_left - 1) for item in value]
    return {_storable(key, 1): _storable(item, levels_left - 1) for key, item in value.items()}
