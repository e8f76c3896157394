"""The letters of drawn pictures: a bold face that comes with the machine, else the one that comes with Pillow."""

from functools import lru_cache

from PIL import ImageFont

_FACES = ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")
_PLAIN = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf")


@lru_cache(maxsize=64)
def letters(size: int, *, is_bold: bool = True) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """``size`` in pixels."""
    for face in _FACES if is_bold else _PLAIN:
        try:
            return ImageFont.truetype(face, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
