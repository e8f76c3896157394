"""Words of figures, dates, clock times and money in the seven languages."""

from core.locked.words.calendar import MONTHS, WEEKDAYS
from core.locked.words.clock import MARKERS, UNITS
from core.locked.words.figures import NUMBERS
from core.locked.words.money import MONEY

__all__ = ["MARKERS", "MONEY", "MONTHS", "NUMBERS", "UNITS", "WEEKDAYS"]
