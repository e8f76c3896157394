"""Photos of plates drawn by the test: black on white on a grey car, a little turned."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

Draw = Callable[..., bytes]


@pytest.fixture
def draw_plates() -> Draw:
    """``draw_plates(("AB123CD", 300), blur=0)``: texts with the widths of their plates, from the left to the right."""

    def draw(*plates: tuple[str, int], blur: float = 0.0) -> bytes:
        image = Image.new("RGB", (1000, 600), (92, 98, 110))
        pen = ImageDraw.Draw(image)
        left = 90
        for text, width in plates:
            height = width * 0.22
            top = 340 - height / 2
            pen.rectangle((left, top, left + width, top + height), fill=(238, 238, 235), outline=(20, 20, 20), width=3)
            font = ImageFont.load_default(height * 0.8)
            pen.text((left + width / 2, 340), text, fill=(15, 15, 15), font=font, anchor="mm")
            left += width + 120
        photo = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR)
        turn = cv2.getRotationMatrix2D((500, 300), 3, 1.0)
        photo = cv2.warpAffine(photo, turn, (1000, 600), borderMode=cv2.BORDER_REPLICATE)
        photo = cv2.GaussianBlur(photo, (0, 0), 0.8 + blur)
        return cv2.imencode(".jpg", photo)[1].tobytes()

    return draw
