"""``jarvis vision``: get, train, export and evaluate the weights that see damage, and try them on one photo."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import TypeAdapter, ValidationError

from core.errors import JarvisError, Rejected
from core.settings import load_settings
from cv.training.labelled import LabelledFolder, read_folder, relabelled
from cv.weights import card_path, find_weights
from orchestrator.cli.printing import AsJson, print_json, print_lines, refuse

app = typer.Typer(
    no_args_is_help=True, help="The weights that see damage: what is there, training, figures, one photo."
)

Folder = Annotated[
    Path, typer.Argument(help="COCO (a .json beside the photos) or YOLO (data.yaml); with train, valid.")
]
Names = Annotated[
    Path | None, typer.Option(help="YAML: label in the folder → label in the weights (null leaves its marks out).")
]
Weights = Annotated[Path | None, typer.Option(help="An .onnx (or .pt with the extra); default: what Jarvis uses.")]
Threads = Annotated[int, typer.Option(min=1)]
InputSize = Annotated[int, typer.Option(min=32, help="Side of the square that the model looks at, in pixels.")]


@app.command()
def get(
    source: Annotated[
        str | None, typer.Argument(help="A path or an https address of weights; none: only list.")
    ] = None,
    *,
    sha256: Annotated[str | None, typer.Option(help="What the file's sha256 must be; needed for an address.")] = None,
    into: Annotated[Path | None, typer.Option(help="Default: weights/ in Jarvis' home.")] = None,
) -> None:
    """Say which weights Jarvis uses and what they can; or bring others here, with the card beside them."""
    with _plain_refusals():
        settings = load_settings()
        if source is None:
            print_lines(_about_installed())
            return
        from cv.training.fetching import install

        folder = into or settings.home / "weights"
        with tempfile.TemporaryDirectory() as place:
            weights = _brought(source, Path(place), sha256)
            target, card = install(weights, card_path(weights), folder, sha256=sha256)
        print_lines(
            [
                f"{card.title} ({card.licence}) is at {target}",
                f"Use it with JARVIS_VISION__DAMAGE_WEIGHTS={target} (setting vision.damage_weights).",
            ]
        )


@app.command()
def train(
    folder: Folder,
    *,
    into: Annotated[Path, typer.Option(help="Where the run is kept; an interrupted one goes on from there.")],
    start: Annotated[str, typer.Option(help="Weights to begin with (.pt), or yolo11n.yaml for none.")],
    names: Names = None,
    epochs: Annotated[int, typer.Option(min=1)] = 60,
    input_size: InputSize = 640,
    batch: Annotated[int, typer.Option(min=1)] = 16,
    threads: Threads = 2,
    device: Annotated[str, typer.Option(help="cpu, or the number of a graphics card.")] = "cpu",
) -> None:
    """Train on a folder of labelled photos with the parts train and valid (needs the extra vision-training)."""
    with _plain_refusals():
        from cv.training import ultralytics_extra, yolo

        parts = {name: _labelled(folder, part, names) for name, part in (("train", "train"), ("val", "valid"))}
        description = yolo.write(parts, into / "folder")
        plan = ultralytics_extra.Plan(start, epochs, input_size, batch, threads, device)
        best = ultralytics_extra.train(description, plan, into / "run")
        print_lines([f"weights: {best}", f"next: jarvis vision export {best} --to damage.onnx …"])


@app.command()
def export(
    weights: Annotated[Path, typer.Argument(help="A .pt that the training left.")],
    *,
    to: Annotated[Path, typer.Option(help="The .onnx to write; its card is written beside it.")],
    name: Annotated[str, typer.Option(help="Of the model, on its card.")],
    attribution: Annotated[str, typer.Option(help="Whose photos it learnt from, as their licence asks.")],
    trained_on: Annotated[str, typer.Option(help="Which photos, how many.")],
    began_with: Annotated[str, typer.Option(help="Which weights the training began with, and their licence.")],
    version: Annotated[str, typer.Option()] = "1",
    input_size: InputSize = 640,
) -> None:
    """Write ONNX and a card on which nothing is claimed yet; then measure it: ``jarvis vision evaluate --card``."""
    with _plain_refusals():
        from cv.detector import open_detector
        from cv.training import carding, ultralytics_extra

        ultralytics_extra.export(weights, to, input_size=input_size)
        labels = list(open_detector(to).names.values())
        origin = carding.Origin(name, version, ultralytics_extra.LICENCE, attribution, began_with, trained_on)
        path = carding.put_beside(to, carding.draft_card(to, labels, input_size, origin))
        print_lines([f"{to} ({to.stat().st_size / 1e6:.1f} MB)", f"card: {path}: say there which damage each class is"])


@app.command()
def evaluate(
    folder: Folder,
    *,
    weights: Weights = None,
    names: Names = None,
    part: Annotated[str, typer.Option(help="Which part of the folder.")] = "valid",
    beside: Annotated[
        Path | None, typer.Option(help="The same weights in another form (.pt), in the same run.")
    ] = None,
    precision: Annotated[
        float | None, typer.Option(min=0, max=1, help="Choose for each class the lowest threshold this precise.")
    ] = None,
    is_tiled: Annotated[bool, typer.Option("--tiled", help="As the card cuts large photos; else whole.")] = False,
    renew_card: Annotated[bool, typer.Option("--card", help="Write thresholds and figures into the card.")] = False,
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Measure: average precision as COCO defines it, precision and recall, photos a second."""
    with _plain_refusals():
        from orchestrator.cli import vision_figures

        asked = vision_figures.Asked(weights or _used(), threads, is_tiled, precision, renew_card)
        labelled = _labelled(folder, part, names)
        figures = [vision_figures.measure(asked, labelled)]
        if beside is not None:
            figures.append(vision_figures.measure_beside(beside, labelled, threads))
        if as_json:
            print_json([vision_figures.as_json(one) for one in figures])
        else:
            vision_figures.show(figures)


