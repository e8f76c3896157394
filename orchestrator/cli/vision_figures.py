"""What ``jarvis vision`` measures and shows: figures of weights on labelled photos, and one photo with its findings."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from cv.damage import find_damage
from cv.training import carding
from cv.training.average_precision import Operating, least_thresholds
from cv.training.evaluation import Evaluation, as_guesses, evaluate, figures_of, look
from cv.training.labelled import LabelledFolder
from cv.weights import Weights, card_path, read_card
from orchestrator.cli.printing import console


@dataclass(frozen=True, slots=True)
class Asked:
    """``precision``: choose thresholds by it; ``renew_card``: write what was chosen and measured into the card."""

    weights: Path
    threads: int
    is_tiled: bool
    precision: float | None
    renew_card: bool


def measure(asked: Asked, folder: LabelledFolder) -> Evaluation:
    """With the thresholds of the card, or those that ``precision`` chooses on the same photos."""
    if not card_path(asked.weights).is_file():
        return evaluate(asked.weights, folder, threads=asked.threads)
    card = carding.card_of(asked.weights)
    looked = look(asked.weights, folder, threads=asked.threads, tiles=card.tiles if asked.is_tiled else None)
    if asked.precision is not None:
        marks, guesses = [photo.marks for photo in folder.photos], [as_guesses(one) for one in looked.seen]
        chosen = least_thresholds(marks, guesses, folder.labels, precision=asked.precision)
        card = carding.with_thresholds(card, chosen)
    thresholds = {label: one.threshold for label, one in card.classes.items()}
    silent = {label for label, one in card.classes.items() if not one.advertised}
    evaluation = figures_of(asked.weights, folder, looked, thresholds=thresholds, silent=silent, threads=asked.threads)
    if asked.renew_card:
        carding.put_beside(asked.weights, carding.with_figures(card, evaluation))
    return evaluation


def measure_beside(weights: Path, folder: LabelledFolder, threads: int) -> Evaluation:
    """The same weights through ultralytics on torch, where the extra is installed."""
    return evaluate(weights, folder, threads=threads)


def show(evaluations: Sequence[Evaluation]) -> None:
    for one in evaluations:
        console.print(
            f"{one.weights.name}: {one.photos} photos, {one.photos_per_s:.1f} photos/s on {one.threads} threads",
        )
        console.print(_table(one))
    if len(evaluations) == 2:
        ours, other = evaluations
        difference = abs(ours.score.all.ap50 - other.score.all.ap50)
        console.print(
            f"{ours.weights.name} beside {other.weights.name}: AP50 differs by {difference:.4f}, "
            f"{ours.photos_per_s / other.photos_per_s:.2f} times as fast"
        )


def _table(one: Evaluation) -> Table:
    table = Table(box=None)
    fixed = [f"P/R {point.threshold:g}" for point in one.score.all.operating]
    for column in ("class", "marks", "AP50", "AP50-95", *fixed, "shipped"):
        table.add_column(column, justify="left" if column == "class" else "right", no_wrap=True)
    for label, figures in one.score.by_label.items():
        shipped = one.as_shipped.get(label) if one.together is not None else None
        table.add_row(label, *_row(figures.marks, figures.ap50, figures.ap50_95, (*figures.operating, shipped)))
    every = one.score.all
    table.add_row("all", *_row(every.marks, every.ap50, every.ap50_95, (*every.operating, one.together)))
    return table


def _row(marks: int, ap50: float, ap50_95: float, points: Iterable[Operating | None]) -> list[str]:
    shown = ["" if point is None else f"{point.precision:.2f}/{point.recall:.2f}" for point in points]
    return [str(marks), f"{ap50:.3f}", f"{ap50_95:.3f}", *shown]


def as_json(one: Evaluation) -> dict[str, Any]:
    return asdict(one) | {"weights": one.weights.name}


def look_at(photo: Path, weights: Path, target: Path) -> list[str]:
    """Lines that say what was found; the photo with it is written to ``target``."""
    from cv.marks import Mark
    from cv.opening.opened import OpeningLimits, open_photo
    from cv.overlay import draw_overlay

    content = open_photo(photo.read_bytes(), OpeningLimits()).photo
    seen = find_damage(content, Weights(weights, read_card(card_path(weights)), {}))
    marks = [Mark(number, found.box, found.polygon) for number, found in enumerate(seen.findings, start=1)]
    target.write_bytes(draw_overlay(content, marks))
    lines = [f"{seen.model}: {len(seen.findings)} found{', in tiles' if seen.tiled else ''}"]
    for number, found in enumerate(seen.findings, start=1):
        place = f"{found.box.left:.2f} {found.box.top:.2f} {found.box.right:.2f} {found.box.bottom:.2f}"
        lines.append(f"  {number}. {found.kind} {found.confidence:.2f} ({found.label}) at {place}")
    return lines
