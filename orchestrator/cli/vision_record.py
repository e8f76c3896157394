"""``jarvis vision report`` and ``export-data``: what people made of the machine's findings, told and handed on."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from core.clock import SystemClock
from core.errors import Broken
from core.inspection.record import AIM, Line, summed
from core.settings import load_settings
from db.queries import finding_record
from db.queries.finding_record import LabelledPhoto
from db.session import Database
from orchestrator.cli.printing import AsJson, print_json, print_lines, refuse
from orchestrator.cli.session import look
from orchestrator.labelled_data import Label, Labels, Sized, Split, coco, file_name, labels_of, split_of
from storage.api import Storage
from storage.location import open_storage

PROJECT = Path(__file__).resolve().parents[2]
EXIF = b"Exif\x00\x00"
README = """\
What this folder holds
======================
Photos of rental cars with the places that people of the company confirmed as damage, added, or called "not damage".
Written by `jarvis vision export-data` on {at}: {train} photos to train with, {valid} to validate with.

Personal data: number plates are readable on many photos, and people, reflections of people, other cars and the places
around may be seen. The photos carry no camera metadata (no position, no time, no device), and no file names a client,
an employee or a plate. The numbers in the names of the files are numbers of inspections in Jarvis.

Keep this folder as you keep the photos themselves: on encrypted disks, for people who train the model, and delete it
when the training is done. Do not publish it and do not put it into the project's repository. When a photo is deleted in
Jarvis because its time is over, delete the exports that hold it.

Labels: train/ and valid/ hold _annotations.coco.json each. A photo without annotations is one on which the machine saw
damage and a person said that there is none. Photos of one car are all in train/ or all in valid/.
"""

Days = Annotated[int, typer.Option(min=1, help="Findings of so many days.")]
Branch = Annotated[str | None, typer.Option(help="Only this branch.")]


def register(app: typer.Typer) -> None:
    """Both belong to the group ``vision``."""
    app.command("report")(report)
    app.command("export-data")(export_data)


def report(*, days: Days = 90, branch: Branch = None, as_json: AsJson = False) -> None:
    """How often people agreed with the machine, by model and kind of damage, and what it missed."""
    since = datetime.now(UTC) - timedelta(days=days)

    async def work(db: Database) -> list[Line]:
        async with db.transaction() as tx:
            return summed(await finding_record.judged(tx, since=since, branch=branch))

    lines = look(work)
    if as_json:
        print_json({"days": days, "branch": branch, "aim": AIM, "lines": [line.as_json() for line in lines]})
        return
    print_lines(_told(lines) if lines else ["no findings in this time"])


def _told(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield (
            f"{line.model or 'people alone'} · {line.kind}: {line.proposed} proposed, {line.confirmed} confirmed, "
            f"{line.not_damage} not damage, {line.kind_changed} of another kind, {line.undecided} undecided, "
            f"{line.missed} missed"
        )
        precision = "nothing decided yet" if line.precision is None else f"{line.precision:.0%} of {line.decided} right"
        if line.threshold is not None:
            yield f"    {precision}; {AIM:.0%} would be right from a threshold of {line.threshold:.2f}"
        else:
            yield f"    {precision}; no threshold for {AIM:.0%}: {line.threshold_why_not}"


def export_data(
    folder: Annotated[Path, typer.Argument(help="A folder that is empty or not there yet, outside the project.")],
    *,
    into_project: Annotated[
        bool, typer.Option("--into-project", help="Allow a folder inside the project: photos must not be committed.")
    ] = False,
) -> None:
    """Write the findings that people decided about as a COCO folder, to train the next model with."""
    target = folder.resolve()
    if target.is_relative_to(PROJECT) and not into_project:
        refuse(f"{folder} lies inside the project: photos of cars do not belong there (--into-project allows it)")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        refuse(f"{folder} is not an empty folder")
    settings = load_settings()
    url = settings.storage_url or (settings.home.absolute() / "storage").as_uri()

    async def work(db: Database) -> "Exported":
        async with db.transaction() as tx:
            labels = labels_of(await finding_record.labelled(tx))
            photos = await finding_record.photos(tx, list(labels.by_photo))
        storage = open_storage(url, clock=SystemClock())
        try:
            return await write(target, photos, labels, storage)
        finally:
            await storage.aclose()

    print_lines(look(work).lines(labels_folder=folder))


class Exported:
    """What was written, and what was not and why."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.photos: dict[Split, list[Sized]] = {"train": [], "valid": []}
        self.unreadable: Counter[str] = Counter()

    def lines(self, *, labels_folder: Path) -> Iterable[str]:
        counts = {split: len(photos) for split, photos in self.photos.items()}
        marks = sum(len(self.labels.by_photo[one.photo.id]) for photos in self.photos.values() for one in photos)
        yield f"{labels_folder}: {counts['train']} photos to train, {counts['valid']} to validate, {marks} labels"
        if self.labels.left_out:
            yield f"{len(self.labels.left_out)} photos left out: something on them is not labelled"
        if self.labels.without_place:
            yield f"{self.labels.without_place} damages have no marked place"
        for why, count in sorted(self.unreadable.items()):
            yield f"{count} photos left out: {why}"


async def write(target: Path, photos: Sequence[LabelledPhoto], labels: Labels, storage: Storage) -> Exported:
    """Only working copies are written: they were stripped of all metadata when they were made, and are looked at."""
    exported = Exported(labels)
    for split in exported.photos:
        (target / split).mkdir(parents=True, mode=0o700, exist_ok=True)
    for photo in photos:
        split = split_of(photo)
        sized = await _written(target / split, photo, storage, exported.unreadable)
        if sized is not None:
            exported.photos[split].append(sized)
    for split, written in exported.photos.items():
        _write_labels(target / split / "_annotations.coco.json", written, labels.by_photo)
    counts = {split: len(written) for split, written in exported.photos.items()}
    (target / "README.txt").write_text(README.format(at=f"{datetime.now(UTC):%Y-%m-%d}", **counts), encoding="utf-8")
    return exported


async def _written(folder: Path, photo: LabelledPhoto, storage: Storage, unreadable: Counter[str]) -> Sized | None:
    from cv.reading import colour_image

    if photo.working_key is None:
        unreadable["there is no working copy, and originals carry metadata"] += 1
        return None
    try:
        content = await storage.get(photo.working_key)
    except Broken:  # gone or damaged; a store that is away is told as such
        unreadable["not in the storage any more"] += 1
        return None
    if EXIF in content[:65_536]:
        unreadable["the working copy carries metadata"] += 1
        return None
    height, width = colour_image(content).shape[:2]
    (folder / file_name(photo)).write_bytes(content)
    return Sized(photo, width, height)


def _write_labels(path: Path, photos: Sequence[Sized], labels: Mapping[UUID, Sequence[Label]]) -> None:
    made: dict[str, Any] = coco(photos, labels)
    path.write_text(json.dumps(made, indent=1), encoding="utf-8")
