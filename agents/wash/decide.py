"""Whether a car is clean, out of what its sides look like: unclear is never a pass."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from db.queries.readings import Verdict


@dataclass(frozen=True, slots=True)
class Side:
    verdict: Verdict
    confidence: float
    why: str

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Clean:
    """``confidence`` is that of the side which decided."""

    verdict: Verdict
    confidence: float | None
    why: str


def side_of(verdict: str, confidence: float, why: str, *, least: float) -> Side:
    """``pass`` and ``fail`` count from the least confidence on."""
    known: dict[str, Verdict] = {"pass": "ok", "fail": "problem"}
    told = known.get(verdict, "unclear") if confidence >= least else "unclear"
    return Side(told, confidence, why)


def judge(sides: Mapping[str, Side], asked: Collection[str], *, sure: float) -> Clean:
    """Dirty as soon as one side is; clean when every side that is asked for surely is; else a person looks."""
    dirty = [side for side in sides.values() if side.verdict == "problem"]
    if dirty:
        worst = max(dirty, key=lambda side: side.confidence)
        return Clean("problem", worst.confidence, worst.why)
    least = min(sides.values(), key=lambda side: (side.verdict == "ok", side.confidence), default=None)
    if least is None or not set(asked) <= set(sides):
        return Clean("unclear", None, "not every side is there yet")
    if least.verdict != "ok" or least.confidence < sure:
        return Clean("unclear", least.confidence, least.why)
    return Clean("ok", least.confidence, least.why)
