"""The machine looks at one photo: what it sees is kept with the photo, with a picture of the marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agents.damage.drawing import Marked, draw
from agents.damage.pictures import Pictures
from agents.damage.seen import found_in, to_json
from agents.damage.trust import Trust
from core.errors import Broken, Rejected
from cv.pool import OutOfTime, WorkerDied
from db.queries.inspection_photos import Photo


@dataclass(frozen=True, slots=True)
class Looked:
    """``seen`` is what the photo's row keeps; ``overlay_key`` of None: there was nothing to mark."""

    photo_id: UUID
    seen: Mapping[str, Any]
    overlay_key: str | None = None


class UnseeableError(Exception):
    """The photo breaks the eyes or takes too long: trying again would not help, people look at it."""


async def look(photo: Photo, pictures: Pictures, trust: Trust) -> Looked | None:
    """None without weights. Raises ``UnseeableError``; what passes by itself is ``Temporary`` and comes again."""
    try:
        content = await pictures.fetch(photo.shown_key)
        detections = await pictures.ask(pictures.eyes.find_damage(content, trust.to_ask))
    except (Rejected, Broken, OutOfTime) as error:
        raise UnseeableError(type(error).__name__) from error
    except WorkerDied as died:
        if died.is_own_doing:
            raise UnseeableError(type(died).__name__) from died
        raise
    if detections is None:
        return None
    seen = to_json(detections, trust.abilities)
    sure = [one for one in found_in(seen) if trust.is_sure(one)]
    if not sure:
        return Looked(photo.id, seen)
    places = [Marked(number, one.box, one.polygon) for number, one in enumerate(sure, start=1)]
    return Looked(photo.id, seen, await draw(photo.shown_key, places, pictures))
