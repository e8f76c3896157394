"""A car comes back: photos are looked at as they come, and at the end old damage is known and new damage proposed.

The eyes are real; what their weights see is written by the test or told by the drawn photo, so that nothing is trained.
"""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from agents.damage.agent import PATIENCE
from agents.damage.seen import to_json
from agents.kit.question import Answer, Question, Thinker
from agents.kit.record import Record
from core.clock import SystemClock
from core.commands import ShowFinding
from core.errors import Temporary
from core.events import BodyPhotographed, InspectionSubmitted
from core.inspection import why
from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Occasion, Viewpoint
from core.inspection.why import Why
from core.settings import DamageSettings, VisionSettings
from cv.damage import Detections
from cv.detail import GAP
from cv.drawn.car import DrawnPhoto, Shot, draw_car
from cv.drawn.harm import DrawnDamage
from cv.drawn.skin import CarLook
from cv.reading import colour_image
from cv.vision import Vision, open_vision
from cv.weights import DamageClass
from db.queries import inspection_photos
from db.queries.inspections import Inspection
from db.session import Database
from storage.location import open_storage
from tests.agents.damage.garage import NOW, Garage, garage_of, told
from tests.cv.cards import write_weights
from tests.cv.models import v8
from tests.cv.pictures import wider, with_another_picture

OLD = DrawnDamage(DamageKind.SCRATCH, Part.FRONT_LEFT_DOOR, size=0.3, seed=1)
FRESH = DrawnDamage(DamageKind.DENT, Part.REAR_LEFT_DOOR, size=0.25, seed=2)
CLASSES = {
    "scratch": DamageClass(kind=DamageKind.SCRATCH, threshold=0.5, advertised=True, precision=0.7, recall=0.4),
    "dent": DamageClass(kind=DamageKind.DENT, threshold=0.5, advertised=True, precision=0.6, recall=0.3),
}


@pytest.fixture
async def eyes(tmp_path: Path) -> AsyncIterator[Vision]:
    """Its weights see one scratch in the middle of whatever they look at."""
    weights = write_weights(tmp_path, v8((32.0, 32.0, 16.0, 16.0, 0.9, 0.0)), classes=CLASSES)
    vision = open_vision(VisionSettings(damage_weights=weights, task_timeout_s=300))
    yield vision
    await vision.aclose()


@pytest.fixture
async def garage(db: Database, eyes: Vision, tmp_path: Path) -> Garage:
    garage = await garage_of(db)
    storage = open_storage((tmp_path / "objects").as_uri(), clock=SystemClock())
    garage.deps = replace(garage.deps, vision=eyes, storage=storage)
    return garage


async def photographed(garage: Garage, inspection: Inspection, drawn: DrawnPhoto, viewpoint: Viewpoint) -> Any:
    """A photo that the detector has looked at, and saw on it what is drawn there."""
    photo_id = await kept(garage, inspection, drawn.jpeg, viewpoint)
    seen = Detections(tuple(mark.as_found() for mark in drawn.marks), "by-hand 1", tiled=False)
    async with garage.db.transaction() as tx:
        await inspection_photos.set_seen(tx, photo_id, to_json(seen, {}), overlay_key=None)
    return photo_id


async def kept(garage: Garage, inspection: Inspection, jpeg: bytes, viewpoint: Viewpoint, **given: Any) -> Any:
    assert garage.deps.storage is not None
    key = (await garage.deps.storage.put(jpeg, content_type="image/jpeg")).key
    return await garage.photo(inspection, viewpoint, working_key=key, storage_key=key, **given)


def plain(colour: int = 127) -> bytes:
    return cv2.imencode(".jpg", np.full((320, 320, 3), colour, np.uint8))[1].tobytes()


async def size_of(garage: Garage, key: str | None) -> tuple[int, ...]:
    """Width and height of a kept picture."""
    assert garage.deps.storage is not None
    assert key is not None
    return colour_image(await garage.deps.storage.get(key)).shape[1::-1]


async def row_of(garage: Garage, photo_id: Any) -> Any:
    async with garage.db.transaction() as tx:
        return await inspection_photos.find(tx, photo_id)


@pytest.fixture(scope="module")
def before() -> DrawnPhoto:
    return draw_car(CarLook(), Shot(Viewpoint.LEFT, seed=3, width=1280), [OLD])


@pytest.fixture(scope="module")
def after() -> DrawnPhoto:
    return draw_car(CarLook(), Shot(Viewpoint.LEFT, seed=4, width=1280), [OLD, FRESH])


