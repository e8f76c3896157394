"""A submitted inspection is examined: every side looked at and compared, the sides vote, proposals are made."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from agents.damage.changes import Examined, Frame, Pair
from agents.damage.compare import pair_of, sightings_of
from agents.damage.context import Case, View
from agents.damage.drawing import Marked, draw
from agents.damage.look import Looked, UnseeableError, look
from agents.damage.opinion import MOST_ASKED, reranked, second_opinion
from agents.damage.pictures import Pictures
from agents.damage.prices import cost_of
from agents.damage.seen import box_as_list, found_in, is_seen, points_as_list, points_of
from agents.damage.severity import severity_of, size_cm
from agents.damage.trust import Trust
from agents.damage.voting import Ballot, Sighting, Voted, vote
from agents.kit.record import Record
from agents.spec import Deps
from core.ids import new_id
from core.inspection.damage import FindingState
from core.inspection.why import written
from cv.found import Box
from db.queries.findings import NewFinding
from db.queries.inspection_photos import Photo


@dataclass(frozen=True, slots=True)
class _Exam:
    case: Case
    pictures: Pictures
    deps: Deps

    @property
    def branch(self) -> str | None:
        return self.case.inspection.branch


async def examine(case: Case, pictures: Pictures | None, deps: Deps) -> Examined:
    """Without weights, or with vision switched off, only the pairs are made: people look at every photo."""
    frame = Frame.of(deps)
    if pictures is None:
        return Examined(frame, numbered=case.numbered, note="vision is switched off")
    exam = _Exam(case, pictures, deps)
    pairs = await _pairs(exam)
    card = pictures.eyes.card
    if card is None:
        return Examined(frame, numbered=case.numbered, pairs=pairs, note="there are no weights")
    trust = Trust.of(card, deps.settings.vision, exam.branch)
    views, looked, unseen = await _looked_at(exam, trust)
    sightings = [one for view in views for one in await sightings_of(view, found_in(view.photo.seen), pictures, trust)]
    ballot = vote(sightings, {view.photo.viewpoint for view in views})
    findings, records = await _findings(exam, ballot, card.title)
    overlays = await _overlays(exam, looked, findings)
    return Examined(
        frame,
        numbered=case.numbered,
        looked=overlays,
        pairs=pairs,
        findings=tuple(findings),
        is_seen_by_machine=bool(views) and not unseen,
        records=tuple(records),
        note=_note(ballot, unseen),
    )


async def _looked_at(exam: _Exam, trust: Trust) -> tuple[list[View], list[Looked], int]:
    """The sides with what is seen on them, what was looked at only now, and how many cannot be looked at."""
    views: list[View] = []
    fresh: list[Looked] = []
    unseen = 0
    for view in exam.case.views:
        if is_seen(view.photo.seen):
            views.append(view)
            continue
        try:
            looked = await look(view.photo, exam.pictures, trust)
        except UnseeableError:
            looked = None
        if looked is None:
            unseen += 1
            continue
        fresh.append(looked)
        views.append(replace(view, photo=replace(view.photo, seen=looked.seen)))
    return views, fresh, unseen


async def _pairs(exam: _Exam) -> tuple[Pair, ...]:
    return tuple(
        [
            Pair(view.photo.id, view.before.id, await pair_of(view, exam.pictures))
            for view in exam.case.exterior
            if view.before is not None
        ]
    )


async def _findings(exam: _Exam, ballot: Ballot, model: str) -> tuple[list[NewFinding], list[Record]]:
    """Rows in the order in which they are shown: proposals first, by what both models make of them."""
    proposals: list[tuple[float, NewFinding]] = []
    records: list[Record] = []
    for place, voted in enumerate(ballot.proposed):
        finding = await _finding(exam, voted, model, FindingState.PROPOSED)
        is_asked = exam.deps.settings.damage.second_opinion and place < MOST_ASKED
        crop = await _crop(exam, voted.best) if is_asked else None
        opinion = None
        if crop is not None:
            subject = exam.case.inspection.subject
            opinion, record = await second_opinion(exam.deps.thinker, crop, subject=subject, branch=exam.branch)
            records.append(record)
        proposals.append((reranked(voted.score, opinion), replace(finding, opinion=opinion)))
    ranked = [finding for _, finding in sorted(proposals, key=lambda one: -one[0])]
    known = [await _finding(exam, voted, model, FindingState.KNOWN) for voted in ballot.known]
    return [*ranked, *known], records


async def _finding(exam: _Exam, voted: Voted, model: str, state: FindingState) -> NewFinding:
    best = voted.best
    photo = _photo_of(exam, best)
    size = size_cm(best.viewpoint, best.box, width=photo.width, height=photo.height)
    return NewFinding(
        id=new_id(),
        inspection_id=exam.case.inspection.id,
        source="model",
        kind=best.kind,
        part=best.part,
        severity=severity_of(best.kind, best.part, size),
        state=state,
        photo_id=best.photo_id,
        model=model,
        cost_gel=cost_of(best.part, best.kind, exam.deps.settings.damage.prices),
        confidence=best.confidence,
        box=box_as_list(best.box),
        polygon=points_as_list(best.polygon),
        views=[_as_view(one) for one in voted.others],
        why=written(voted.why),
        crop_key=await _picture(exam, best),
        damage_id=voted.damage_id,
    )


async def _picture(exam: _Exam, best: Sighting) -> str | None:
    """The key of what people decide by: the place on the car, and from near; None where it cannot be drawn."""
    draw = partial(exam.pictures.eyes.detail_picture, box=best.box, polygon=best.polygon)
    return await exam.pictures.drawn("finding", draw, _photo_of(exam, best).shown_key)


async def _crop(exam: _Exam, best: Sighting) -> bytes | None:
    """What a second model is shown; None where it cannot be cut."""
    return await exam.pictures.attempt(partial(exam.pictures.eyes.crop, box=best.box), _photo_of(exam, best).shown_key)


def _photo_of(exam: _Exam, sighting: Sighting) -> Photo:
    return next(view.photo for view in exam.case.views if view.photo.id == sighting.photo_id)


def _as_view(one: Sighting) -> dict[str, object]:
    return {
        "photo_id": str(one.photo_id),
        "viewpoint": str(one.viewpoint),
        "confidence": one.confidence,
        "box": box_as_list(one.box),
    }


async def _overlays(exam: _Exam, looked: Sequence[Looked], findings: Sequence[NewFinding]) -> tuple[Looked, ...]:
    """The photos with the numbers that their findings are called by from now on."""
    places: dict[UUID, list[Marked]] = defaultdict(list)
    for number, finding in enumerate(findings, start=exam.case.numbered + 1):
        for photo_id, place in _places(finding, number):
            places[photo_id].append(place)
    fresh = {one.photo_id: one for one in looked}
    drawn: list[Looked] = []
    for view in exam.case.views:
        photo = view.photo
        one = fresh.get(photo.id, Looked(photo.id, photo.seen, photo.overlay_key))
        if places[photo.id]:
            drawn.append(replace(one, overlay_key=await draw(photo.shown_key, places[photo.id], exam.pictures)))
        elif photo.id in fresh:
            drawn.append(one)
    return tuple(drawn)


def _places(finding: NewFinding, number: int) -> Iterator[tuple[UUID, Marked]]:
    """Where one finding is marked: on its own photo and on the others that show it."""
    is_known = finding.state is FindingState.KNOWN
    if finding.photo_id is not None and finding.box is not None:
        yield finding.photo_id, Marked(number, Box(*finding.box), points_of(finding.polygon), is_known)
    for view in finding.views:
        yield UUID(view["photo_id"]), Marked(number, Box(*view["box"]), is_known=is_known)


def _note(ballot: Ballot, unseen: int) -> str:
    parts = [f"{len(ballot.proposed)} proposed", f"{len(ballot.known)} known"]
    parts += [f"{ballot.outvoted} outvoted by negatives"] if ballot.outvoted else []
    parts += [f"{ballot.faint} too faint"] if ballot.faint else []
    parts += [f"{unseen} photos not looked at"] if unseen else []
    return ", ".join(parts)
