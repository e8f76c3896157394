"""torch and ultralytics, an extra that the default install does not have, as safe as they can be loaded."""

import os
import sys
from typing import Any

from core.errors import NeedsAttention

HOW_TO_INSTALL = (
    "pip install 'jarvis-rental[vision-training]' && pip install --no-deps ultralytics ultralytics-thop torchvision"
)
SAFELY = {
    "ULTRALYTICS_SAFE_LOAD": "1",  # a .pt is a pickle: only known classes are unpickled
    "YOLO_OFFLINE": "1",
    "YOLO_AUTOINSTALL": "0",
    "YOLO_VERBOSE": "false",
}


def load(wanted_by: str) -> tuple[Any, Any]:
    """The modules ultralytics and torch; ``wanted_by`` begins the sentence that says what is missing."""
    os.environ.update(SAFELY)  # read when ultralytics is imported
    _mend_torchvision()
    try:
        import torch  # pyright: ignore[reportMissingImports] - an extra
        import ultralytics  # pyright: ignore[reportMissingImports] - an extra
    except ImportError as error:
        raise NeedsAttention(f"{wanted_by} needs {error.name}: {HOW_TO_INSTALL}") from None
    return ultralytics, torch


def _mend_torchvision() -> None:
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
    import torchvision  # pyright: ignore[reportMissingImports] - an extra
    from ultralytics.utils.nms import TorchNMS  # pyright: ignore[reportMissingImports] - an extra

    torchvision.ops.nms = TorchNMS.nms


_KEPT: list[Any] = []
"""A library's declarations end with it."""