async def test_old_damage_is_known_and_new_damage_is_proposed(garage: Garage, before: DrawnPhoto, after: DrawnPhoto):
    hand_over = await garage.inspection("reviewed", occasion=Occasion.HAND_OVER)
    earlier = await photographed(garage, hand_over, before, Viewpoint.LEFT)
    back = await garage.inspection("submitted", before_id=hand_over.id)
    photo_id = await photographed(garage, back, after, Viewpoint.LEFT)
    outcome = await garage.happen(InspectionSubmitted(inspection_id=back.id))
    proposed, known = await garage.all_of(back)
    assert (proposed.kind, proposed.part, proposed.state) == (
        DamageKind.DENT,
        Part.REAR_LEFT_DOOR,
        FindingState.PROPOSED,
    )
    assert (known.kind, known.part, known.state) == (DamageKind.SCRATCH, Part.FRONT_LEFT_DOOR, FindingState.KNOWN)
    assert why.read(proposed.why)[0] is Why.NOT_MATCHED
    assert why.read(known.why)[0] is Why.MATCHED
    assert (proposed.severity, proposed.cost_gel) == (Severity.SERIOUS, 300)
    photo = await row_of(garage, photo_id)
    assert photo.before_photo_id == earlier
    assert None not in {photo.overlay_key, photo.pair_key, proposed.crop_key}
    assert await size_of(garage, proposed.crop_key) == (1280, 2 * 960 + GAP)
    (examined,) = outcome.events
    assert (examined.body.proposed, examined.body.worst, examined.body.is_seen_by_machine) == (1, 3, True)
    assert told(outcome)[15] == ["damage-waits"]
    again = await garage.happen(InspectionSubmitted(inspection_id=back.id))
    assert (again.events, len(await garage.all_of(back))) == ((), 2)


async def test_a_photo_is_looked_at_when_it_comes_and_nothing_is_shown_yet(garage: Garage):
    inspection = await garage.inspection("open")
    photo_id = await kept(garage, inspection, plain(), Viewpoint.LEFT)
    outcome = await garage.happen(
        BodyPhotographed(inspection_id=inspection.id, photo_id=photo_id, viewpoint=Viewpoint.LEFT)
    )
    photo = await row_of(garage, photo_id)
    assert [one["kind"] for one in photo.seen["found"]] == ["scratch"]
    assert photo.seen["trusted"]["scratch"] == {"precision": 0.7, "recall": 0.4}
    assert photo.overlay_key is not None
    assert outcome.commands == ()


async def test_photos_that_cannot_be_laid_on_each_other_are_proposed_as_not_compared(garage: Garage):
    hand_over = await garage.inspection("reviewed", occasion=Occasion.HAND_OVER)
    await kept(garage, hand_over, plain(90), Viewpoint.LEFT)
    back = await garage.inspection("submitted", before_id=hand_over.id)
    await kept(garage, back, plain(), Viewpoint.LEFT)
    outcome = await garage.happen(InspectionSubmitted(inspection_id=back.id))
    assert outcome.note == "1 proposed, 0 known"
    (finding,) = await garage.all_of(back)
    assert finding.state is FindingState.PROPOSED
    assert why.read(finding.why)[0] is Why.NOT_COMPARED


async def test_old_damage_whose_place_looks_otherwise_now_is_asked_about(garage: Garage, before: DrawnPhoto):
    again = draw_car(CarLook(), Shot(Viewpoint.LEFT, seed=4, width=1280), [OLD])
    first, second = (replace(photo.marks[0], polygon=(), box=wider(photo.marks[0].box)) for photo in (before, again))
    hand_over = await garage.inspection("reviewed", occasion=Occasion.HAND_OVER)
    await photographed(garage, hand_over, replace(before, marks=(first,)), Viewpoint.LEFT)
    back = await garage.inspection("submitted", before_id=hand_over.id)
    otherwise = with_another_picture(again.bgr, second.box)
    await photographed(garage, back, DrawnPhoto(otherwise, (second,)), Viewpoint.LEFT)
    await garage.happen(InspectionSubmitted(inspection_id=back.id))
    (finding,) = await garage.all_of(back)
    assert finding.state is FindingState.PROPOSED
    assert why.read(finding.why)[0] is Why.LOOKS_OTHERWISE


async def test_without_eyes_people_look_and_the_inspection_goes_on(garage: Garage):
    garage.deps = replace(garage.deps, vision=None)
    back = await garage.inspection("submitted")
    await kept(garage, back, plain(), Viewpoint.LEFT)
    outcome = await garage.happen(InspectionSubmitted(inspection_id=back.id))
    (examined,) = outcome.events
    assert (examined.body.proposed, examined.body.is_seen_by_machine) == (0, False)
    assert (await garage.seen(back.id)).state == "examined"


async def test_without_weights_people_look_and_the_inspection_goes_on(garage: Garage):
    bare = Vision(VisionSettings(), garage.deps.settings.photos, None)
    garage.deps = replace(garage.deps, vision=bare)
    back = await garage.inspection("submitted")
    outcome = await garage.happen(InspectionSubmitted(inspection_id=back.id))
    await bare.aclose()
    assert outcome.events[0].body.is_seen_by_machine is False


