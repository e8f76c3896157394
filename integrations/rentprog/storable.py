r"""Wire values in a form that Postgres jsonb takes, with nothing dropped.

The rule: NUL and lone surrogates become visible escapes (``\u0000``, six characters); decimals become floats where a
float says the same, else text; whole numbers of more than 300 digits are text.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from integrations.rentprog.values import storable

LONGEST_NUMBER = 300


def storable_tree(value: Any) -> Any:
    """Recursive: what `parse_json` gave is at most sixty levels deep."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Decimal):
        return _plain_number(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): storable_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_tree(item) for item in value]
    return value


def _plain_number(value: Decimal) -> float | str:
    short = value.is_finite() and len(value.as_tuple().digits) < LONGEST_NUMBER
    number = float(value) if short else float("inf")
    return number if short and Decimal(repr(number)) == value else str(value)
