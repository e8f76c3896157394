"""``bench vision``: from a photo received to its overlay ready, what the eyes cost, and how well each of them sees.

Four inspections at once, twelve photos each, through the real processes: opened, judged, looked at for damage, marked.
``hand to hand``: each person sends the next photo when the last one is done; ``albums``: all 48 arrive in one moment.
Cars are drawn by the project. Figures of ability need data that is not in the project: ``--data`` names its folder.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import psutil

from core.inspection.views import EXTERIOR
from core.settings import VisionSettings, load_settings
from cv.marks import Mark
from cv.measure import drawn_photos, images_per_s, photos_of
from cv.vision import Vision, open_vision
from cv.weights import find_weights
from orchestrator.bench.machine import machine

INSPECTIONS, PHOTOS = 4, 12
WIDTHS = {"sent_as_photo": 1280, "sent_as_file": 4000}
"""Messengers make a photo smaller; a file is what the phone took: 12 megapixels."""
SPEED_PHOTOS = 40
FEEL_S, LOOK_S = 0.002, 0.05
ABILITIES = {"before_after": ("compare", "damage"), "plates": ("plates", "plates"), "odometer": ("dashboard", None)}
"""Figure: the part of cv that measures itself (``measure.measure``), and the folder of the data that it needs."""


def measure(data: Path | None = None) -> dict[str, Any]:
    about, settings = machine(), load_settings().vision
    flow = {name: asyncio.run(_flow(settings, drawn_photos(PHOTOS, width))) for name, width in WIDTHS.items()}
    return {
        "bench": "vision",
        "machine": about,
        "settings": {"workers": settings.workers, "threads": settings.threads, "memory_mb": settings.memory_mb},
        "inspections_at_once": INSPECTIONS,
        "photos_each": PHOTOS,
        "photo_to_overlay": flow,
        "detector": _speed(settings, data),
        **{name: _ability(part, folder, data) for name, (part, folder) in ABILITIES.items()},
        "targets": {"event_loop_lag_ms": 50, "memory_mb": 900},
    }


# -- the flow --------------------------------------------------------------------------------------------------------


@dataclass
class Watched:
    """The most that was seen, of the processes of vision together, and of one of them."""

    lag_s: float = 0.0
    rss_mb: float = 0.0
    pss_mb: float = 0.0
    largest_rss_mb: float = 0.0
    pids: set[int] = field(default_factory=set[int])


async def _flow(settings: VisionSettings, photos: list[bytes]) -> dict[str, Any]:
    vision = open_vision(settings)
    try:
        before = len(vision.pids())
        began = time.perf_counter()
        await _one(vision, photos, 0)
        first_s = time.perf_counter() - began
        figures: dict[str, Any] = {"megabytes_each": round(sum(map(len, photos)) / len(photos) / 1e6, 2)}
        figures |= {"processes_before_the_first_photo": before, "first_photo_s": round(first_s, 2)}
        async with _watched(vision) as watched:
            figures["hand_to_hand"] = _summary(await _hand_to_hand(vision, photos))
            figures["albums"] = _summary(await _albums(vision, photos))
    finally:
        await vision.aclose()
    figures["event_loop_lag_ms_max"] = round(watched.lag_s * 1000, 1)
    figures["memory_mb"] = {
        "rss_of_all": round(watched.rss_mb),
        "pss_of_all": round(watched.pss_mb),
        "rss_of_the_largest": round(watched.largest_rss_mb),
    }
    figures["processes"] = len(watched.pids)
    return figures


async def _one(vision: Vision, photos: list[bytes], number: int) -> float:
    """Seconds from the photo to its overlay."""
    began = time.perf_counter()
    opened = await vision.open_photo(photos[number])
    await vision.judge(opened.photo, EXTERIOR[number % len(EXTERIOR)])
    seen = await vision.find_damage(opened.photo)
    found = () if seen is None else seen.findings
    marks = [Mark(number=place, box=one.box, polygon=one.polygon) for place, one in enumerate(found, start=1)]
    await vision.draw_overlay(opened.photo, marks)
    return time.perf_counter() - began


async def _hand_to_hand(vision: Vision, photos: list[bytes]) -> list[float]:
    async def inspection() -> list[float]:
        return [await _one(vision, photos, number) for number in range(PHOTOS)]

    rounds = await asyncio.gather(*(inspection() for _ in range(INSPECTIONS)))
    return [seconds for one in rounds for seconds in one]


async def _albums(vision: Vision, photos: list[bytes]) -> list[float]:
    numbers = [number for _ in range(INSPECTIONS) for number in range(PHOTOS)]
    return list(await asyncio.gather(*(_one(vision, photos, number) for number in numbers)))


def _summary(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_s": round(ordered[len(ordered) // 2], 3),
        "p95_s": round(ordered[int(len(ordered) * 0.95)], 3),
        "worst_s": round(ordered[-1], 3),
    }


@asynccontextmanager
async def _watched(vision: Vision) -> AsyncGenerator[Watched]:
    watched = Watched()
    async with asyncio.TaskGroup() as group:
        watching = [group.create_task(_feel(watched)), group.create_task(_look(vision, watched))]
        yield watched
        for one in watching:
            one.cancel()


async def _feel(watched: Watched) -> None:
    """How late a short sleep of the loop wakes up."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(FEEL_S)
        watched.lag_s = max(watched.lag_s, time.perf_counter() - began - FEEL_S)


