"""Locked entities: figures, dates, times, money, plates, links, phones and names that a translation must not touch."""

from agents.translator.locked.compare import compare
from agents.translator.locked.entity import Change, Difference, Entity, Kind
from agents.translator.locked.find import find
from agents.translator.locked.names import Name

__all__ = ["Change", "Difference", "Entity", "Kind", "Name", "compare", "find"]
