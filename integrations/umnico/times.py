"""Moments on Umnico's wire: milliseconds since 1970, or ISO 8601, where a text without an offset is UTC."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

_DIGITS = re.compile(r"[0-9]{1,17}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SMALLEST_MS = 10**11
"""Below this (March 1973 in milliseconds) a number is seconds: no chat is that old."""


def moment(value: Any) -> datetime | None:
    """The aware UTC moment; None where it cannot be read."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        return _from_iso(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number = float(value)
    if number <= 0:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=number if number >= _SMALLEST_MS else number * 1000)
    except (OverflowError, ValueError):
        return None


def _from_iso(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text.strip())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