async def _look(vision: Vision, watched: Watched) -> None:
    """In a thread: to read a process's share of memory takes milliseconds."""
    while True:
        pids = vision.pids()
        sizes = await asyncio.to_thread(_sizes, pids)
        watched.pids |= set(pids)
        watched.rss_mb = max(watched.rss_mb, sum(rss for rss, _ in sizes))
        watched.pss_mb = max(watched.pss_mb, sum(pss for _, pss in sizes))
        watched.largest_rss_mb = max([watched.largest_rss_mb, *(rss for rss, _ in sizes)])
        await asyncio.sleep(LOOK_S)


def _sizes(pids: tuple[int, ...]) -> list[tuple[float, float]]:
    return [_size(pid) for pid in pids]


def _size(pid: int) -> tuple[float, float]:
    try:
        told = psutil.Process(pid).memory_full_info()
    except psutil.NoSuchProcess:
        return 0.0, 0.0
    return told.rss / 1e6, told.pss / 1e6


# -- the abilities ---------------------------------------------------------------------------------------------------


def _speed(settings: VisionSettings, data: Path | None) -> dict[str, Any] | str:
    weights = find_weights(settings)
    if weights is None:
        return "no weights"
    folder = None if data is None else data / "damage" / "valid"
    is_given = folder is not None and folder.is_dir()
    photos = photos_of(folder, SPEED_PHOTOS) if folder and is_given else drawn_photos(8, 640)
    return {
        "model": weights.card.title,
        "photos": "damage/valid" if is_given else "drawn, 640 px",
        "threads": weights.threads,
        "images_per_s": images_per_s(photos, weights),
    }


def _ability(part: str, folder: str | None, data: Path | None) -> Any:
    place = None if data is None or folder is None else data / folder
    if folder is not None and (place is None or not place.is_dir()):
        return f"no data: --data names the folder that holds {folder}/"
    measured: Callable[[Path | None], Any] = import_module(f"cv.{part}.measure").measure
    return _plain(measured(place))


def _plain(figures: Any) -> Any:
    """Figures as JSON knows them; a part may measure under several names."""
    if is_dataclass(figures) and not isinstance(figures, type):
        return _plain(asdict(figures))
    if isinstance(figures, Mapping):
        return {str(name): _plain(one) for name, one in cast("Mapping[object, object]", figures).items()}
    return round(figures, 3) if isinstance(figures, float) else figures
