"""What people decided becomes a COCO folder that a training reads: whole photos only, one car on one side."""

from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np
import pytest
import typer

from core.clock import SystemClock
from core.inspection.damage import DamageKind, FindingState
from core.inspection.views import Viewpoint
from cv.training.labelled import read_folder
from db.queries.finding_record import Labelled, LabelledPhoto
from orchestrator.cli.vision_record import PROJECT, export_data, write
from orchestrator.labelled_data import labels_of, split_of
from storage.api import Storage
from storage.location import open_storage

BOX = (0.25, 0.5, 0.5, 0.75)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def finding(state: FindingState = FindingState.NEW, **given: Any) -> Labelled:
    fields = {"photo_id": FIRST, "kind": DamageKind.DENT, "box": BOX, "polygon": (), "views": (), "is_decided": True}
    return Labelled(**{**fields, "state": state, **given})


def photo(number: int, key: str | None, car: int = 1) -> LabelledPhoto:
    return LabelledPhoto(UUID(int=number), key, Viewpoint.LEFT, 7, number, UUID(int=car))


def test_confirmed_damage_is_a_label_on_every_photo_that_shows_it():
    labels = labels_of([finding(views=({"photo_id": str(SECOND), "box": list(BOX)},))])
    assert [labels.by_photo[number][0].kind for number in (FIRST, SECOND)] == [DamageKind.DENT, DamageKind.DENT]


def test_an_overturned_finding_leaves_its_photo_without_labels():
    assert labels_of([finding(FindingState.NOT_DAMAGE)]).by_photo == {FIRST: ()}


def test_an_overturned_finding_that_a_person_called_dirt_is_labelled_as_dirt():
    (label,) = labels_of([finding(FindingState.NOT_DAMAGE, kind=DamageKind.DIRT)]).by_photo[FIRST]
    assert label.kind is DamageKind.DIRT


@pytest.mark.parametrize("unlabelled", [finding(box=None), finding(FindingState.KNOWN, is_decided=False)])
def test_a_photo_with_something_unlabelled_teaches_nothing(unlabelled: Labelled):
    labels = labels_of([finding(), unlabelled])
    assert labels.by_photo == {}
    assert labels.left_out == {FIRST}


def test_photos_of_one_car_stay_on_one_side():
    sides = {number: {split_of(photo(shot, None, car=number)) for shot in range(5)} for number in range(40)}
    assert all(len(side) == 1 for side in sides.values())
    assert {side for of_car in sides.values() for side in of_car} == {"train", "valid"}


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage((tmp_path / "objects").as_uri(), clock=SystemClock())


async def put(storage: Storage, content: bytes) -> str:
    return (await storage.put(content, content_type="image/jpeg")).key


def jpeg(width: int = 80, height: int = 40) -> bytes:
    return cv2.imencode(".jpg", np.full((height, width, 3), 127, np.uint8))[1].tobytes()


async def test_the_export_is_read_by_the_training(storage: Storage, tmp_path: Path):
    labels = labels_of([finding(), finding(FindingState.NOT_DAMAGE, photo_id=SECOND)])
    photos = [photo(1, await put(storage, jpeg())), photo(2, await put(storage, jpeg(60)))]
    exported = await write(tmp_path / "export", photos, labels, storage)
    (side,) = [split for split, written in exported.photos.items() if written]
    folder = read_folder(tmp_path / "export", side)
    marks = {read.path.name: read.marks for read in folder.photos}
    (mark,) = marks["inspection-7-1-left.jpg"]
    assert (mark.label, mark.box.left, mark.box.bottom) == ("dent", 0.25, 0.75)
    assert marks["inspection-7-2-left.jpg"] == ()
    assert "Personal data" in (tmp_path / "export" / "README.txt").read_text()


async def test_what_carries_metadata_or_is_gone_stays_where_it_is(storage: Storage, tmp_path: Path):
    with_exif = b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00" + jpeg()
    gone = await put(storage, jpeg(50))
    await storage.delete(gone)
    photos = [photo(1, await put(storage, with_exif)), photo(2, gone), photo(3, None)]
    labels = labels_of([finding(photo_id=one.id) for one in photos])
    exported = await write(tmp_path / "export", photos, labels, storage)
    assert sum(exported.unreadable.values()) == 3
    assert list((tmp_path / "export").rglob("*.jpg")) == []


def test_the_project_s_folder_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(typer.Exit):
        export_data(PROJECT / "exported")
    assert "inside the project" in capsys.readouterr().err


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path):
    (tmp_path / "something").touch()
    with pytest.raises(typer.Exit):
        export_data(tmp_path)
