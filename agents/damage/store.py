"""Write down what the machine saw and what people decided, under the lock of the inspection, and say what follows."""

from typing import Any

from agents.damage import deciding, holding, reviewing
from agents.damage.changes import Examined, Frame, Seen
from agents.damage.orders import show_finding
from agents.damage.telling import ask_verifiers
from agents.spec import Outcome
from core.errors import Broken, Temporary
from core.events import (
    BodyPhotographed,
    Event,
    FindingAdded,
    FindingDecided,
    HoldDecided,
    InspectionExamined,
    InspectionSubmitted,
    NewEvent,
    ReviewFinished,
)
from db.queries import findings, inspection_photos, inspections
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:  # noqa: PLR0911 - one line for each event
    changes = outcome.changes
    match event.body, changes:
        case (_, None):
            return outcome
        case (BodyPhotographed(), Seen()):
            return await _seen(tx, event, changes, outcome)
        case (InspectionSubmitted(), Examined()):
            return await _examined(tx, event, changes)
        case (FindingDecided(), Frame()):
            return await deciding.decide(tx, event, changes)
        case (FindingAdded(), Frame()):
            return await deciding.add(tx, event, changes)
        case (ReviewFinished(), Frame()):
            return await reviewing.finish(tx, event, changes)
        case (HoldDecided(), Frame()):
            return await holding.decide(tx, event, changes)
        case _:
            raise Broken(f"no rule for {event.body.kind}")


async def _seen(tx: Tx, event: Event[BodyPhotographed], changes: Seen, outcome: Outcome) -> Outcome:
    """Nothing is shown yet, but for a better photo that somebody asked for: then they are asked again."""
    inspection = await inspections.lock(tx, event.body.inspection_id)
    photo = await inspection_photos.find(tx, event.body.photo_id)
    if inspection is None or photo is None or photo.inspection_id != inspection.id:
        return Outcome(note="the photo is gone")
    if changes.looked is not None:
        await inspection_photos.set_seen(tx, photo.id, changes.looked.seen, overlay_key=changes.looked.overlay_key)
    if photo.finding_id is None:
        return outcome
    finding = await findings.find(tx, photo.finding_id)
    if finding is None or finding.inspection_id != inspection.id:
        return outcome
    await findings.propose_again(tx, finding.id)
    return Outcome(commands=await show_finding(tx, inspection, finding.id, event), note=outcome.note)


async def _examined(tx: Tx, event: Event[InspectionSubmitted], changes: Examined) -> Outcome:
    inspection = await inspections.lock(tx, event.body.inspection_id)
    if inspection is None or inspection.state != "submitted":
        return Outcome(note="it is not waiting for this", records=changes.records)
    if len(await findings.of_inspection(tx, inspection.id)) != changes.numbered:
        raise Temporary("somebody wrote down a finding meanwhile: the pictures carry other numbers")
    for looked in changes.looked:
        await inspection_photos.set_seen(tx, looked.photo_id, looked.seen, overlay_key=looked.overlay_key)
    for pair in changes.pairs:
        await inspection_photos.set_pair(
            tx, pair.photo_id, before_photo_id=pair.before_photo_id, pair_key=pair.pair_key
        )
    for finding in changes.findings:
        await findings.put(tx, finding)
    frame = changes.frame
    found = await findings.of_inspection(tx, inspection.id)
    worst, waiting = holding.worst_of(found), [one for one in found if one.is_open]
    await inspections.change(
        tx,
        inspection.id,
        {
            "state": "examined",
            "examined_at": frame.now,
            "is_seen_by_machine": changes.is_seen_by_machine,
            "worst": None if worst is None else int(worst),
        },
    )
    examined = NewEvent(
        body=InspectionExamined(
            inspection_id=inspection.id,
            proposed=len(waiting),
            worst=worst,
            is_seen_by_machine=changes.is_seen_by_machine,
        ),
        subject=inspection.subject,
        external_id=f"examined:{inspection.id}",
        branch=inspection.branch,
    )
    asked = await ask_verifiers(tx, inspection, waiting, frame, event)
    hold = await holding.follow(tx, inspection, found, frame, event)
    return Outcome(events=(examined,), commands=(*asked, *hold), note=changes.note, records=changes.records)
