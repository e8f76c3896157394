"""Words of figures, dates, clock times and money in the seven languages."""

from agents.translator.locked.words.calendar import MONTHS, WEEKDAYS
from agents.translator.locked.words.clock import MARKERS, UNITS
from agents.translator.locked.words.figures import NUMBERS
from agents.translator.locked.words.money import MONEY

__all__ = ["MARKERS", "MONEY", "MONTHS", "NUMBERS", "UNITS", "WEEKDAYS"]
