"""Whether the fluids are in order: pure rules (business rules, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.queries.readings import Verdict

ASKED = ("oil", "coolant", "brake")
LEVELS = ("ok", "low", "critical")


@dataclass(frozen=True, slots=True)
class Fluids:
    """``short`` names what is low or critical, with its level."""

    verdict: Verdict
    short: tuple[tuple[str, str], ...] = ()

    @property
    def is_critical(self) -> bool:
        return any(level == "critical" for _, level in self.short)


def judge(levels: Mapping[str, str] | None) -> Fluids:
    """All three ok is ok; one that is low or critical is a problem; one that nobody looked at leaves it unclear."""
    told = {name: level for name, level in (levels or {}).items() if level in LEVELS}
    short = tuple((name, level) for name, level in told.items() if level != "ok")
    if short:
        return Fluids("problem", short)
    return Fluids("ok" if set(ASKED) <= set(told) else "unclear")
