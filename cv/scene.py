"""What kind of picture it is at all: a vehicle, a part of one, instruments, or something else entirely.

A general classifier of a thousand everyday things (cv/models/scene, see its card) is asked, and its classes are summed
by what they mean to us. It cannot tell one side of a car from another, and a close-up of smooth metal is nothing to it.

Measured with the thresholds of cv/viewpoint.py, asked for the front of a car. Of 54 photos of whole European cars
(openalpr benchmark) it took all 54: vehicle and part together are 0.58 at least, 0.82 in the middle. Of 492 photos of
damaged cars (Bilgi University, most of them close-ups) it took 405, called 49 too near and 38 no vehicle. Asked for a
dashboard, it sent back 47 of the 54 whole cars. Pictures drawn by the project: 8 of 8 sides of a car are taken, none of
6 papers and 4 trunks, 1 of 4 interiors. 12 ms of one core (Xeon) per photo of 640 pixels.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cv.reading import colour_image

if TYPE_CHECKING:
    import onnxruntime

    from cv.reading import Colour

WEIGHTS = Path(__file__).parent / "models" / "scene" / "scene.onnx"
SIDE = 224
MEAN, SCALE = 127.0, 128.0
"""Of the pixels it was trained with."""

VEHICLE = (
    *(407, 436, 468, 511, 555, 569, 573, 586, 609, 627, 654, 656, 661),
    *(675, 717, 734, 751, 757, 803, 817, 864, 867),
)
"""ImageNet's numbers of ambulance, beach wagon, cab, convertible … trailer truck."""
PART = (475, 479, 581, 785)
"""Car mirror, car wheel, grille, seat belt."""
INSTRUMENTS = (685, 426, 632, 704, 531, 835, 892)
"""Odometer first; the others are faces it is taken for: barometer, radio dial, parking meter, stopwatch, clocks."""


@dataclass(frozen=True, slots=True)
class SceneSeen:
    """Shares of belief, 0 to 1; what is left is something else."""

    vehicle: float
    part: float
    instruments: float


def look(photo: bytes, threads: int = 1) -> SceneSeen:
    """``photo`` is a working copy."""
    return look_at(colour_image(photo), threads)


def look_at(image: "Colour", threads: int = 1) -> SceneSeen:
    import cv2
    import numpy as np

    small = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)[:, :, ::-1].astype(np.float32)
    pixels = ((small - MEAN) / SCALE).transpose(2, 0, 1)[None]
    logits = np.asarray(_session(threads).run(None, {"image": pixels})[0])[0]
    odds = np.exp(logits - logits.max())
    belief = odds / odds.sum()
    vehicle, part, instruments = (round(float(belief[list(of)].sum()), 3) for of in (VEHICLE, PART, INSTRUMENTS))
    return SceneSeen(vehicle, part, instruments)


@lru_cache(maxsize=1)
def _session(threads: int) -> "onnxruntime.InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(WEIGHTS, options, providers=["CPUExecutionProvider"])
