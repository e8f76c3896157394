"""Training and export through ultralytics, an extra that the default install does not have."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import NeedsAttention, Rejected

HOW_TO_INSTALL = (
    "pip install 'jarvis-rental[vision-training]' && pip install --no-deps ultralytics ultralytics-thop torchvision"
)
LICENCE = "AGPL-3.0"
"""Of ultralytics, and of what is trained with it (they also sell another one)."""
SAFELY = {
    "ULTRALYTICS_SAFE_LOAD": "1",  # a .pt is a pickle: only known classes are unpickled
    "YOLO_OFFLINE": "1",
    "YOLO_AUTOINSTALL": "0",
    "YOLO_VERBOSE": "false",
}


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
    ultralytics, torch = _load()
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
    ultralytics, _ = _load()
    made = ultralytics.YOLO(str(weights)).export(format="onnx", imgsz=input_size, simplify=True, device="cpu")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(str(made), target)


def _load() -> tuple[Any, Any]:
    """Both, as safe as they can be loaded."""
    os.environ.update(SAFELY)  # read when ultralytics is imported
    mend_torchvision()
    try:
        import torch  # pyright: ignore[reportMissingImports] - an extra
        import ultralytics  # pyright: ignore[reportMissingImports] - an extra
    except ImportError as error:
        raise NeedsAttention(f"training needs {error.name}: {HOW_TO_INSTALL}") from None
    return ultralytics, torch


def mend_torchvision() -> None:
    """Let a torchvision that was built for CUDA work beside a torch without it; no effect on any other.

    Its import dies there because its operators are not loaded. ultralytics asks it only for the suppression of boxes,
    and has its own: the names are declared, and that one takes the place.
    """
    try:
        import torch  # pyright: ignore[reportMissingImports] - an extra
    except ImportError:
        return
    try:
        import torchvision  # pyright: ignore[reportMissingImports] - an extra
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
    except ImportError:
        return
    else:
        del torchvision
        return
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "FRAGMENT")
    signature = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
    for operator in ("nms", "qnms"):
        library.define(operator + signature)
    _KEPT.append(library)
    os.environ.update(SAFELY)
    import torchvision  # pyright: ignore[reportMissingImports] - an extra
    from ultralytics.utils.nms import TorchNMS  # pyright: ignore[reportMissingImports] - an extra

    torchvision.ops.nms = TorchNMS.nms


_KEPT: list[Any] = []
"""A library's declarations end with it."""
