"""Whether a photo counts: pure rules over what was seen on it, the worst reason first.

A refusal of the file and a plate of another car come first; then a picture that was used before, then what the gates
say of sharpness, light and view. What a machine could not tell passes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.commands import Text
from core.settings import PhotosSettings
from cv.opening import ExifFacts
from db.queries.inspection_photos import Twin

WORST_FIRST = (
    "too_dark",
    "too_bright",
    "blurred",
    "no_vehicle",
    "wrong_view",
    "cut_off",
    "too_near",
    "too_far",
    "too_small",
    "dirty_or_wet",
)
"""What hides everything else comes first: in the dark, or in a blur, no car is seen either."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen on one photo.

    ``refusal`` names why it is no picture at all; ``reasons`` are the gates'; ``other_plate`` is the plate that was
    read where it is not the expected one; ``unjudged`` says why no machine looked.
    """

    refusal: str | None = None
    reasons: tuple[str, ...] = ()
    other_plate: str | None = None
    is_same_picture: bool = False
    """The inspection has this picture for another step already."""
    reused: Twin | None = None
    """Another inspection has it."""
    unjudged: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """``state`` of the photo, what the form says about it, and the flags that stay with it."""

    state: str
    notice: Text | None = None
    flags: tuple[dict[str, Any], ...] = field(default_factory=tuple)


def rule(sight: Sight, *, expected: str | None, refused_before: int, retakes: int) -> Ruling:
    """``refused_before``: how often the gates asked for this step again already."""
    flags = _used_flags(sight)
    if sight.refusal is not None:
        return Ruling("refused", Text(key="photo-refused", args={"reason": sight.refusal}), flags)
    if sight.other_plate is not None:
        args: dict[str, str | int] = {"read": sight.other_plate, "expected": expected or "—"}
        flags = (*flags, {"flag": "other_plate", "read": sight.other_plate})
        return Ruling("refused", Text(key="photo-other-car", args=args), flags)
    if sight.is_same_picture:
        return Ruling("retake", Text(key="photo-same-picture"), flags)
    if sight.reused is not None:
        return Ruling("retake", Text(key="photo-reused", args={"number": str(sight.reused.number)}), flags)
    judged = _judged(sight, is_patient=refused_before < retakes)
    return replace(judged, flags=(*flags, *judged.flags))


def _judged(sight: Sight, *, is_patient: bool) -> Ruling:
    worst = worst_of(sight.reasons)
    if worst is None:
        notice = None if sight.unjudged is None else Text(key="photo-unjudged")
        unjudged = () if sight.unjudged is None else ({"flag": "unjudged", "why": sight.unjudged},)
        return Ruling("accepted", notice, unjudged)
    if is_patient:
        return Ruling("retake", Text(key="photo-retake", args={"reason": worst}))
    return Ruling("accepted", Text(key="photo-taken-as-is"), ({"flag": "faulty", "reason": worst},))


def worst_of(reasons: Iterable[str]) -> str | None:
    """The reason that is told; one that is not in the table comes last."""
    ranked = sorted(reasons, key=lambda reason: WORST_FIRST.index(reason) if reason in WORST_FIRST else 99)
    return ranked[0] if ranked else None


def _used_flags(sight: Sight) -> tuple[dict[str, Any], ...]:
    if sight.reused is None:
        return ()
    return ({"flag": "reused", "inspection": sight.reused.number, "photo_id": str(sight.reused.photo_id)},)


def used_before(
    twins: Sequence[Twin], inspection_id: UUID, step: str | None, settings: PhotosSettings
) -> tuple[bool, Twin | None]:
    """Whether this inspection has the picture for another step, and the other inspection that has it."""
    if not settings.reject_duplicates:
        return False, None
    is_here = any(
        twin.inspection_id == inspection_id and twin.state == "accepted" and twin.step != step for twin in twins
    )
    return is_here, next((twin for twin in twins if twin.inspection_id != inspection_id), None)


def taken_at(facts: ExifFacts, zone: ZoneInfo) -> datetime | None:
    """A camera's clock without a zone is that of the branch."""
    if facts.taken_at is not None or facts.camera_clock is None:
        return facts.taken_at
    return datetime.fromisoformat(facts.camera_clock).replace(tzinfo=zone)


def exif_flags(
    facts: ExifFacts, taken: datetime | None, received: datetime, window_minutes: int
) -> tuple[dict[str, Any], ...]:
    """What is odd about a photo's own words; it is shown, and refuses nothing."""
    odd = tuple({"flag": "odd_exif", "what": str(what)} for what in facts.odd)
    away = timedelta(0) if taken is None else abs(received - taken)
    if away <= timedelta(minutes=window_minutes):
        return odd
    return (*odd, {"flag": "other_time", "minutes": int(away / timedelta(minutes=1))})
