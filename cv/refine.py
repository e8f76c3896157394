"""Masks by SAM2, where its two ONNX files are configured: the photo is encoded once, each box is a prompt.

The files are the usual export: an encoder from ``image`` to ``image_embed``, ``high_res_feats_0`` and ``_1``, and a
decoder from these and points to ``masks`` and ``iou_predictions``. A box is given as two points, labelled 2 and 3.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from core.errors import Broken
from cv.detector.detection import Detection, Floats, Image
from cv.detector.masks import outline_of
from cv.detector.session import open_session
from cv.weights import MaskWeights

SIDE = 1024
MEAN, SPREAD = np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32)
CORNER_LABELS = (2.0, 3.0)
INSIDE, FILLED = 0.7, 0.03
"""A mask counts when so much of it lies in its box, and it covers so much of the box."""


def refined(image: Image, found: Sequence[Detection], weights: MaskWeights, threads: int) -> list[Detection]:
    """The same findings; where SAM2 sees a thing in the box, with its outline instead of the detector's."""
    if not found:
        return []
    seen = _encoded(image, _session(weights.encoder, threads))
    decoder = _session(weights.decoder, threads)
    return [_with_mask(one, image.shape[:2], decoder, seen) for one in found]


@lru_cache(maxsize=2)
def _session(path: Path, threads: int) -> Any:
    return open_session(path, threads)


def _encoded(image: Image, encoder: Any) -> dict[str, Floats]:
    scaled = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)[:, :, ::-1].astype(np.float32) / 255.0
    planes = ((scaled - MEAN) / SPREAD).transpose(2, 0, 1)[None].astype(np.float32)
    names = [output.name for output in encoder.get_outputs()]
    return dict(zip(names, encoder.run(None, {encoder.get_inputs()[0].name: planes}), strict=True))


def _with_mask(one: Detection, size: tuple[int, ...], decoder: Any, seen: dict[str, Floats]) -> Detection:
    height, width = size
    box = np.array(one.corners, np.float32)
    logits = _decoded(box * np.array([SIDE / width, SIDE / height] * 2, np.float32), decoder, seen)
    mask = (cv2.resize(logits, (width, height), interpolation=cv2.INTER_LINEAR) > 0).astype(np.uint8)
    left, top, right, bottom = (round(float(edge)) for edge in box)
    inside = np.zeros_like(mask)
    inside[top:bottom, left:right] = mask[top:bottom, left:right]
    whole, kept = int(mask.sum()), int(inside.sum())
    if kept < INSIDE * whole or kept < FILLED * one.area:
        return one
    return replace(one, outline=outline_of(inside, box))


def _decoded(corners: Floats, decoder: Any, seen: dict[str, Floats]) -> Floats:
    """The best mask for the box, as logits of low resolution over the whole photo."""
    given = {
        **seen,
        "point_coords": corners.reshape(1, 2, 2).astype(np.float32),
        "point_labels": np.array([CORNER_LABELS], np.float32),
        "mask_input": np.zeros((1, 1, SIDE // 4, SIDE // 4), np.float32),
        "has_mask_input": np.zeros(1, np.float32),
    }
    asked = [wanted.name for wanted in decoder.get_inputs()]
    if missing := [name for name in asked if name not in given]:
        raise Broken(f"the mask decoder asks for {', '.join(missing)}, which the usual export does not")
    outputs = dict(
        zip(
            [output.name for output in decoder.get_outputs()],
            decoder.run(None, {name: given[name] for name in asked}),
            strict=True,
        )
    )
    return outputs["masks"][0, int(np.argmax(outputs["iou_predictions"][0]))].astype(np.float32)
