"""Models made by hand, whose output the test decides."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ANCHORS = {64: 8 * 8 + 4 * 4 + 2 * 2, 128: 16 * 16 + 8 * 8 + 4 * 4}
OPSET = 17


def write_model(
    path: Path, *outputs: np.ndarray, side: int = 64, names: dict[int, str] | None = None, imgsz: int | None = None
) -> Path:
    """One that answers with ``outputs`` whatever it is shown; ``imgsz``: its input may have any size, as it says."""
    nodes = [
        helper.make_node("Constant", [], [f"output{number}"], value=numpy_helper.from_array(as_floats(output)))
        for number, output in enumerate(outputs)
    ]
    shapes = [
        helper.make_tensor_value_info(f"output{number}", TensorProto.FLOAT, output.shape)
        for number, output in enumerate(outputs)
    ]
    fixed: list[int | str] = [1, 3, side, side] if imgsz is None else [1, 3, "height", "width"]
    told = {"names": str(names or {0: "scratch", 1: "dent"})}
    size = {} if imgsz is None else {"imgsz": f"[{imgsz}, {imgsz}]"}
    return _save(path, nodes, fixed, shapes, told | size)


def write_seeing_model(path: Path, side: int = 64) -> Path:
    """Its one box (16, 16 to 48, 48) is as sure as the input is red on average."""
    red = numpy_helper.from_array(np.array([0]), "red")
    place = numpy_helper.from_array(as_floats(np.array([[[32], [32], [32], [32]]])), "place")
    blank = numpy_helper.from_array(np.zeros((1, 5, ANCHORS[side] - 1), np.float32), "blank")
    nodes = [
        helper.make_node("Gather", ["images", "red"], ["plane"], axis=1),
        helper.make_node("ReduceMean", ["plane"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["mean", "two"], ["sure"]),
        helper.make_node("Concat", ["place", "sure"], ["seen"], axis=1),
        helper.make_node("Concat", ["seen", "blank"], ["output0"], axis=2),
    ]
    two = numpy_helper.from_array(np.array([2]), "two")
    shape = helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 5, ANCHORS[side]])
    return _save(path, nodes, [1, 3, side, side], [shape], {"names": "{0: 'red'}"}, [red, place, blank, two])


def v8(*found: tuple[float, ...], side: int = 64) -> np.ndarray:
    """Each: centre x, y, width, height, classes..., masks..."""
    output = np.zeros((1, len(found[0]), ANCHORS[side]), np.float32)
    for place, one in enumerate(found):
        output[0, :, place * 7] = one
    return output


def v5(*found: tuple[float, ...], side: int = 64) -> np.ndarray:
    """Each: centre x, y, width, height, objectness, classes..., masks..."""
    output = np.zeros((1, 3 * ANCHORS[side], len(found[0])), np.float32)
    for place, one in enumerate(found):
        output[0, place * 7] = one
    return output


def end_to_end(*found: tuple[float, ...]) -> np.ndarray:
    """Each: left, top, right, bottom, confidence, class, masks..."""
    output = np.zeros((1, 300, len(found[0])), np.float32)
    output[0, : len(found)] = found
    return output


def as_floats(some: np.ndarray) -> np.ndarray:
    return some.astype(np.float32)


def _save(path, nodes, input_shape, outputs, metadata, constants=()):
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, input_shape)
    graph = helper.make_graph(nodes, "by hand", [images], outputs, initializer=list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    helper.set_model_props(model, metadata)
    onnx.save(model, path)
    return path
