"""What must survive a translation unchanged, and what is said when it did not."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an entity is, in the word that a person is shown."""

    PLACEHOLDER = "placeholder"
    LINK = "link"
    EMAIL = "email"
    HANDLE = "handle"
    PHONE = "phone"
    NAME = "name"
    DATE = "date"
    WEEKDAY = "weekday"
    TIME = "time"
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    CODE = "code"
    """A plate, a flight, a document, a model: letters and digits that mean something only together."""


class Change(StrEnum):
    LOST = "lost"
    ADDED = "added"
    CHANGED = "changed"
    SWAPPED = "swapped"
    """All are there, but in another order: 50 for 2 days and 40 for 1 is not 40 for 2 days and 50 for 1."""


Reading = tuple[str, ...]
"""One canonical meaning, such as ``("date", "", "11", "24")``: equal readings are the same fact in any language."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One fact found in a text.

    Most have one reading. Where the form itself is open ("с 5 до 7 вечера": is the five 17:00?) there are several, and
    any of them may be met on the other side. ``is_optional`` marks words that often stand for no fact at all ("one",
    "second", German "ein"): they may answer a figure on the other side, but nobody misses them.
    """

    kind: Kind
    text: str
    start: int
    readings: frozenset[Reading]
    unit: str | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that did not come through: ``original`` is None when it was added, ``translated`` when it was lost.

    Facts that were swapped stand together, in the order of each side.
    """

    change: Change
    kind: Kind
    original: str | None
    translated: str | None

    def __str__(self) -> str:
        shown = (f'"{text}"' for text in (self.original, self.translated) if text is not None)
        return f"{self.kind} {self.change}: {' -> '.join(shown)}"
