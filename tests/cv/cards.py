"""Weights with a card, for tests that need eyes."""

from pathlib import Path

import numpy as np

from core.inspection.damage import DamageKind
from cv.weights import DamageClass, ModelCard, TilePolicy, card_path, fingerprint, write_card
from tests.cv.models import write_model

CLASSES = {
    "scratch": DamageClass(
        kind=DamageKind.SCRATCH, threshold=0.5, advertised=True, ap50=0.4, precision=0.7, recall=0.4
    ),
    "dent": DamageClass(kind=DamageKind.DENT, threshold=0.3, advertised=False),
}


def write_weights(
    folder: Path, *outputs: np.ndarray, classes: dict[str, DamageClass] | None = None, tiles: TilePolicy | None = None
) -> Path:
    model = write_model(folder / "damage.onnx", *outputs)
    card = ModelCard(
        name="by-hand",
        version="1",
        licence="MIT",
        attribution="made by the test",
        origin="none",
        task="detect",
        input_size=64,
        tiles=tiles,
        classes=classes or CLASSES,
        trained_on="nothing",
        sha256=fingerprint(model),
    )
    write_card(card, card_path(model))
    return model
