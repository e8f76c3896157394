"""Take a photo in, once, with its place in the chain of evidence, and tell whoever looks at that side of a car."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.inspections import form as forms
from agents.inspections.form import Form, noticed
from agents.inspections.frame import Frame
from agents.inspections.gates import Ruling, rule
from agents.inspections.look import Looked
from agents.inspections.orders import named, show_all, show_card, tell
from agents.spec import Outcome
from core.commands import NewCommand, Text
from core.events import (
    BodyPhotographed,
    DashboardPhotographed,
    DocumentPhotographed,
    Event,
    FluidsPhotographed,
    NewEvent,
    PhotoGiven,
    TrunkPhotographed,
)
from core.events.inspections import PhotoAccepted
from core.inspection.chain import START, PhotoProof, chain_hash
from core.inspection.views import Viewpoint
from db.queries import inspection_photos, inspections, people
from db.queries.inspection_photos import NewPhoto, Photo
from db.queries.inspections import Inspection
from db.session import Tx

_TOLD: dict[Viewpoint, type[PhotoAccepted]] = {
    Viewpoint.DASHBOARD: DashboardPhotographed,
    Viewpoint.FUEL: DashboardPhotographed,
    Viewpoint.TRUNK: TrunkPhotographed,
    Viewpoint.DOCUMENT: DocumentPhotographed,
    Viewpoint.FLUIDS: FluidsPhotographed,
}
"""Who else looks at a side; all others are the body of the car."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo as it was taken in, and the form it changes."""

    form: Form
    photo: NewPhoto
    ruling: Ruling
    now: datetime


async def take(tx: Tx, event: Event[PhotoGiven], frame: Frame) -> Outcome:
    looked = frame.looked
    form = None if looked is None else await forms.lock(tx, event.body.inspection_id)
    if looked is None or form is None:
        return Outcome(note="no such inspection, or no file")
    ruling = _ruling(form, looked, event.body, frame)
    photo = _photo(form, looked, event.body, ruling)
    if looked.is_taken_in or not await inspection_photos.put_photo(tx, photo):
        return Outcome(note="this photo was taken in before")
    await inspections.change(tx, form.inspection.id, {"chain_hash": photo.chain_hash, "touched_at": frame.now})
    form = await forms.read(tx, form.inspection.id)
    taken = Taken(form, photo, ruling, frame.now)
    match photo.state:
        case "accepted":
            return await _accepted(tx, event, taken)
        case "extra":
            return await _extra(tx, event, form)
        case _:
            return await _not_taken(tx, event, taken)


def _ruling(form: Form, looked: Looked, given: PhotoGiven, frame: Frame) -> Ruling:
    """What nobody asked for is kept and counts for nothing; a close-up counts whenever it comes."""
    is_asked = looked.target.step is not None and form.inspection.is_in_work
    ruling = rule(
        looked.sight,
        expected=looked.expected,
        refused_before=_refused_before(form.photos, looked.target.step),
        retakes=frame.photos.retakes,
    )
    if is_asked or looked.sight.refusal is not None:
        return ruling
    return Ruling("extra" if given.finding_id is None else "accepted")


def _refused_before(photos: tuple[Photo, ...], step: str | None) -> int:
    """How often the gates sent the person back; a picture that was used before is another matter."""
    return sum(photo.step == step and photo.state == "retake" and _is_faulty(photo) for photo in photos)


def _is_faulty(photo: Photo) -> bool:
    return bool(photo.verdict.get("reasons"))


