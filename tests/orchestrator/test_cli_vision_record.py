"""``jarvis vision report`` and ``export-data`` as a person types them, on a real database and a real storage."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from core.clock import SystemClock
from core.inspection.damage import DamageKind, FindingState
from cv.training.labelled import read_folder
from db.queries import inspection_photos
from db.session import Database
from orchestrator.cli.vision import app
from storage.api import Storage
from storage.location import open_storage
from tests.agents.damage.garage import NOW, Garage, garage_of

BOX = [0.25, 0.25, 0.75, 0.75]
METADATA = b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00"


@dataclass
class Record:
    """A garage whose photos lie in a storage, and the command line beside it."""

    garage: Garage
    storage: Storage

    async def photo(self, inspection: Any, content: bytes, *, is_clean: bool = True) -> UUID:
        """Looked at by a model, with its working copy in the storage unless it has none."""
        kept = await self.storage.put(content, content_type="image/jpeg")
        photo_id = await self.garage.photo(inspection, working_key=kept.key if is_clean else None)
        async with self.garage.db.transaction() as tx:
            await inspection_photos.set_seen(tx, photo_id, {"model": "test 1", "found": []}, overlay_key=None)
        return photo_id

    async def reviewed(self, inspection: Any) -> None:
        await self.garage.sql("UPDATE inspections SET state = 'reviewed', reviewed_at = %s RETURNING id", NOW)


@pytest.fixture
async def record(db: Database, db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    objects = (tmp_path / "objects").as_uri()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARVIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JARVIS_DATABASE_URL", db_url)
    monkeypatch.setenv("JARVIS_STORAGE_URL", objects)
    return Record(await garage_of(db), open_storage(objects, clock=SystemClock()))


async def typed(*arguments: object) -> Result:
    """The command has a loop of its own, as in a shell."""
    words = [str(one) for one in arguments]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, words, catch_exceptions=False))


def jpeg(shade: int) -> bytes:
    return cv2.imencode(".jpg", np.full((40, 80, 3), shade, np.uint8))[1].tobytes()


async def judged(record: Record) -> Any:
    """Four findings of the machine, confirmed, overturned, of another kind and open, and one that it missed."""
    garage = record.garage
    inspection = await garage.inspection()
    photos = [await record.photo(inspection, jpeg(shade)) for shade in (40, 80, 120)]
    right, wrong, other, _ = [
        await garage.finding(inspection, photo_id=photo_id, box=BOX) for photo_id in (*photos, photos[0])
    ]
    await garage.press("head", right, FindingState.NEW)
    await garage.press("head", wrong, FindingState.NOT_DAMAGE)
    await garage.press("head", other, FindingState.NEW, damage_kind=DamageKind.CRACK)
    await garage.add("head", inspection)
    return inspection


async def test_the_report_counts_what_people_made_of_each_kind_and_what_the_machine_missed(record: Record):
    await judged(record)
    told = json.loads((await typed("report", "--json")).stdout)
    lines = {(line["model"], line["kind"]): line for line in told["lines"]}
    dent = lines["test 1", "dent"]
    counted = {name: dent[name] for name in ("proposed", "confirmed", "not_damage", "kind_changed", "undecided")}
    assert counted == {"proposed": 4, "confirmed": 1, "not_damage": 1, "kind_changed": 1, "undecided": 1}
    assert dent["precision"] == 0.333
    assert lines["test 1", "scratch"]["missed"] == 1


async def test_the_report_is_told_in_words_and_asks_only_the_branch_and_the_days_that_are_named(record: Record):
    await judged(record)
    north, south = await typed("report", "--branch", "north"), await typed("report", "--branch", "south")
    assert "test 1 · dent: 4 proposed, 1 confirmed, 1 not damage, 1 of another kind, 1 undecided" in north.stdout
    assert "33% of 3 right" in north.stdout
    assert south.stdout.strip() == "no findings in this time"
    await record.garage.sql("UPDATE findings SET created_at = now() - interval '40 days' RETURNING id")
    assert (await typed("report", "--days", 30)).stdout.strip() == "no findings in this time"


async def test_decided_findings_of_a_reviewed_inspection_become_a_folder_that_a_training_reads(
    record: Record, tmp_path: Path
):
    garage = record.garage
    inspection = await garage.inspection()
    with_dent, without = await record.photo(inspection, jpeg(40)), await record.photo(inspection, jpeg(80))
    await garage.press("head", await garage.finding(inspection, photo_id=with_dent, box=BOX), FindingState.NEW)
    await garage.press("head", await garage.finding(inspection, photo_id=without, box=BOX), FindingState.NOT_DAMAGE)
    await record.reviewed(inspection)
    said = await typed("export-data", tmp_path / "export")
    assert "1 labels" in said.stdout
    sides = {side: read_folder(tmp_path / "export", side) for side in ("train", "valid")}
    marks = sorted(tuple(mark.label for mark in read.marks) for folder in sides.values() for read in folder.photos)
    assert marks == [(), ("dent",)]


async def test_what_nobody_stands_behind_yet_is_not_exported(record: Record, tmp_path: Path):
    inspection = await record.garage.inspection()
    finding = await record.garage.finding(inspection, photo_id=await record.photo(inspection, jpeg(40)), box=BOX)
    await record.garage.press("head", finding, FindingState.NEW)
    said = await typed("export-data", tmp_path / "export")
    assert "0 photos to train, 0 to validate, 0 labels" in said.stdout


async def test_an_original_a_copy_with_metadata_and_a_photo_that_is_gone_never_leave(record: Record, tmp_path: Path):
    garage = record.garage
    inspection = await garage.inspection()
    original = await record.photo(inspection, jpeg(40), is_clean=False)
    spying = await record.photo(inspection, METADATA + jpeg(80))
    gone = await record.photo(inspection, jpeg(120))
    (row,) = await garage.sql("SELECT working_key FROM inspection_photos WHERE id = %s", gone)
    await record.storage.delete(row["working_key"])
    for photo_id in (original, spying, gone):
        await garage.press("head", await garage.finding(inspection, photo_id=photo_id, box=BOX), FindingState.NEW)
    await record.reviewed(inspection)
    said = await typed("export-data", tmp_path / "export")
    assert said.stdout.count("1 photos left out") == 3
    assert list((tmp_path / "export").rglob("*.jpg")) == []
