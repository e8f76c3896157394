"""What the machine may be trusted with, said in a few lines: on the card of an inspection and in its report."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.commands.texts import Text
from core.inspection.damage import NEGATIVES, DamageKind


@dataclass(frozen=True, slots=True)
class Ability:
    """How good the weights were at one kind of damage when they were measured; None where nobody measured."""

    precision: float | None = None
    recall: float | None = None


def abilities(trusted: Mapping[DamageKind, Ability] | None) -> Text:
    """``trusted``: the kinds that the model card advertises. None or empty: nobody but people looked."""
    kinds = [kind for kind in DamageKind if kind in (trusted or {}) and kind not in NEGATIVES]
    if trusted is None or not kinds:
        return Text(key="abilities-none")
    blind = [
        kind for kind in DamageKind if kind not in NEGATIVES and kind not in trusted and kind is not DamageKind.OTHER
    ]
    lines = [_line(kind, trusted[kind]) for kind in kinds]
    unseen = [Text(key="abilities-blind-kind", args={"kind": str(kind)}) for kind in blind]
    rest = (Text(key="abilities-blind", parts=tuple(unseen), is_list=True),) if unseen else ()
    return Text(key="abilities-sees", parts=(*lines, *rest))


def as_json(trusted: Mapping[DamageKind, Ability]) -> dict[str, dict[str, float | None]]:
    """To keep with what was seen: weights may change, what they could do on that day does not."""
    return {str(kind): {"precision": one.precision, "recall": one.recall} for kind, one in trusted.items()}


def from_json(kept: Mapping[str, Mapping[str, float | None]] | None) -> dict[DamageKind, Ability] | None:
    if kept is None:
        return None
    return {
        DamageKind(kind): Ability(one.get("precision"), one.get("recall"))
        for kind, one in kept.items()
        if kind in set(DamageKind)
    }


def _line(kind: DamageKind, ability: Ability) -> Text:
    if ability.precision is None or ability.recall is None:
        return Text(key="abilities-kind", args={"kind": str(kind)})
    right, seen = round(ability.precision * 100), round(ability.recall * 100)
    return Text(key="abilities-kind-measured", args={"kind": str(kind), "right": right, "seen": seen})
