"""From which confidence a finding is believed: the branch's thresholds, else the settings', else those of the card."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from core.inspection.abilities import Ability
from core.inspection.damage import NEGATIVES, DamageKind
from core.settings import VisionSettings
from cv.found import Found
from cv.weights import ModelCard

FAINT = 0.7
"""The detector is asked for this share of each threshold: what is faint on one side may be confirmed by another, and
what was faint before is no new damage after."""


@dataclass(frozen=True, slots=True)
class Trust:
    """``own``: thresholds by kind that people set; ``by_label``: those of the card's classes that it advertises."""

    own: Mapping[DamageKind, float]
    by_label: Mapping[str, float]
    kinds: Mapping[str, DamageKind]
    abilities: Mapping[DamageKind, Ability]

    @classmethod
    def of(cls, card: ModelCard, settings: VisionSettings, branch: str | None) -> Self:
        return cls(
            own=settings.thresholds | settings.branch_thresholds.get(branch or "", {}),
            by_label={label: one.threshold for label, one in card.classes.items() if one.advertised},
            kinds={label: one.kind for label, one in card.classes.items()},
            abilities={one.kind: Ability(one.precision, one.recall) for one in card.classes.values() if one.advertised},
        )

    def threshold(self, found: Found) -> float | None:
        """None: this class is not believed at all, neither by its card nor by the settings."""
        return self.own.get(found.kind, self.by_label.get(found.label))

    def is_sure(self, found: Found) -> bool:
        """Sure enough to be shown as damage by this photo alone."""
        least = self.threshold(found)
        return found.kind not in NEGATIVES and least is not None and found.confidence >= least

    @property
    def to_ask(self) -> dict[DamageKind, float]:
        """What the detector is asked for, by kind."""
        least: dict[DamageKind, float] = {}
        for label, kind in self.kinds.items():
            threshold = self.own.get(kind, self.by_label.get(label))
            if threshold is not None:
                least[kind] = min(least.get(kind, 1.0), threshold)
        return {kind: round(threshold * FAINT, 4) for kind, threshold in least.items()}
