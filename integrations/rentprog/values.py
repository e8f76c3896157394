"""RentProg's loose JSON values become exact Python values, or a `BadValueError` that says why not; never a guess."""

import re
from decimal import ROUND_HALF_UP, Decimal

from core.money import CENT, RENTPROG_CURRENCIES, Currency

LARGEST_INT = 2**31 - 1
LARGEST_ID = 2**63 - 1
LARGEST_MONEY = Decimal(10) ** 10

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_INTEGER = re.compile(r"([+-]?[0-9]{1,25})(?:\.0{1,25})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,25}(?:\.[0-9]{1,25})?", re.ASCII)
_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


class BadValueError(ValueError):
    """A value that cannot be read; ``reason`` is a short code for the quarantine."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_missing(value: object) -> bool:
    """JSON null, the empty text and the literal text "null" all mean "no value"."""
    return value is None or (isinstance(value, str) and value in {"", "null"})


def storable(text: str) -> str:
    """Text that Postgres takes: NUL and lone surrogates become visible escapes, as storable.py says."""
    if text.isascii() and "\x00" not in text:
        return text
    return _NOT_STORABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def identity(value: object) -> int | None:
    """An id as int, whether it came as 7 or "7"; ids are compared only in this form."""
    if value.__class__ is int:
        return _positive(value)  # pyright: ignore[reportArgumentType] - the exact class was just compared
    if is_missing(value):
        return None
    if isinstance(value, str) and _ID.fullmatch(value):
        return _positive(int(value))
    raise BadValueError("bad_id")


def required_identity(value: object) -> int:
    number = identity(value)
    if number is None:
        raise BadValueError("no_id")
    return number


def text(value: object) -> str | None:
    if value.__class__ is str:
        return None if value in {"", "null"} else storable(value)  # pyright: ignore[reportArgumentType] - as above
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise BadValueError("bad_text")


def integer(value: object) -> int | None:
    if value.__class__ is int:
        return _in_range(value)  # pyright: ignore[reportArgumentType] - as above
    if is_missing(value):
        return None
    if isinstance(value, Decimal | str) and (match := _INTEGER.fullmatch(str(value))):
        return _in_range(int(match[1]))
    raise BadValueError("bad_integer")


def number(value: object) -> Decimal | None:
    """An exact decimal, unrounded: rates carry more than two places."""
    if is_missing(value):
        return None
    if isinstance(value, bool):
        raise BadValueError("bad_number")
    if not isinstance(value, int | Decimal) and not (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise BadValueError("bad_number")
    result = Decimal(value)
    if not result.is_finite() or not -LARGEST_MONEY < result < LARGEST_MONEY:
        raise BadValueError("number_out_of_range")
    return result


def money(value: object) -> Decimal | None:
    """An amount rounded to cents, which also removes binary noise such as -12.299999999999997."""
    if value is None:
        return None
    amount = number(value)
    return None if amount is None else amount.quantize(CENT, rounding=ROUND_HALF_UP)


def optional_flag(value: object) -> bool | None:
    if value is True or value is False:
        return value
    if is_missing(value):
        return None
    if isinstance(value, int | str) and (flag := _FLAGS.get(str(value))) is not None:
        return flag
    raise BadValueError("bad_flag")


def flag(value: object) -> bool:
    """A flag that has no third state: nil is false, as RentProg's own Ruby reads it."""
    return optional_flag(value) is True


def currency(value: object) -> Currency:
    known = RENTPROG_CURRENCIES.get(identity(value) or 0)
    if known is None:
        raise BadValueError("unknown_currency")
    return known


def digits(phone: str | None) -> str | None:
    """``+1 (000) 000-00-01`` becomes ``10000000001``; a phone without a digit is none."""
    if phone is None:
        return None
    return "".join(character for character in phone if character in "0123456789") or None


def _positive(candidate: int) -> int:
    if not 0 < candidate <= LARGEST_ID:
        raise BadValueError("bad_id")
    return candidate


def _in_range(candidate: int) -> int:
    if not -LARGEST_INT <= candidate <= LARGEST_INT:
        raise BadValueError("number_out_of_range")
    return candidate
