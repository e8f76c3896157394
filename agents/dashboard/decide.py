"""What vision read on the instruments, as proposals: closed answers, and nothing that it is not sure enough of."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from agents.dashboard.check import check_mileage
from core.settings import Settings
from db.queries.readings import Known, Reading, Seen

if TYPE_CHECKING:
    from cv.dashboard import DashboardReading


def read_with(
    photo: Seen, found: "DashboardReading", known: Sequence[Known], *, settings: Settings, now: datetime
) -> tuple[Reading, ...]:
    """Mileage and fuel; of a photo of the gauge alone only fuel counts, if there is no mileage on it."""
    least = settings.vision.min_confidence
    mileage, fuel = unread(photo, now, found.why)
    if found.odometer_km is not None and found.odometer_confidence >= least:
        limit = settings.operations.max_km_per_day
        checked = check_mileage(found.odometer_km, known, now=now, max_km_per_day=limit)
        mileage = Reading(
            inspection_id=photo.inspection_id,
            topic="mileage",
            verdict=checked.verdict,
            at=now,
            value={"km": found.odometer_km, "known": None if checked.known is None else checked.known.km},
            confidence=found.odometer_confidence,
            why=checked.why,
            photo_id=photo.photo_id,
        )
    if found.fuel_percent is not None and found.fuel_confidence >= least:
        fuel = Reading(
            inspection_id=photo.inspection_id,
            topic="fuel",
            verdict="ok",
            at=now,
            value={"percent": found.fuel_percent, "warning_lights": list(found.warning_lights)},
            confidence=found.fuel_confidence,
            photo_id=photo.photo_id,
        )
    is_gauge_alone = photo.viewpoint != "dashboard" and mileage.verdict == "unclear"
    return (fuel,) if is_gauge_alone else (mileage, fuel)


def unread(photo: Seen, now: datetime, why: str) -> tuple[Reading, Reading]:
    """Nothing was read: a person says it."""
    mileage = Reading(photo.inspection_id, "mileage", "unclear", now, why=why, photo_id=photo.photo_id)
    return mileage, Reading(photo.inspection_id, "fuel", "unclear", now, why=why, photo_id=photo.photo_id)
