"""The dashboard on a photo: mileage, fuel and lit lights, each with how sure it is; what cannot be read is None."""

from dataclasses import dataclass
from datetime import timedelta

MOST_KM_A_DAY = 1_500
"""``vision``: more than that nobody drives between two photos."""


@dataclass(frozen=True, slots=True)
class DashboardHint:
    """What is known before: used to choose between numbers that were read, never to make one up."""

    last_km: int
    since: timedelta = timedelta(days=30)

    def is_plausible(self, km: int) -> bool:
        days = max(1.0, self.since / timedelta(days=1))
        return self.last_km <= km <= self.last_km + days * MOST_KM_A_DAY


@dataclass(frozen=True, slots=True)
class DashboardReading:
    """``odometer_km``, ``fuel_percent`` (0..100): None where it cannot be read.

    ``warning_lights``: the colour of each lit light, "red", "amber", "green" or "blue", one entry a light: the symbols
    are not told apart. ``why``: why there is no mileage, "" if there is one.
    """

    odometer_km: int | None
    odometer_confidence: float
    fuel_percent: float | None
    fuel_confidence: float
    warning_lights: tuple[str, ...]
    why: str = ""


def read_dashboard(photo: bytes, hint: DashboardHint | None = None) -> DashboardReading:
    """``photo`` is an opened photo (JPEG) of the whole dashboard or of its display."""
    from cv.dashboard.figures import find_all
    from cv.dashboard.fuel import read_fuel
    from cv.dashboard.lamps import lit_lamps
    from cv.dashboard.odometer import read_odometer
    from cv.reading import colour_image

    picture = colour_image(photo)
    seen = find_all(picture)
    odometer = read_odometer(picture, seen, hint)
    fuel = read_fuel(picture, seen)
    return DashboardReading(
        odometer_km=odometer.km,
        odometer_confidence=odometer.confidence,
        fuel_percent=None if fuel is None else fuel.percent,
        fuel_confidence=0.0 if fuel is None else fuel.confidence,
        warning_lights=lit_lamps(picture, seen),
        why=odometer.why,
    )
