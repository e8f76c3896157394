"""The record of the machine's findings: how often people agreed, and which threshold would have been right more."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core.inspection.damage import DamageKind

AIM = 0.8
"""The precision that a threshold is looked for."""
ENOUGH = 30
"""Decided findings of a kind below which no threshold is named."""
ENOUGH_ABOVE = 10
"""And so many of them must lie above the threshold."""

Verdict = Literal["confirmed", "kind_changed", "not_damage", "undecided", "missed"]
"""``missed``: a person added it, the machine had not said it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding and what a person made of it. ``model`` is the one that looked; None: none did."""

    model: str | None
    kind: DamageKind
    confidence: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of one model. ``precision`` counts a changed kind as wrong; None while nothing is decided."""

    model: str | None
    kind: DamageKind
    proposed: int
    confirmed: int
    kind_changed: int
    not_damage: int
    undecided: int
    missed: int
    precision: float | None
    threshold: float | None
    """From here on ``AIM`` of the decided ones were right."""
    threshold_why_not: str | None

    @property
    def decided(self) -> int:
        return self.confirmed + self.kind_changed + self.not_damage

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "kind": str(self.kind), "decided": self.decided}


def summed(findings: Iterable[Judged]) -> list[Line]:
    """A line for each model and kind, in the order of their names."""
    groups: dict[tuple[str, str], list[Judged]] = {}
    for one in findings:
        groups.setdefault((one.model or "", str(one.kind)), []).append(one)
    return [_line(members) for _, members in sorted(groups.items())]


def _line(members: Sequence[Judged]) -> Line:
    counts = {verdict: sum(one.verdict == verdict for one in members) for verdict in _VERDICTS}
    decided = [one for one in members if one.verdict in _DECIDED]
    threshold, why_not = right_threshold(decided)
    return Line(
        model=members[0].model,
        kind=members[0].kind,
        proposed=len(members) - counts["missed"],
        confirmed=counts["confirmed"],
        kind_changed=counts["kind_changed"],
        not_damage=counts["not_damage"],
        undecided=counts["undecided"],
        missed=counts["missed"],
        precision=round(counts["confirmed"] / len(decided), 3) if decided else None,
        threshold=threshold,
        threshold_why_not=why_not,
    )


_VERDICTS: tuple[Verdict, ...] = ("confirmed", "kind_changed", "not_damage", "undecided", "missed")
_DECIDED = frozenset({"confirmed", "kind_changed", "not_damage"})


def right_threshold(decided: Sequence[Judged]) -> tuple[float | None, str | None]:
    """The lowest confidence above which ``AIM`` of the findings were right; else None, and why.

    Only findings that were proposed are known, so it is never lower than the threshold they were proposed by.
    """
    scored = sorted(((one.confidence, one.verdict) for one in decided if one.confidence is not None), reverse=True)
    if len(scored) < ENOUGH:
        return None, f"{len(scored)} of {ENOUGH} decided findings"
    right, found = 0, None
    for place, (confidence, verdict) in enumerate(scored, start=1):
        right += verdict == "confirmed"
        # Findings of one confidence stand or fall together.
        is_border = place == len(scored) or scored[place][0] < confidence
        if is_border and place >= ENOUGH_ABOVE and right / place >= AIM:
            found = confidence
    return (found, None) if found is not None else (None, f"no threshold reaches {AIM:.0%}")
