"""Facts: what the tools answered, and whether a text claims anything that none of them said."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from core.locked import Entity, Kind, find
from core.locked.entity import Reading

_ALWAYS_FOUNDED = frozenset({Kind.LINK, Kind.EMAIL, Kind.HANDLE, Kind.PHONE, Kind.PLACEHOLDER})
"""A stranger could have planted these, so even a small one has to be a tool's."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer of one tool. ``text`` says every figure of it in plain English, so that a text can be held to it."""

    id: str
    tool: str
    text: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def unfounded(text: str, facts: Iterable[Fact], language: str | None = None) -> list[Entity]:
    """Every figure, date, time, amount, code, link and address in ``text`` that no fact holds.

    A number may stand without its unit, never with another one; an amount needs its currency. A date may leave out its
    year. What is a word as often as a figure ("one") counts only beside a unit.
    """
    known = _Known.of(facts)
    return [entity for entity in find(text, language=language) if not known.holds(entity)]


@dataclass(frozen=True, slots=True)
class _Known:
    readings: frozenset[Reading]
    with_unit: frozenset[tuple[Reading, str | None]]

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "_Known":
        entities = [entity for fact in facts for entity in find(fact.text, language="en")]
        readings = {wider for entity in entities for reading in entity.readings for wider in _wider(reading)}
        return cls(
            frozenset(readings), frozenset((reading, entity.unit) for entity in entities for reading in entity.readings)
        )

    def holds(self, entity: Entity) -> bool:
        if entity.is_optional and entity.unit is None and entity.kind not in _ALWAYS_FOUNDED:
            return True
        if entity.unit is not None:
            return any((reading, entity.unit) in self.with_unit for reading in entity.readings)
        return not self.readings.isdisjoint(entity.readings)


def _wider(reading: Reading) -> set[Reading]:
    """A date is also that day of any year, and that month."""
    match reading:
        case ("date", _, month, day):
            return {reading, ("date", "", month, day), ("date", "", month, "")}
        case _:
            return {reading}