@pytest.fixture
def no_eyes(garage: Garage, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """From now on each process that should look ends at once, until this is undone."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    return monkeypatch


async def test_a_photo_that_cannot_be_looked_at_when_it_comes_is_looked_at_with_the_whole_car(
    garage: Garage, no_eyes: pytest.MonkeyPatch
):
    back = await garage.inspection("submitted")
    photo_id = await kept(garage, back, plain(), Viewpoint.LEFT)
    came = BodyPhotographed(inspection_id=back.id, photo_id=photo_id, viewpoint=Viewpoint.LEFT)
    outcome = await garage.happen(came)
    assert str(outcome.note).startswith("not looked at now")
    assert (await row_of(garage, photo_id)).seen == {}
    no_eyes.undo()
    outcome = await garage.happen(InspectionSubmitted(inspection_id=back.id))
    assert outcome.events[0].body.is_seen_by_machine is True
    assert (await row_of(garage, photo_id)).seen["model"]


@pytest.mark.usefixtures("no_eyes")
async def test_eyes_that_are_away_are_waited_for_and_then_people_look(garage: Garage):
    back = await garage.inspection("submitted")
    await kept(garage, back, plain(), Viewpoint.LEFT)
    submitted = InspectionSubmitted(inspection_id=back.id)
    tries = 1
    while garage.clock.now() - NOW < PATIENCE:
        with pytest.raises(Temporary) as away:
            await garage.happen(submitted)
        assert away.value.retry_after is not None
        garage.clock.advance(timedelta(seconds=away.value.retry_after))
        tries += 1
    outcome = await garage.happen(submitted)
    assert tries < garage.deps.settings.work.max_attempts
    assert (outcome.events[0].body.proposed, outcome.events[0].body.is_seen_by_machine) == (0, False)
    assert outcome.note == "0 proposed, 0 known, 1 photos not looked at"
    assert (await garage.seen(back.id)).state == "examined"


@pytest.mark.usefixtures("no_eyes")
async def test_what_was_seen_in_time_is_proposed_uncompared_when_the_eyes_stay_away(
    garage: Garage, before: DrawnPhoto, after: DrawnPhoto
):
    hand_over = await garage.inspection("reviewed", occasion=Occasion.HAND_OVER)
    await photographed(garage, hand_over, before, Viewpoint.LEFT)
    back = await garage.inspection("submitted", before_id=hand_over.id)
    photo_id = await photographed(garage, back, after, Viewpoint.LEFT)
    garage.clock.advance(PATIENCE)
    outcome = await garage.happen(InspectionSubmitted(inspection_id=back.id))
    found = await garage.all_of(back)
    assert {why.read(one.why)[0] for one in found} == {Why.NOT_COMPARED}
    assert [(one.state, one.crop_key) for one in found] == [(FindingState.PROPOSED, None)] * 2
    assert outcome.events[0].body.is_seen_by_machine is True
    photo = await row_of(garage, photo_id)
    assert (photo.overlay_key, photo.pair_key) == (None, None)


async def test_a_finding_that_is_written_down_meanwhile_makes_the_run_begin_anew(garage: Garage):
    from agents.damage import AGENT
    from agents.damage.changes import Examined, Frame
    from agents.spec import Outcome

    back = await garage.inspection("submitted")
    await garage.add("anna", back)
    changes = Examined(Frame.of(garage.deps), numbered=0)
    event: Any = type("E", (), {"body": InspectionSubmitted(inspection_id=back.id), "id": 1})()
    assert AGENT.save is not None
    with pytest.raises(Temporary):
        async with garage.db.transaction() as tx:
            await AGENT.save(tx, event, Outcome(changes=changes))


async def test_a_better_photo_brings_the_question_back(garage: Garage):
    inspection = await garage.inspection()
    finding = await garage.finding(inspection)
    await garage.press("head", finding, FindingState.NEED_PHOTO)
    near = await kept(garage, inspection, plain(), Viewpoint.CLOSE_UP, finding_id=finding.id)
    outcome = await garage.happen(
        BodyPhotographed(inspection_id=inspection.id, photo_id=near, viewpoint=Viewpoint.CLOSE_UP)
    )
    assert (await garage.found(finding.id)).state is FindingState.PROPOSED
    assert [type(command.body) for command in outcome.commands] == [ShowFinding]


class Obedient:
    """A second model that did what was written on the photo: it says that there is nothing, and is sure of it."""

    async def ask(self, question: Question[Any]) -> Any:
        assert any(not isinstance(part, str) for part in question.content)
        output = question.output(verdict="not_damage", looks_like="other", confidence=1.0)
        return Answer(output, Record(prompt_hash="x", model="obedient"))


async def test_a_model_that_obeys_a_photo_ends_no_finding(garage: Garage):
    thinker: Thinker = Obedient()
    settings = garage.deps.settings.model_copy(update={"damage": DamageSettings(second_opinion=True)})
    garage.deps = replace(garage.deps, thinker=thinker, settings=settings)
    back = await garage.inspection("submitted")
    await kept(garage, back, plain(), Viewpoint.LEFT)
    await garage.happen(InspectionSubmitted(inspection_id=back.id))
    (finding,) = await garage.all_of(back)
    assert (finding.state, finding.kind) == (FindingState.PROPOSED, DamageKind.SCRATCH)
    assert finding.opinion == {
        "verdict": "not_damage",
        "looks_like": "other",
        "confidence": 1.0,
        "model": "obedient",
    }
