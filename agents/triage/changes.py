"""What ``run`` hands to ``save``: the work to write down, or what is said."""

from dataclasses import dataclass
from enum import StrEnum

from agents.triage.context import Context
from agents.triage.decide import NewWork


class Said(StrEnum):
    HINT = "hint"
    WHICH_CAR = "which car"
    ANSWER = "answered"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Changes:
    """``answer`` goes with ``Said.ANSWER``."""

    context: Context
    work: NewWork | None = None
    said: Said | None = None
    answer: str = ""
