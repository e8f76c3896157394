"""Clock times: "5 PM", "17 Uhr", "в 5 вечера", "الساعة 5 مساء" are 17:00."""

from core.locked.entity import Reading
from core.locked.items import Item
from core.locked.words import MARKERS, UNITS

_STEPPED_OVER = frozenset(
    {"in", "the", "at", "am", "der", "אחר", "في", "часа", "часов", "час", "saat", "uhr", "oclock", "clock"}
)
_HALVES = {
    "morning": "am", "afternoon": "pm", "evening": "pm", "night": "night",
    "morgen": "am", "vormittag": "am", "nachmittag": "pm", "abend": "pm", "nacht": "night",
}  # fmt: skip
_ALSO_DURATIONS = frozenset({"дня", "ночи"})
_AT = frozenset({"в", "к", "до", "с", "после"})
_MARKED_BEFORE = frozenset({"sabah", "aksam", "akşam", "gece", "öğleden", "öğlen", "დილის", "საღამოს", "დღის", "ღამის"})
_REACH = 4


def clock_readings(items: list[Item], index: int) -> tuple[list[Reading], bool]:
    """The time an item names, and whether it can be nothing but a time."""
    hours, minutes = _hours_and_minutes(items[index])
    if hours is None or hours > 24 or minutes > 59:
        return [], False
    half, is_certain = _half_of_day(items, index)
    is_clock = items[index].kind == "clock"
    if half:
        return [_time(_in_half(hours, half), minutes)], is_clock or is_certain
    if is_clock:
        return [_time(hours, minutes)], True
    is_asked = _is_at_the_hour(items, index) or (":" not in items[index].figure and minutes > 0)
    return ([_time(hours, minutes)] if is_asked else []), False


def _hours_and_minutes(item: Item) -> tuple[int | None, int]:
    """Such as "17:30", "17h30" and "17.30"; a bare figure is the hour."""
    written = (item.figure or item.value or item.text).replace("h", ":").replace(".", ":")
    parts = written.split(":")
    if len(parts) > 3 or not all(part.isdigit() and len(part) <= 2 for part in parts):
        return None, 0
    if item.kind == "quantity" and len(parts) > 1 and len(parts[1]) != 2:
        return None, 0
    return int(parts[0]), int(parts[1]) if len(parts) > 1 else 0


def _half_of_day(items: list[Item], index: int) -> tuple[str | None, bool]:
    before = _word(items, index - 1)
    stepped = False
    for distance in range(1, _REACH):
        if index + distance >= len(items) or items[index + distance].gap.strip(" -'"):
            break
        word = _word(items, index + distance)
        half = (_HALVES.get(word) if stepped else None) or _marker(word)
        if word == "am" and _HALVES.get(_word(items, index + distance + 1)):
            half = None
        if half in {"am", "pm", "night"}:
            is_open = word in _ALSO_DURATIONS and not stepped
            return (half, False) if before in _AT and is_open else (None if is_open else half, not is_open)
        if word not in _STEPPED_OVER:
            break
        stepped = True
    return _half_before(items, index), False


def _half_before(items: list[Item], index: int) -> str | None:
    """Turkish and Georgian say the half first: "akşam saat 5'te", "საღამოს 5 საათზე"."""
    before = index - 2 if _word(items, index - 1) in {"saat", "sonra"} else index - 1
    before -= _word(items, before) == "sonra"
    word = _word(items, before)
    if word not in _MARKED_BEFORE:
        return None
    is_georgian = word[0] > "\u10cf"
    needs_hour = is_georgian and items[index].kind == "quantity"
    return _marker(word) if not needs_hour or _word(items, index + 1).startswith("საათ") else None


def _is_at_the_hour(items: list[Item], index: int) -> bool:
    """Such as "5 o'clock", "17 Uhr", "الساعة 5", "в 17 часов"; "17 часов" alone is how long, not when."""
    after, before = _word(items, index + 1), _word(items, index - 1)
    if _marker(after) == "clock" or (_marker(before) == "before" and _unit(after) is None):
        return True
    return before in _AT and after in {"час", "часа", "часов", "часам"}


def _in_half(hours: int, half: str) -> int:
    if half == "am":
        return 0 if hours == 12 else hours
    if half == "pm":
        return hours if hours >= 12 else hours + 12
    return {12: 0}.get(hours, hours + 12 if 6 <= hours < 12 else hours)


def _time(hours: int, minutes: int) -> Reading:
    return ("time", f"{hours % 24:02}:{minutes:02}")


def _word(items: list[Item], index: int) -> str:
    return items[index].text.casefold() if 0 <= index < len(items) and items[index].kind == "word" else ""


def _marker(word: str) -> str | None:
    meaning = MARKERS.find(word) if word else None
    return meaning.value if meaning else None


def _unit(word: str) -> str | None:
    meaning = UNITS.find(word) if word else None
    return meaning.value if meaning else None