def _photo(form: Form, looked: Looked, given: PhotoGiven, ruling: Ruling) -> NewPhoto:
    ordinal = len(form.photos) + 1
    proof = PhotoProof(
        inspection_id=form.inspection.id,
        ordinal=ordinal,
        sha256=looked.sha256,
        taken_at=looked.taken_at,
        received_at=looked.received_at,
        person_id=given.person_id,
        chat_id=given.chat_id,
        message_id=given.message_id,
    )
    return NewPhoto(
        id=looked.photo_id,
        inspection_id=form.inspection.id,
        ordinal=ordinal,
        step=looked.target.step,
        viewpoint=looked.target.viewpoint,
        state=ruling.state,
        storage_key=looked.storage_key,
        sha256=looked.sha256,
        chat_id=given.chat_id,
        message_id=given.message_id,
        person_id=given.person_id,
        received_at=looked.received_at,
        chain_hash=chain_hash(form.photos[-1].chain_hash if form.photos else START, proof),
        working_key=looked.working_key,
        phash64=looked.phash64,
        phash256=looked.phash256,
        width=looked.width,
        height=looked.height,
        exif=looked.exif,
        verdict=_verdict(looked, given, ruling),
        flags=(*looked.flags, *ruling.flags),
        finding_id=given.finding_id,
        taken_at=looked.taken_at,
    )


def _verdict(looked: Looked, given: PhotoGiven, ruling: Ruling) -> dict[str, Any]:
    """What was measured, and what the person was told."""
    sight = looked.sight
    said = {
        "reasons": list(sight.reasons),
        "refusal": sight.refusal,
        "other_plate": sight.other_plate,
        "is_same_picture": sight.is_same_picture or None,
        "unjudged": sight.unjudged,
        "album": given.media_group_id,
        "notice": None if ruling.notice is None else noticed(ruling.notice),
    }
    return {**{name: value for name, value in said.items() if value is not None}, **looked.measured}


async def _accepted(tx: Tx, event: Event[PhotoGiven], taken: Taken) -> Outcome:
    form, photo = taken.form, taken.photo
    news = (told_of(form.inspection, photo.id, photo.viewpoint),)
    if photo.step is None:
        return Outcome(events=news, commands=await show_card(tx, event, form.inspection), note="beside the steps")
    if photo.viewpoint is not Viewpoint.FLUIDS:
        await inspection_photos.replace_accepted(tx, form.inspection.id, photo.step, by=photo.id)
        form = await forms.go_on(tx, form, photo.step, now=taken.now, notice=taken.ruling.notice)
    return Outcome(events=news, commands=await show_all(tx, event, form.inspection), note=f"{photo.step} accepted")


async def _not_taken(tx: Tx, event: Event[PhotoGiven], taken: Taken) -> Outcome:
    """The reason stands on the form while it shows the step; of another step it is told when that one is shown."""
    form, step, notice = taken.form, taken.photo.step, taken.ruling.notice
    assert notice is not None
    note = f"{step or 'extra'} {taken.photo.state}: {notice.key}"
    if step is None or not form.inspection.is_in_work:
        return Outcome(commands=await _told(tx, event, notice), note=note)
    if step == form.inspection.step:
        form = await forms.say(tx, form, notice, now=taken.now)
    return Outcome(commands=await show_all(tx, event, form.inspection), note=note)


async def _extra(tx: Tx, event: Event[PhotoGiven], form: Form) -> Outcome:
    """Kept with the rest; said once for an album."""
    text = Text(key="photo-extra" if form.inspection.is_in_work else "photo-late", args=named(form.inspection))
    album = event.body.media_group_id
    key = "" if album is None else f"{form.inspection.id}:{album}"
    return Outcome(commands=await _told(tx, event, text, key=key), note="extra")


async def _told(tx: Tx, event: Event[PhotoGiven], text: Text, *, key: str = "") -> tuple[NewCommand, ...]:
    person = await people.by_id(tx, event.body.person_id)
    return () if person is None else (tell(event, person, text, key=key),)


def told_of(inspection: Inspection, photo_id: UUID, viewpoint: Viewpoint) -> NewEvent[PhotoAccepted]:
    body = _TOLD.get(viewpoint, BodyPhotographed)(inspection_id=inspection.id, photo_id=photo_id, viewpoint=viewpoint)
    return NewEvent(body=body, subject=inspection.subject, branch=inspection.branch)
