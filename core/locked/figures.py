"""Written figures: 1.234,56 and 1,234.56 and 1 234,56; full dates in digits."""

import re
from decimal import Decimal

from core.locked.entity import Kind, Reading
from core.locked.sheet import Sheet

FIGURE = r"(?:(?<![^\s(])-)?(?:\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*)"
_ISO = re.compile(r"(?<![\w-])(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?![\w-])")
_FULL = re.compile(r"(?<![\w.,/-])(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})(?![\w/]|[.,]\d)")
_SLASHED = re.compile(r"(?<![\w.,/-])(\d{1,2})/(\d{1,2})(?![\w/]|[.,]\d)")
_COMMA_GROUPS = frozenset({"en", "he", "ar"})
_DOT_GROUPS = frozenset({"de", "tr"})
_LONGEST_COUNTED = 18


def take_full_dates(sheet: Sheet) -> None:
    sheet.take(Kind.DATE, _ISO, lambda match: date_readings(match[4], match[3], match[1]))
    sheet.take(Kind.DATE, _FULL, lambda match: _full_date(match[1], match[2], match[3], match[4]))
    sheet.take(Kind.DATE, _SLASHED, lambda match: _full_date(match[1], "/", match[2], ""))


def date_readings(day: str, month: str, year: str = "") -> list[Reading]:
    """One date, or nothing where no calendar has it."""
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return []
    return [("date", f"20{year}" if len(year) == 2 else year, str(int(month)), str(int(day)))]


def read_figure(written: str, language: str | None) -> str:
    """The canonical value: "1234.56".

    A figure that its language leaves open ("1.234": a thousand, or one and a bit?) reads as itself with a question
    mark, so it equals only a figure that is open in the same way.
    """
    sign, body = ("-", written[1:]) if written.startswith("-") else ("", written)
    body = body.replace(" ", "'")
    separators = [character for character in body if character in ".,'"]
    last = separators[-1] if separators else ""
    whole, _, fraction = body.rpartition(last) if last else (body, "", "")
    if not separators:
        value = _trimmed(body, "")
    elif len(set(separators)) == 1 and (len(separators) > 1 or last == "'"):
        value = _trimmed(re.sub(r"[.,']", "", body), "") if _is_grouped(body) else f"{body}?"
    elif len(set(separators)) > 1:
        is_clear = separators.count(last) == 1 and last != "'" and _is_grouped(whole)
        value = _trimmed(re.sub(r"[.,']", "", whole), fraction) if is_clear else f"{body}?"
    elif len(fraction) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        value = _thousand_or_fraction(whole, last, fraction, language)
    else:
        value = _trimmed(whole, fraction)
    return sign + value


def times(value: str, factor: int) -> str:
    """Such as "5" thousand is "5000"; what is too long to count stays as written."""
    if len(value) > _LONGEST_COUNTED or value.endswith("?"):
        return f"{value}*{factor}"
    return canonical(Decimal(value) * factor)


def canonical(value: Decimal) -> str:
    whole, _, fraction = f"{value:f}".partition(".")
    return _trimmed(whole, fraction)


def _full_date(first: str, separator: str, second: str, year: str) -> list[Reading]:
    """Dots mean day first; with slashes only a day above twelve tells, else the figures stay as they are."""
    if separator == "." or int(first) > 12:
        return date_readings(first, second, year)
    if int(second) > 12:
        return date_readings(second, first, year)
    return [("date?", year[-2:], str(int(first)), str(int(second)))]


def _thousand_or_fraction(whole: str, separator: str, fraction: str, language: str | None) -> str:
    groups = _COMMA_GROUPS if separator == "," else _DOT_GROUPS
    fractions = _DOT_GROUPS if separator == "," else _COMMA_GROUPS
    if language in groups:
        return _trimmed(whole + fraction, "")
    return _trimmed(whole, fraction) if language in fractions else f"{whole}.{fraction}?"


def _is_grouped(body: str) -> bool:
    first, *rest = re.split(r"[.,']", body)
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in rest)


def _trimmed(whole: str, fraction: str) -> str:
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
