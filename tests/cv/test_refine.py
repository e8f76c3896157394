from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.errors import Broken
from cv.detector import Detection
from cv.refine import refined
from cv.weights import MaskWeights

IMAGE = np.full((512, 1024, 3), 128, np.uint8)
FOUND = Detection("dent", 0.8, (256.0, 128.0, 512.0, 256.0))
USUAL = ("image_embed", "high_res_feats_0", "high_res_feats_1", "point_coords", "point_labels")


def constant(name: str, values: np.ndarray) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(values.astype(np.float32)))


def told(name: str, *shape: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def save(path: Path, nodes: list, inputs: list, outputs: list) -> Path:
    graph = helper.make_graph(nodes, "by hand", inputs, outputs)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def masks(folder: Path, *planes: np.ndarray, sure: tuple[float, ...], asked: tuple[str, ...] = USUAL) -> MaskWeights:
    """SAM2 in shape only: whatever it is shown it answers with ``planes`` (256 x 256)."""
    encoder = save(
        folder / "encoder.onnx",
        [constant(name, np.zeros((1, 4))) for name in USUAL[:3]],
        [told("image", 1, 3, 1024, 1024)],
        [told(name, 1, 4) for name in USUAL[:3]],
    )
    shapes = {"point_coords": (1, 2, 2), "point_labels": (1, 2)}
    decoder = save(
        folder / "decoder.onnx",
        [constant("masks", np.stack(planes)[None]), constant("iou_predictions", np.array([sure]))],
        [told(name, *shapes.get(name, (1, 4))) for name in asked],
        [told("masks", 1, len(planes), 256, 256), told("iou_predictions", 1, len(planes))],
    )
    return MaskWeights(encoder, decoder)


def plane(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    """Of 256 x 256 over the whole photo, whatever its shape."""
    logits = np.full((256, 256), -5.0)
    logits[top:bottom, left:right] = 5.0
    return logits


def test_the_surest_mask_becomes_the_outline(tmp_path: Path) -> None:
    weights = masks(tmp_path, plane(0, 0, 256, 256), plane(80, 72, 120, 120), sure=(0.2, 0.9))

    (found,) = refined(IMAGE, [FOUND], weights, 1)

    assert found.outline is not None
    assert found.outline.min(axis=0) == pytest.approx([320, 144], abs=4)
    assert found.outline.max(axis=0) == pytest.approx([480, 240], abs=4)
    assert (found.label, found.confidence, found.corners) == (FOUND.label, FOUND.confidence, FOUND.corners)


@pytest.mark.parametrize(
    "mask", [plane(0, 0, 256, 256), plane(200, 200, 250, 250), plane(80, 72, 82, 74)], ids=["wide", "beside", "a speck"]
)
def test_a_mask_that_is_not_of_the_box_changes_nothing(tmp_path: Path, mask: np.ndarray) -> None:
    assert refined(IMAGE, [FOUND], masks(tmp_path, mask, sure=(0.9,)), 1) == [FOUND]


def test_without_findings_no_model_is_opened() -> None:
    assert refined(IMAGE, [], MaskWeights(Path("away"), Path("away")), 1) == []


def test_a_decoder_of_another_export_is_refused(tmp_path: Path) -> None:
    weights = masks(tmp_path, plane(0, 0, 9, 9), sure=(0.9,), asked=(*USUAL, "something_else"))

    with pytest.raises(Broken, match="something_else"):
        refined(IMAGE, [FOUND], weights, 1)
