"""Measures the reading of dashboards on drawn ones, whose styles the reader was not trained on."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from cv.dashboard import DashboardReading, read_dashboard
from cv.drawn.dashboard_styles import label_faces, unseen_faces
from cv.drawn.dashboards import DrawnDashboard, any_dashboard, draw_dashboard

COUNT = 200
SEED = 11
FUEL_TOLERANCE = 5.0
"""Percentage points: the rule of full to full allows as much."""


@dataclass(frozen=True, slots=True)
class DashboardFigures:
    """Shares of the photos, 0..1; of fuel: of those with a gauge. ``lamps_right``: all colours, none too many."""

    photos: int
    odometer_right: float
    odometer_wrong: float
    odometer_not_read: float
    fuel_right: float
    fuel_wrong: float
    fuel_not_read: float
    lamps_right: float
    lamps_too_many: float
    seconds_per_photo: float


def measure(data: Path | None = None, count: int = COUNT) -> DashboardFigures:
    """``data``: a folder with fonts to draw in, beside those that the project brings; None: only the latter."""
    read = readings(sorted(data.rglob("*.ttf")) if data else [], count)
    odometer = [_judged(told.odometer_km, drawn.truth.odometer_km, 0) for drawn, told, _ in read]
    gauges = [(drawn, told) for drawn, told, _ in read if drawn.truth.fuel_gauge != "none"]
    fuel = [_judged(told.fuel_percent, drawn.truth.fuel_percent, FUEL_TOLERANCE) for drawn, told in gauges]
    lamps = [(sorted(drawn.truth.lamps), sorted(told.warning_lights)) for drawn, told, _ in read]
    return DashboardFigures(
        photos=len(read),
        odometer_right=odometer.count("right") / len(odometer),
        odometer_wrong=odometer.count("wrong") / len(odometer),
        odometer_not_read=odometer.count("not read") / len(odometer),
        fuel_right=fuel.count("right") / max(1, len(fuel)),
        fuel_wrong=fuel.count("wrong") / max(1, len(fuel)),
        fuel_not_read=fuel.count("not read") / max(1, len(fuel)),
        lamps_right=sum(drawn == told for drawn, told in lamps) / len(lamps),
        lamps_too_many=sum(len(told) > len(drawn) for drawn, told in lamps) / len(lamps),
        seconds_per_photo=sum(seconds for *_, seconds in read) / len(read),
    )


def readings(fonts: list[Path], count: int) -> list[tuple[DrawnDashboard, DashboardReading, float]]:
    """Each drawn dashboard, what was read, and in how many seconds."""
    rng = random.Random(SEED)  # noqa: S311 - fixed pictures, no secret
    faces = unseen_faces(fonts)
    labels = label_faces(faces)
    read = []
    for _ in range(count):
        drawn = draw_dashboard(any_dashboard(rng, faces, labels))
        started = time.perf_counter()
        told = read_dashboard(drawn.photo)
        read.append((drawn, told, time.perf_counter() - started))
    return read


def _judged(told: float | None, truth: float, tolerance: float) -> str:
    if told is None:
        return "not read"
    return "right" if abs(told - truth) <= tolerance else "wrong"
