"""From the bytes of a stranger to a photo we can work with, or a reason why not."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cv.opening.exif import ExifFacts, read_facts
from cv.opening.fingerprint import phash
from cv.opening.kinds import PhotoKind, is_cut_short, other_content, photo_kind, unsupported_picture, webp_size
from cv.opening.refusal import PhotoRefused, RefusalReason

if TYPE_CHECKING:
    from PIL.Image import Image

SMALLEST_SIDE = 64
ORIENTATION = 0x0112
ON_ITS_SIDE = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class OpeningLimits:
    """``long_side`` and ``quality`` are those of the working copy."""

    max_bytes: int = 50 * 1024 * 1024
    max_megapixels: float = 64.0
    long_side: int = 2560
    quality: int = 92


@dataclass(frozen=True, slots=True)
class OpenedPhoto:
    """``photo`` is the working copy: a JPEG that stands upright and says nothing of itself.

    ``sha256`` is of the content as it came, and so is the size in pixels (upright); the hashes are hex.
    """

    photo: bytes
    width: int
    height: int
    original_width: int
    original_height: int
    kind: PhotoKind
    sha256: str
    phash64: str
    phash256: str
    exif: ExifFacts


def open_photo(content: bytes, limits: OpeningLimits) -> OpenedPhoto:
    """Raises ``PhotoRefused``."""
    from PIL import Image, ImageOps

    kind = _checked_kind(content, limits)
    image, written = _decoded(content, kind, limits)
    facts = read_facts(image.getexif(), written, datetime.now(UTC))
    is_turned = image.getexif().get(ORIENTATION, 1) in ON_ITS_SIDE
    upright = _plain(ImageOps.exif_transpose(image))
    upright.thumbnail((limits.long_side, limits.long_side), Image.Resampling.LANCZOS)
    return OpenedPhoto(
        photo=_as_jpeg(upright, limits.quality),
        width=upright.width,
        height=upright.height,
        original_width=written[1 if is_turned else 0],
        original_height=written[0 if is_turned else 1],
        kind=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        phash64=phash(upright, 8),
        phash256=phash(upright, 16),
        exif=facts,
    )


def _checked_kind(content: bytes, limits: OpeningLimits) -> PhotoKind:
    if len(content) > limits.max_bytes:
        raise PhotoRefused(RefusalReason.TOO_BIG, f"{len(content)} bytes")
    kind = photo_kind(content)
    if kind is not None:
        return kind
    if name := unsupported_picture(content):
        raise PhotoRefused(RefusalReason.UNSUPPORTED, name)
    raise PhotoRefused(RefusalReason.NOT_AN_IMAGE, other_content(content))


def _decoded(content: bytes, kind: PhotoKind, limits: OpeningLimits) -> tuple["Image", tuple[int, int]]:
    """Its pixels, a JPEG's already made smaller while they are decoded; and its size as it was written."""
    from PIL import Image
    from pillow_heif import register_heif_opener

    Image.MAX_IMAGE_PIXELS = None  # the size is checked here, before the pixels are read
    register_heif_opener(thumbnails=False)
    try:
        if kind is PhotoKind.WEBP and (size := webp_size(content)) is not None:
            _check_size(size, limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata; a refusal is what a person is told
            image = Image.open(io.BytesIO(content), formats=(kind.name,))
            size = image.size
            _check_size(size, limits)
            image.draft("RGB", _fitting(size, limits.long_side))
            image.load()
    except PhotoRefused:
        raise
    except Exception as error:
        # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error, ... for content that is not whole.
        reason = RefusalReason.TRUNCATED if is_cut_short(kind, content) else RefusalReason.BROKEN
        raise PhotoRefused(reason, type(error).__name__) from error
    return image, size


def _check_size(size: tuple[int, int], limits: OpeningLimits) -> None:
    shown = f"{size[0]}x{size[1]}"
    if size[0] * size[1] > limits.max_megapixels * 1e6:
        raise PhotoRefused(RefusalReason.TOO_MANY_PIXELS, shown)
    if min(size) < SMALLEST_SIDE:
        raise PhotoRefused(RefusalReason.TOO_SMALL, shown)


def _fitting(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    scale = min(1.0, long_side / max(size))
    return round(size[0] * scale), round(size[1] * scale)


def _plain(image: "Image") -> "Image":
    """Red, green and blue with eight bits; what is transparent is white."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    cover = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", cover.size, "white"), cover).convert("RGB")


def _as_jpeg(image: "Image", quality: int) -> bytes:
    """Only the pixels go over: a new picture has no metadata."""
    from PIL import Image

    bare = Image.new("RGB", image.size)
    bare.paste(image)
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=quality)
    return target.getvalue()
