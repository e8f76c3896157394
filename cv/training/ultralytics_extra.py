"""Training and export through ultralytics, an extra that the default install does not have."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from core.errors import Rejected
from cv.torch_extra import load

LICENCE = "AGPL-3.0"
"""Of ultralytics, and of what is trained with it (they also sell another one)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``start``: weights to begin with (.pt), or the name of an architecture (``yolo11n.yaml``) to begin from noise."""

    start: str
    epochs: int
    input_size: int
    batch: int = 16
    threads: int = 2
    device: str = "cpu"


def train(description: Path, plan: Plan, target: Path) -> Path:
    """Train on the YOLO folder of ``description``; answers ``target/weights/best.pt``. An interrupted run goes on."""
    ultralytics, torch = load("training")
    if not plan.start.endswith(".yaml") and not Path(plan.start).is_file():
        raise Rejected(f"{plan.start}: no such weights here, and nothing is fetched; see docs/models")
    torch.set_num_threads(plan.threads)
    last = target / "weights" / "last.pt"
    is_begun = last.is_file()
    model = ultralytics.YOLO(str(last) if is_begun else plan.start)
    model.train(
        data=str(description),
        epochs=plan.epochs,
        imgsz=plan.input_size,
        batch=plan.batch,
        device=plan.device,
        workers=0 if plan.device == "cpu" else 8,  # on a processor they would only take from the training
        project=str(target.parent.resolve()),
        name=target.name,
        exist_ok=True,
        resume=is_begun,
        plots=False,
    )
    best = target / "weights" / "best.pt"
    if not best.is_file():
        raise Rejected(f"{target}: the training ended without weights")
    return best


def export(weights: Path, target: Path, *, input_size: int) -> None:
    """Write ``target`` (.onnx, 32 bit, names and input size in its metadata)."""
    if weights.suffix != ".pt" or not weights.is_file():
        raise Rejected(f"{weights}: no weights (.pt) to export")
    ultralytics, _ = load("export")
    made = ultralytics.YOLO(str(weights)).export(format="onnx", imgsz=input_size, simplify=True, device="cpu")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(str(made), target)
