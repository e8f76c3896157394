"""All that a report tells, read in one transaction, and the photos it shows, read from the store."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from agents.evidence.telling import ability, figures_of, finding_of, flags_of, story_of
from agents.spec import Deps
from core.errors import Broken
from core.inspection.chain import verify_chain
from core.inspection.damage import FindingState
from core.inspection.views import EXTERIOR, Viewpoint
from core.log import get_logger
from db.queries import (
    attribution,
    damages,
    findings,
    inspection_answers,
    inspection_photos,
    inspections,
    readings,
    reports,
)
from db.queries.damages import Damage
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.session import Tx
from reports.model import ChainState, Finding, KnownDamage, Machine, Pair, Proof, Report, Skipped
from storage.api import Storage

if TYPE_CHECKING:
    from cv.weights import ModelCard

log = get_logger(__name__)
_KEPT = ("accepted", "extra")
_NOT_SHOWN = frozenset({Viewpoint.CLOSE_UP, Viewpoint.VIDEO, Viewpoint.DOCUMENT})
"""Near photos stand with their findings; a document is forgotten sooner than the report, so it is only proved there."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """``keys`` are where the pictures of the report lie; ``client_language`` is what the client reads."""

    report: Report
    keys: dict[str, str]
    client_language: str | None


async def gather(inspection_id: UUID, deps: Deps) -> Gathered | None:
    """None where there is no such inspection. The pictures are still to be fetched."""
    async with deps.db.transaction() as tx:
        inspection = await inspections.find(tx, inspection_id)
        setting = await reports.setting(tx, inspection_id)
        if inspection is None or setting is None:
            return None
        photos = await inspection_photos.photos_of(tx, inspection_id)
        before = None if inspection.before_id is None else await inspections.find(tx, inspection.before_id)
        earlier = [] if before is None else await inspection_photos.photos_of(tx, before.id, "accepted")
        told = await _findings(tx, inspection, photos)
        report = Report(
            number=inspection.number,
            occasion=inspection.occasion,
            car=inspection.model or inspection.car,
            plate=inspection.plate,
            branch=setting.branch,
            zone=ZoneInfo(inspection.timezone),
            opened_at=inspection.opened_at,
            submitted_at=inspection.submitted_at,
            inspector=inspection.person_name,
            made_at=deps.clock.now(),
            booking=inspection.booking_number,
            client=setting.client,
            before_number=None if before is None else before.number,
            before_at=None if before is None else before.submitted_at,
            reviewer=setting.reviewer,
            reviewed_at=inspection.reviewed_at,
            figures=figures_of(inspection, before, await readings.readings_of(tx, inspection_id)),
            findings=told,
            known=tuple(
                _known(one)
                for one in await damages.open_of(tx, inspection.car_id)
                if one.first_inspection_id != inspection_id
            ),
            pairs=_pairs(photos, earlier, told),
            more=_more(photos),
            skipped=await _skipped(tx, inspection_id),
            proofs=await _proofs(tx, photos),
            machine=_machine(inspection, None if deps.vision is None else deps.vision.card),
        )
    keys = {_name(photo): photo.shown_key for photo in (*photos, *earlier) if photo.state in _KEPT}
    return Gathered(_chained(report, inspection, photos), keys, setting.client_language)


async def with_pictures(gathered: Gathered, storage: Storage) -> Report:
    """One that is gone from the store leaves its place empty, and the report goes out all the same."""
    shown = {name for pair in (*gathered.report.pairs, *gathered.report.more) for name in (pair.before, pair.after)} | {
        name for one in gathered.report.findings for name in (one.picture, one.close_up)
    }
    pictures: dict[str, bytes] = {}
    for name in sorted(name for name in shown if name is not None):
        try:
            pictures[name] = await storage.get(gathered.keys[name])
        except (Broken, KeyError) as error:
            log.warning("a photo of a report is gone", photo=name, error=error)
    return replace(gathered.report, pictures=pictures)


def _name(photo: Photo) -> str:
    return str(photo.id)


async def _findings(tx: Tx, inspection: Inspection, photos: list[Photo]) -> tuple[Finding, ...]:
    """Of the new ones the time line is told: who had the car in between."""
    near = {photo.finding_id: _name(photo) for photo in photos if photo.finding_id and photo.state in _KEPT}
    told: list[Finding] = []
    for number, found in enumerate(await findings.of_inspection(tx, inspection.id), start=1):
        line = None
        if found.state is FindingState.NEW and found.photo_id is not None:
            line = await attribution.attribute(tx, found.photo_id)
        told.append(
            finding_of(number, found, close_up=near.get(found.id), story=None if line is None else story_of(line))
        )
    return tuple(told)


def _known(damage: Damage) -> KnownDamage:
    return KnownDamage(damage.kind, damage.part, damage.severity, damage.confirmed_at, damage.inspection_number)


def _pairs(photos: list[Photo], earlier: list[Photo], told: tuple[Finding, ...]) -> tuple[Pair, ...]:
    """Every outside side that has a photo, in the order of a walk round the car."""
    after = {photo.viewpoint: photo for photo in photos if photo.state == "accepted"}
    before = {photo.viewpoint: photo for photo in earlier}
    pairs: list[Pair] = []
    for view in EXTERIOR:
        now, then = after.get(view), before.get(view)
        if now is None and then is None:
            continue
        name = None if now is None else _name(now)
        pairs.append(
            Pair(
                viewpoint=view,
                after=name,
                after_at=None if now is None else now.received_at,
                before=None if then is None else _name(then),
                before_at=None if then is None else then.received_at,
                findings=tuple(
                    one.number for one in told if one.picture == name and one.state is FindingState.NEW and name
                ),
            )
        )
    return tuple(pairs)


def _more(photos: list[Photo]) -> tuple[Pair, ...]:
    newest = {
        photo.viewpoint: photo
        for photo in photos
        if photo.state == "accepted" and photo.viewpoint not in EXTERIOR and photo.viewpoint not in _NOT_SHOWN
    }
    return tuple(Pair(view, _name(photo), photo.received_at) for view, photo in newest.items())


async def _skipped(tx: Tx, inspection_id: UUID) -> tuple[Skipped, ...]:
    answers = await inspection_answers.answers_of(tx, inspection_id)
    left_out = [one for one in answers.values() if one.is_skipped]
    names = await reports.names(tx, [one.person_id for one in left_out])
    return tuple(Skipped(one.step, one.skipped_why or "other", names[one.person_id], one.at) for one in left_out)


async def _proofs(tx: Tx, photos: list[Photo]) -> tuple[Proof, ...]:
    names = await reports.names(tx, [photo.person_id for photo in photos])
    return tuple(
        Proof(
            ordinal=photo.ordinal,
            viewpoint=photo.viewpoint,
            state=photo.state,
            sha256=photo.sha256,
            chain_hash=photo.chain_hash,
            taken_at=photo.taken_at,
            received_at=photo.received_at,
            person=names[photo.person_id],
            chat_id=photo.chat_id,
            message_id=photo.message_id,
            flags=flags_of(photo),
        )
        for photo in photos
    )


def _machine(inspection: Inspection, card: "ModelCard | None") -> Machine:
    """What is said of the model is what its card says, and only where it really looked."""
    if card is None or not inspection.is_seen_by_machine:
        return Machine(None)
    abilities = tuple(ability(one) for one in card.classes.values())
    return Machine(card.title, abilities, card.licence, card.attribution)


def _chained(report: Report, inspection: Inspection, photos: list[Photo]) -> Report:
    broken = verify_chain(photos, end=inspection.chain_hash)
    state = ChainState.BROKEN if broken else ChainState.WHOLE if photos else ChainState.EMPTY
    return replace(
        report,
        chain=state,
        chain_end=photos[-1].chain_hash if photos else None,
        chain_broken_at=None if broken is None else broken.ordinal,
    )
