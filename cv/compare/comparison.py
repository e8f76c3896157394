"""How a comparison is told: values that need no library of pictures."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """What became of lining up."""

    REGISTERED = "registered"
    TOO_FEW_FEATURES = "too_few_features"
    TOO_FEW_MATCHES = "too_few_matches"
    DEGENERATE = "degenerate"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Indices into ``known`` and ``found`` of the call.

    ``matches``: (known, found), one known may meet several. ``new``: found and surely not there before. ``unsure``:
    the place could not be compared, or, of those in ``changed``, it lies where something known is and looks otherwise.
    ``gone``: known and in view, but found no more. When the photos could not be lined
    up every finding is unsure and ``why`` says what was missing.
    """

    registered: bool
    inliers: int
    matches: tuple[tuple[int, int], ...]
    new: tuple[int, ...]
    unsure: tuple[int, ...]
    changed: tuple[int, ...]
    gone: tuple[int, ...]
    why: Why
