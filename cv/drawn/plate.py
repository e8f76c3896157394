"""A number plate as a picture: invented text in the usual European form."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cv.drawn.letters import letters


@lru_cache(maxsize=64)
def plate_picture(text: str) -> NDArray[np.uint8]:
    """520 x 110 mm at 2 pixels per millimetre, blue, green, red."""
    sheet = Image.new("RGB", (1040, 220), (246, 246, 242))
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((4, 4, 1035, 215), 18, outline=(20, 20, 22), width=7)
    draw.rounded_rectangle((8, 8, 92, 211), 14, fill=(26, 60, 150))
    draw.text((50, 160), "GE", font=letters(54), fill=(245, 245, 245), anchor="mm")
    draw.rectangle((26, 50, 74, 98), fill=(245, 245, 245))
    draw.line((50, 50, 50, 98), fill=(200, 20, 30), width=9)
    draw.line((26, 74, 74, 74), fill=(200, 20, 30), width=9)
    size = 168
    while draw.textlength(text, font=letters(size)) > 890:
        size -= 4
    draw.text((566, 112), text, font=letters(size), fill=(16, 16, 18), anchor="mm")
    return cv2.cvtColor(np.asarray(sheet), cv2.COLOR_RGB2BGR).astype(np.uint8)
