from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.errors import NeedsAttention
from cv.text import has_card, judge_document, read_text, require_tesseract

LINES = (
    "CERTIFICATE OF REGISTRATION", "Owner: Invented Rental Company", "Vehicle: HATCHBACK 2021",
    "Plate: AB-123-CD", "Colour: silver, fuel: petrol", "Valid until: 31.12.2031",
)  # fmt: skip


@pytest.fixture
def draw_document() -> Callable[..., bytes]:
    """A page on a table: the height of its letters, and how blurred the photo is."""

    def draw(letters: int = 34, blur: float = 0.7, *, has_text: bool = True) -> bytes:
        image = Image.new("RGB", (1600, 1200), (70, 58, 46))
        pen = ImageDraw.Draw(image)
        pen.rectangle((300, 250, 1300, 950), fill=(236, 234, 226))
        for number, line in enumerate(LINES * has_text):
            pen.text((360, 300 + number * 100), line, fill=(30, 30, 50), font=ImageFont.load_default(letters))
        photo = cv2.GaussianBlur(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), (0, 0), blur)
        return cv2.imencode(".jpg", photo)[1].tobytes()

    return draw


def test_a_clear_document_is_present(draw_document):
    seen = judge_document(draw_document())
    assert (seen.is_present, seen.is_readable, seen.why) == (True, True, "")


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        ({"blur": 6.0}, "cannot be read"),
        ({"has_text": False}, "cannot be read"),
    ],
)
def test_a_document_that_cannot_be_read_is_not_present(draw_document, picture, why):
    seen = judge_document(draw_document(**picture))
    assert (seen.is_present, seen.is_readable) == (False, False)
    assert why in seen.why


def test_a_table_without_a_document_says_so():
    photo = cv2.imencode(".jpg", np.full((900, 1200, 3), 90, np.uint8))[1].tobytes()
    assert judge_document(photo).why == "no document is seen"


def test_words_come_with_their_lines_and_height(draw_document):
    seen = read_text(draw_document())
    assert "CERTIFICATE OF REGISTRATION" in seen.lines
    assert 20 < max(word.height for word in seen.words) < 60
    assert seen.mean_confidence > 70


def test_a_card_is_a_quadrilateral_and_a_disc_is_none():
    card, disc = np.full((600, 800), 60, np.uint8), np.full((600, 800), 60, np.uint8)
    cv2.rectangle(card, (200, 150), (600, 420), 220, -1)
    cv2.circle(disc, (400, 300), 180, 220, -1)
    assert (has_card(card), has_card(disc)) == (True, False)


def test_without_tesseract_a_document_waits_for_a_person(draw_document, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "apt-get install tesseract-ocr" in judge_document(draw_document()).why
    with pytest.raises(NeedsAttention, match="apt-get install"):
        require_tesseract()
