"""Look at a photo before anything is written: open it, keep a working copy, ask the gates, find its twins.

What is away must lose nothing: without storage or vision the photo is taken as it came, and that is said.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from agents.inspections.context import Context, is_video, load_context
from agents.inspections.gates import Sight, exif_flags, taken_at, used_before
from agents.inspections.walk import Target
from agents.spec import Deps
from core.errors import Broken, Temporary
from core.events import Event, PhotoGiven
from core.inspection.views import Viewpoint
from core.log import get_logger
from cv.opening import OpenedPhoto, PhotoRefused
from cv.plates.verdict import PlateVerdict
from cv.vision import Vision
from db.queries import inspection_photos
from storage.api import Storage
from storage.keys import sha256_of

log = get_logger(__name__)

REMEMBERED = timedelta(days=400)
"""A picture that was used longer ago is not looked for."""
TRIES = 2
"""How often a worker of vision may die over a photo, or storage not answer, before it is taken as it came."""
ALIKE = (Viewpoint.DASHBOARD, Viewpoint.FUEL, Viewpoint.DOCUMENT)
"""These look the same each time: only the very same file is a copy."""
UNGATED = (Viewpoint.CLOSE_UP, Viewpoint.FLUIDS, Viewpoint.VIDEO)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Looked:
    """All that is known of a photo. ``expected`` is the plate that should be on it, for the words about another."""

    photo_id: UUID
    target: Target
    sha256: str
    storage_key: str
    received_at: datetime
    sight: Sight
    expected: str | None = None
    working_key: str | None = None
    phash64: str | None = None
    phash256: str | None = None
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    exif: Mapping[str, Any] = field(default_factory=dict[str, Any])
    flags: tuple[dict[str, Any], ...] = ()
    measured: Mapping[str, Any] = field(default_factory=dict[str, Any])
    is_taken_in: bool = False


async def look_at(event: Event[PhotoGiven], deps: Deps) -> Looked | None:
    """None where there is nothing to look at: no such inspection, or no file."""
    given = event.body
    if given.file is None:
        return None
    sha256 = sha256_of(given.file.storage_key)
    context = await load_context(given, sha256, deps)
    if context is None:
        return None
    looked = Looked(
        photo_id=context.photo_id,
        target=context.target,
        sha256=sha256,
        storage_key=given.file.storage_key,
        received_at=event.occurred_at,
        sight=Sight(),
        is_taken_in=context.is_taken_in,
    )
    if context.is_taken_in or is_video(given):
        return looked
    return await _used(await _seen(looked, context, deps), context, deps)


async def _seen(looked: Looked, context: Context, deps: Deps) -> Looked:
    """Opened, kept and judged; what is away is written down instead."""
    if deps.storage is None:
        raise Broken("photos of inspections need a storage")
    if deps.vision is None:
        return _unjudged(looked, "vision is switched off")
    storage, vision = deps.storage, deps.vision
    try:
        content = await _patiently(lambda: storage.get(looked.storage_key))
        opened = await _patiently(lambda: vision.open_photo(content))
        looked = await _kept(looked, opened, storage, context, window=deps.settings.photos.time_window_minutes)
        return await _judged(looked, opened, context, vision)
    except PhotoRefused as refused:
        return replace(looked, sight=Sight(refusal=str(refused.reason)), measured={"is": refused.seen})
    except Temporary as away:
        log.warning("photo taken as it came", photo=str(looked.photo_id), why=str(away))
        return _unjudged(looked, str(away))


async def _kept(looked: Looked, opened: OpenedPhoto, storage: Storage, context: Context, *, window: int) -> Looked:
    """The working copy lies beside the original; where that fails, the original alone is looked at."""
    working = await _patiently(lambda: storage.put(opened.photo, content_type="image/jpeg"))
    taken = taken_at(opened.exif, ZoneInfo(context.inspection.timezone))
    facts = opened.exif
    return replace(
        looked,
        working_key=working.key,
        phash64=opened.phash64,
        phash256=opened.phash256,
        width=opened.original_width,
        height=opened.original_height,
        taken_at=taken,
        exif={
            "camera": facts.camera,
            "software": facts.software,
            "camera_clock": facts.camera_clock,
            "has_gps": facts.has_gps,
            "odd": [str(odd) for odd in facts.odd],
        },
        flags=exif_flags(facts, taken, looked.received_at, window),
    )


async def _judged(looked: Looked, opened: OpenedPhoto, context: Context, vision: Vision) -> Looked:
    target = looked.target
    if target.step is None or target.viewpoint in UNGATED:
        return looked
    judged = await _patiently(lambda: vision.judge(opened.photo, target.viewpoint))
    measured: dict[str, Any] = {
        "sharpness": judged.image.sharpness,
        "brightness": judged.image.brightness,
        "warnings": [str(warning) for warning in judged.image.warnings],
        "unsure": [str(unsure) for unsure in judged.view.unsure],
    }
    sight = Sight(reasons=tuple(str(reason) for reason in (*judged.image.reasons, *judged.view.reasons)))
    expected = context.expected
    if expected is None or sight.reasons:
        return replace(looked, sight=sight, measured=measured)
    plate = await _patiently(lambda: vision.check_plate(opened.photo, expected, context.fleet))
    measured["plate"] = {"verdict": str(plate.verdict), "read": plate.read, "other": plate.other, "why": plate.why}
    if plate.verdict is PlateVerdict.DISAGREES:
        sight = replace(sight, other_plate=plate.other or plate.read)
    return replace(looked, sight=sight, measured=measured, expected=expected)


def _unjudged(looked: Looked, why: str) -> Looked:
    return replace(looked, sight=Sight(unjudged=why))


async def _used(looked: Looked, context: Context, deps: Deps) -> Looked:
    """Whether the picture was used before: by this inspection for another side, or by another one."""
    if looked.target.step is None or looked.sight.refusal is not None:
        return looked
    is_alike = looked.target.viewpoint in ALIKE
    async with deps.db.transaction() as tx:
        twins = await inspection_photos.twins_of(
            tx,
            looked.photo_id,
            inspection_id=context.inspection.id,
            sha256=looked.sha256,
            phash64=None if is_alike else looked.phash64,
            phash256=None if is_alike else looked.phash256,
            since=looked.received_at - REMEMBERED,
        )
    is_here, reused = used_before(twins, context.inspection.id, looked.target.step, deps.settings.photos)
    return replace(looked, sight=replace(looked.sight, is_same_picture=is_here, reused=reused))


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Once more at once; what fails again is away."""
    for _ in range(TRIES - 1):
        try:
            return await ask()
        except Temporary as away:
            log.info("asked again", why=str(away))
    return await ask()
