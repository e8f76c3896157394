"""Locked entities: figures, dates, times, money, plates, links, phones and names that a translation must not touch."""

from core.locked.compare import compare, reordered
from core.locked.entity import Change, Difference, Entity, Kind
from core.locked.find import find
from core.locked.names import Name

__all__ = ["Change", "Difference", "Entity", "Kind", "Name", "compare", "find", "reordered"]
