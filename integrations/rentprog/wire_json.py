"""JSON as RentProg and strangers send it: exact decimals, no NaN, a limit of depth, duplicate keys counted."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LONGEST_INTEGER = 300
"""Longer whole numbers become decimals: Python refuses to read an int of more than 4,300 digits."""


class BadJsonError(ValueError):
    """The text is not JSON that can be worked with."""


@dataclass(frozen=True, slots=True)
class Parsed:
    value: Any
    duplicate_keys: int


def parse_json(text: str | bytes, *, deepest: int) -> Parsed:
    """Of duplicate keys the last one wins. Lists and objects may be nested ``deepest`` levels."""
    duplicates = 0

    def as_object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal duplicates
        result = dict(pairs)
        duplicates += len(pairs) - len(result)
        return result

    return Parsed(_load(text, deepest, as_object), duplicates)


def parse_answer(text: str | bytes, *, deepest: int) -> Any:
    """The same without counting duplicates, for long answers: nobody is called for each object."""
    return _load(text, deepest, None)


def _load(text: str | bytes, deepest: int, as_object: Callable[[Sequence[tuple[str, Any]]], Any] | None) -> Any:
    try:
        value = json.loads(
            text, parse_float=Decimal, parse_int=_integer, parse_constant=_refuse, object_pairs_hook=as_object
        )
    except (ValueError, ArithmeticError, RecursionError) as error:  # an exponent beyond Decimal is arithmetic
        raise BadJsonError(f"not JSON: {type(error).__name__}") from None
    if _is_deeper(value, deepest):
        raise BadJsonError(f"nested deeper than {deepest}")
    return value


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= LONGEST_INTEGER else Decimal(digits)


def _refuse(constant: str) -> None:
    raise BadJsonError(f"{constant} is no JSON number")


def _is_deeper(value: Any, deepest: int) -> bool:
    """Level by level, so that a hostile depth costs no stack. Only lists and objects count as a level."""
    level: list[Any] = [value] if value.__class__ in _NESTS else []
    for _ in range(deepest + 1):
        inner = [parent.values() if parent.__class__ is dict else parent for parent in level]
        level = [child for children in inner for child in children if child.__class__ in _NESTS]
        if not level:
            return False
    return True


_NESTS = frozenset({dict, list})
