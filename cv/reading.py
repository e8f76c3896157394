"""Working copies as pixels. Only the workers of the pool call this."""

from typing import TYPE_CHECKING, TypeAlias

from core.errors import Broken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey: TypeAlias = NDArray[np.uint8]
    Colour: TypeAlias = NDArray[np.uint8]


def colour_image(photo: bytes) -> "Colour":
    """Height, width, blue-green-red."""
    return _decoded(photo, grey=False)


def grey_image(photo: bytes, long_side: int) -> "tuple[Grey, int]":
    """Scaled to ``long_side``, and the long side it had."""
    import cv2

    image = _decoded(photo, grey=True)
    had = max(image.shape)
    scale = long_side / had
    wide, high = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(image, (wide, high), interpolation=way).astype("uint8"), had


def _decoded(photo: bytes, *, grey: bool) -> "Colour":
    import cv2
    import numpy as np

    flag = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR
    image = cv2.imdecode(np.frombuffer(photo, dtype=np.uint8), flag) if photo else None
    if image is None:
        raise Broken("a working copy that is no picture: photos are opened first (cv/opening)")
    return image.astype(np.uint8, copy=False)
