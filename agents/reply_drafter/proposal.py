"""What a run brings to its save: the answer, what it rests on, and the clock and settings it was made by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.reading_tools import Fact
from agents.reply_drafter.answer import DraftAnswer
from agents.reply_drafter.decide import Languages, Night
from core.settings import NightSettings


@dataclass(frozen=True, slots=True)
class Proposal:
    answer: DraftAnswer
    facts: tuple[Fact, ...]
    languages: Languages
    asked: str
    """All that the client waits to have answered."""
    why_held: str | None
    night: Night
    night_settings: NightSettings

    @property
    def used(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.id in self.answer.used)

    def facts_as_json(self, decision: str) -> list[dict[str, Any]]:
        """Every source, which of them were used, and by what score and threshold it was decided."""
        sources = [fact.as_json() | {"is_used": fact.id in self.answer.used} for fact in self.facts]
        weighed = f"intent {self.answer.intent}, score {self.answer.score:.2f} of {self.night_settings.min_score:.2f}"
        return [*sources, {"id": "decision", "tool": "night", "text": f"{weighed}: {decision}", "is_used": False}]


@dataclass(frozen=True, slots=True)
class Thought:
    """``proposal`` is None where there is nothing to propose."""

    now: datetime
    staff_language: str
    proposal: Proposal | None = None
