"""What of the kit is missing, and whether it went with this client: pure rules (business rules, section 7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from db.queries.readings import Verdict


@dataclass(frozen=True, slots=True)
class Kit:
    """``lost`` of what is missing was there at the hand-over of the same booking."""

    verdict: Verdict
    missing: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def judge(kit: Sequence[str], present: Collection[str] | None, before: Collection[str] | None) -> Kit:
    """``present`` of None: nobody ticked the kit, so nothing is known; ``before`` of None: nothing to compare with."""
    if present is None:
        return Kit("unclear")
    missing = tuple(item for item in kit if item not in present)
    lost = tuple(item for item in missing if before is not None and item in before)
    return Kit("problem" if missing else "ok", missing, lost)