@app.command("try")
def try_photo(
    photo: Path,
    *,
    weights: Weights = None,
    into: Annotated[Path | None, typer.Option(help="Default: PHOTO.seen.jpg beside it.")] = None,
) -> None:
    """Look for damage on one photo, as an inspection would, and write the photo with what was seen."""
    with _plain_refusals():
        from orchestrator.cli import vision_figures

        target = into or photo.with_name(f"{photo.stem}.seen.jpg")
        print_lines([*vision_figures.look_at(photo, weights or _used(), target), f"written: {target}"])


def _labelled(folder: Path, part: str, names: Path | None) -> LabelledFolder:

    labelled = read_folder(folder, part)
    if names is None:
        return labelled
    try:
        table = TypeAdapter(dict[str, str | None]).validate_python(yaml.safe_load(names.read_text(encoding="utf-8")))
    except ValidationError:
        raise Rejected(f"{names}: not a table of labels") from None
    return relabelled(labelled, table)


def _used() -> Path:
    weights = find_weights(load_settings().vision)
    if weights is None:
        raise Rejected("there are no damage weights: name some with --weights, or see docs/models")
    return weights.model


def _about_installed() -> list[str]:
    weights = find_weights(load_settings().vision)
    if weights is None:
        return ["No damage weights: people look for damage. Where to get some, and how: docs/models/README.md"]
    card = weights.card
    lines = [
        f"{card.title}, {card.licence}",
        f"file: {weights.model}",
        f"learnt from: {card.trained_on} ({card.attribution})",
        f"began with: {card.origin}",
    ]
    for label, one in card.classes.items():
        figures = (one.ap50, one.precision, one.recall)
        told = ", ".join(
            f"{name} {value:.2f}" for name, value in zip(("AP50", "P", "R"), figures, strict=True) if value
        )
        least = weights.threshold(label)
        state = "not proposed" if least is None else f"proposed from {least:.2f}"
        lines.append(f"  {label} ({one.kind}): {state}; {told or 'not measured'}")
    return [*lines, *([card.notes] if card.notes else [])]


def _brought(source: str, place: Path, sha256: str | None) -> Path:
    """A path is used where it lies; an address is fetched, with the card from beside it."""
    if "://" not in source:
        return Path(source)
    if sha256 is None:
        raise Rejected("an address needs --sha256: what lies there may change")
    from orchestrator.cli.vision_download import fetch

    weights = place / source.rsplit("/", 1)[-1]
    fetch(source, weights)
    fetch(source.removesuffix(weights.suffix) + card_path(weights).name.removeprefix(weights.stem), card_path(weights))
    return weights


@contextmanager
def _plain_refusals() -> Generator[None]:
    """What the four words say is one line for the person who typed."""
    try:
        yield
    except (JarvisError, OSError, yaml.YAMLError) as error:
        refuse(str(error))
