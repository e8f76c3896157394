"""A text from which the passes take entities, each leaving filler behind."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.locked.entity import Entity, Kind, Reading
from core.locked.plain import FILLER


@dataclass(slots=True)
class Sheet:
    text: str
    entities: list[Entity] = field(default_factory=list[Entity])

    def take(self, kind: Kind, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Sequence[Reading]]) -> None:
        """Take every match that has a reading; the others stay for the passes that follow."""

        def taken(match: re.Match[str]) -> str:
            readings = read(match)
            if not readings:
                return match[0]
            self.entities.append(Entity(kind, match[0].strip(), match.start(), frozenset(readings)))
            return FILLER * len(match[0])

        self.text = pattern.sub(taken, self.text)
