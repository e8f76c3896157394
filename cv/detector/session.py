"""A model file opened by onnxruntime, with what its export wrote into it: names of classes, size of its input."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from core.errors import Broken
from cv.detector.detection import Floats

DEFAULT_SIDE = 640
ERRORS_ONLY = 3


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    session: ort.InferenceSession
    input_name: str
    side: int
    names: dict[int, str]

    def run(self, planes: Floats) -> tuple[Floats, Floats | None]:
        """The boxes' output and, of a segmenting model, the prototypes (1, count, h, w)."""
        outputs: list[Any] = list(self.session.run(None, {self.input_name: planes}))
        boxes = next((output for output in outputs if output.ndim == 3), None)
        if boxes is None:
            raise Broken("a model without an output of boxes")
        prototypes = next((output for output in outputs if output.ndim == 4), None)
        return boxes.astype(np.float32), None if prototypes is None else prototypes.astype(np.float32)


def open_session(path: Path, threads: int) -> ort.InferenceSession:
    """One run at a time, on ``threads`` threads that sleep while they wait (the worker shares its processors)."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def open_model(path: Path, threads: int) -> Model:
    session = open_session(path, threads)
    told = session.get_modelmeta().custom_metadata_map
    (planes,) = session.get_inputs()
    return Model(session, planes.name, _side(planes.shape, told), _names(told))


def _side(shape: list[Any], told: dict[str, str]) -> int:
    """Fixed in the graph, or as it was trained."""
    if isinstance(shape[2], int):
        return shape[2]
    sizes = _literal(told.get("imgsz", ""))
    return int(sizes[0]) if isinstance(sizes, list | tuple) and sizes else DEFAULT_SIDE


def _names(told: dict[str, str]) -> dict[int, str]:
    names = _literal(told.get("names", ""))
    if isinstance(names, list | tuple):
        return dict(enumerate(map(str, names)))
    return {int(number): str(name) for number, name in names.items()} if isinstance(names, dict) else {}


def _literal(text: str) -> Any:
    """The export writes Python literals."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
