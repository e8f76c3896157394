"""What the gates need to know before they look at a photo: the form, what it has already, whose car it should be."""

from dataclasses import dataclass
from uuid import UUID

from agents.inspections.walk import EXTRA, Target, Walk, target_in_album, target_of, walk_of
from agents.spec import Deps
from core.events import PhotoGiven
from core.inspection.views import EXTERIOR, Viewpoint
from db.queries import inspection_answers, inspection_photos, inspections
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection

CONFIRMED = "right_car"
"""The flag of a photo with another plate that a person stood behind: the car is not doubted again."""


@dataclass(frozen=True, slots=True)
class Context:
    """``target`` is what the photo is for; ``expected`` the plate that should be on it, None where it is not looked at.

    ``is_taken_in``: this very photo is there already.
    """

    inspection: Inspection
    photo_id: UUID
    target: Target
    expected: str | None
    fleet: tuple[str, ...]
    is_taken_in: bool


async def load_context(given: PhotoGiven, sha256: str, deps: Deps) -> Context | None:
    """None for an inspection that is not known."""
    async with deps.db.transaction() as tx:
        inspection = await inspections.find(tx, given.inspection_id)
        if inspection is None:
            return None
        photos = await inspection_photos.photos_of(tx, inspection.id)
        answers = await inspection_answers.answers_of(tx, inspection.id)
        plate, fleet = await inspections.plates(tx, inspection.car_id)
    photo_id = inspection_photos.photo_id(inspection.id, given.chat_id, given.message_id, sha256)
    target = meant(given, inspection, walk_of(inspection.steps, inspection.position, photos, answers), photos)
    is_doubted = target.viewpoint in EXTERIOR and not is_confirmed(photos)
    return Context(
        inspection=inspection,
        photo_id=photo_id,
        target=target,
        expected=plate if is_doubted else None,
        fleet=fleet,
        is_taken_in=any(photo.id == photo_id for photo in photos),
    )


def meant(given: PhotoGiven, inspection: Inspection, walk: Walk, photos: list[Photo]) -> Target:
    """A close-up, a photo for a step, or one that nobody asked for."""
    if given.finding_id is not None:
        return Target(None, Viewpoint.CLOSE_UP)
    if is_video(given):
        return Target(None, Viewpoint.VIDEO)
    if not inspection.is_in_work:
        return EXTRA
    if given.media_group_id is None:
        return target_of(walk, given.step)
    album = [photo for photo in photos if photo.verdict.get("album") == given.media_group_id]
    if any(photo.state == "refused" and photo.verdict.get("other_plate") for photo in album):
        return EXTRA  # the car is in doubt: the rest of its photos prove nothing
    return target_in_album(walk, given.step, {photo.step for photo in album if photo.step is not None})


def is_confirmed(photos: list[Photo]) -> bool:
    return any(flag.get("flag") == CONFIRMED for photo in photos for flag in photo.flags)


def is_video(given: PhotoGiven) -> bool:
    file = given.file
    return file is not None and (file.media_kind in {"video", "animation"} or (file.mime or "").startswith("video/"))
