"""From light to a phone's photo: tone, softness, noise, JPEG, and the ways in which a photo is bad."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import Rejected
from cv.drawn.camera import Floats

Picture = NDArray[np.uint8]


def developed(light: Floats, *, exposure: float = 1.0, seed: int = 0, noise: float = 2.2) -> Picture:
    """Blue, green, red as a phone would keep it."""
    height, width = light.shape[:2]
    soft = cv2.GaussianBlur(light, (0, 0), 0.55)
    soft *= exposure
    # Bright parts roll off instead of being cut.
    soft /= 1 + 0.22 * soft
    np.clip(soft, 0, 1, out=soft)
    toned = cv2.pow(soft, 1 / 2.2) * 255
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)
    toned *= (1.02 - 0.1 * (rows**2 + columns**2))[..., None]
    random = np.random.default_rng(seed)
    tile = random.normal(0, noise, (256, 256)).astype(np.float32)
    grain = np.tile(tile, (-(-height // 256), -(-width // 256)))[:height, :width]
    toned += grain[..., None]
    return np.clip(toned, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Exif:
    """What a phone writes into the file. ``orientation`` is EXIF's: 6 is a phone held upright."""

    taken_at: datetime | None = None
    orientation: int = 1
    camera: str = ""


def as_jpeg(picture: Picture, *, quality: int = 90, exif: Exif | None = None) -> bytes:
    if exif is None:
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    # Stored turned, so that a viewer that honours the tag shows it upright.
    turns = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_COUNTERCLOCKWISE, 8: cv2.ROTATE_90_CLOCKWISE}
    stored = cv2.rotate(picture, turns[exif.orientation]) if exif.orientation in turns else picture
    image = Image.fromarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB))
    tags = image.getexif()
    tags[274] = exif.orientation
    if exif.camera:
        tags[272] = exif.camera
    if exif.taken_at is not None:
        tags.get_ifd(0x8769)[36867] = tags[306] = exif.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    kept = BytesIO()
    image.save(kept, "JPEG", quality=quality, exif=tags)
    return kept.getvalue()


def opened(jpeg: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise Rejected("not a picture")
    return picture.astype(np.uint8)


def blurred(jpeg: bytes, *, strength: float = 1.0) -> bytes:
    """A hand that moved and a lens that did not focus."""
    picture = opened(jpeg)
    width = picture.shape[1] / 1600 * strength
    length = max(3, round(26 * width))
    kernel = np.zeros((length, length), np.float32)
    cv2.line(kernel, (0, length // 3), (length - 1, length - 1 - length // 3), 1)
    moved = cv2.filter2D(picture, -1, kernel / kernel.sum())
    return as_jpeg(cv2.GaussianBlur(moved, (0, 0), max(0.6, 5 * width)).astype(np.uint8))


def darkened(jpeg: bytes, *, share: float = 0.12) -> bytes:
    """Taken at night; ``share`` of the light is left."""
    random = np.random.default_rng(3)
    dark = opened(jpeg).astype(np.float32) * share ** (1 / 1.4)
    return as_jpeg(np.clip(dark + random.normal(0, 3, dark.shape[:2])[..., None], 0, 255).astype(np.uint8))


def brightened(jpeg: bytes) -> bytes:
    """Taken against the sun."""
    return as_jpeg(np.clip(opened(jpeg).astype(np.float32) * 1.5 + 110, 0, 255).astype(np.uint8))
