"""Text on photos by Tesseract: words of a page, prepared strips, and whether a document can be read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import NeedsAttention, Temporary
from cv.reading import grey_image

if TYPE_CHECKING:
    import numpy as np

INSTALL = "Tesseract is not installed: apt-get install tesseract-ocr"
WANTED_LANGUAGES = ("eng", "kat", "rus")
CALL_SECONDS = 20.0
LONG_SIDE = 1600
ENOUGH_WORDS = 8
LOWEST_WORD = 11
"""Pixels at the long side above."""
SHARE_OF_CARD = 0.12
WORD_CONFIDENCE = 60.0
"""Tesseract's own figure of a word, 0..100; below this a word counts as not read."""


@dataclass(frozen=True, slots=True)
class Word:
    """``height`` in pixels of the photo."""

    text: str
    confidence: float
    height: float


@dataclass(frozen=True, slots=True)
class TextSeen:
    """Words read well enough, the lines they stand in, and the mean confidence (0..100) of all that was tried."""

    words: tuple[Word, ...]
    lines: tuple[str, ...]
    mean_confidence: float


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """A document counts as present only if it can be read; ``why`` says what is wrong, "" for nothing."""

    is_present: bool
    is_readable: bool
    why: str = ""


def require_tesseract() -> None:
    """Raises NeedsAttention with what to install; asked at the start, so that nobody waits for a reading in vain."""
    import pytesseract

    try:
        pytesseract.get_tesseract_version()
    except pytesseract.TesseractNotFoundError as error:
        raise NeedsAttention(INSTALL) from error


def read_strips(strips: Sequence["np.ndarray"], characters: str) -> list[str]:
    """One line of text per strip, all in one call: to start Tesseract costs more than to read."""
    import tempfile
    from pathlib import Path

    import cv2

    if not strips:
        return []
    with tempfile.TemporaryDirectory(prefix="strips-") as folder:
        names = [Path(folder, f"{index}.png") for index in range(len(strips))]
        for name, strip in zip(names, strips, strict=True):
            cv2.imwrite(str(name), strip)
        listing = Path(folder, "strips.txt")
        listing.write_text("\n".join(map(str, names)))
        pages = str(_call("image_to_string", str(listing), f"--psm 7 -c tessedit_char_whitelist={characters}", "eng"))
    lines = [page.strip() for page in pages.split("\f")]
    return lines[: len(strips)] + [""] * (len(strips) - len(lines))


def judge_document(photo: bytes) -> DocumentSeen:
    """Whether the photo shows a document whose words can be read; which document it is, a person says."""
    grey, _ = grey_image(photo, LONG_SIDE)
    try:
        seen = words_of(grey)
    except NeedsAttention as missing:
        return DocumentSeen(is_present=False, is_readable=False, why=str(missing))
    words = [word for word in seen.words if sum(char.isalnum() for char in word.text) >= 2]
    tall = [word for word in words if word.height >= LOWEST_WORD]
    if len(tall) >= ENOUGH_WORDS:
        return DocumentSeen(is_present=True, is_readable=True)
    if len(words) >= ENOUGH_WORDS:
        why = "the text is too small: take the photo from nearer"
    elif words or has_card(grey):
        why = "a document may be there, but it cannot be read"
    else:
        why = "no document is seen"
    return DocumentSeen(is_present=False, is_readable=False, why=why)


def has_card(grey: "np.ndarray") -> bool:
    """A quadrilateral of the shape of a card or page, large enough to be what the photo is about: a hint only."""
    import cv2
    import numpy as np

    edges = cv2.dilate(cv2.Canny(cv2.GaussianBlur(grey, (0, 0), 2), 30, 90), np.ones((5, 5), np.uint8))
    contours, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        corners = cv2.approxPolyDP(contour, 0.03 * cv2.arcLength(contour, closed=True), closed=True)
        _, (width, height), _ = cv2.minAreaRect(contour)
        is_card = len(corners) == 4 and cv2.isContourConvex(corners) and max(width, height) < 1.9 * min(width, height)
        if is_card and cv2.contourArea(contour) > SHARE_OF_CARD * grey.size:
            return True
    return False


def read_text(photo: bytes) -> TextSeen:
    """Words of a photo, in the languages of Tesseract that are installed."""
    return words_of(grey_image(photo, LONG_SIDE)[0])


def words_of(grey: "np.ndarray") -> TextSeen:
    table = _call("image_to_data", grey, "--psm 3", _languages(), output_type="dict")
    words, lines, tried = [], {}, []
    for index, text in enumerate(table["text"]):
        confidence = float(table["conf"][index])
        if not text.strip() or confidence < 0:
            continue
        tried.append(confidence)
        if confidence >= WORD_CONFIDENCE:
            words.append(Word(text.strip(), confidence, float(table["height"][index])))
            place = tuple(table[key][index] for key in ("block_num", "par_num", "line_num"))
            lines.setdefault(place, []).append(text.strip())
    mean = sum(tried) / len(tried) if tried else 0.0
    return TextSeen(tuple(words), tuple(" ".join(line) for line in lines.values()), mean)


def _languages() -> str:
    installed = _call("get_languages")
    return "+".join(language for language in WANTED_LANGUAGES if language in installed) or "eng"


def _call(name: str, *arguments: Any, **options: Any) -> Any:
    """Tesseract's errors end here; one thread, because the pool already runs a worker per core."""
    import os

    import pytesseract

    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        if name == "get_languages":
            return pytesseract.get_languages()
        image, config, language = arguments
        return getattr(pytesseract, name)(image, lang=language, config=config, timeout=CALL_SECONDS, **options)
    except pytesseract.TesseractNotFoundError as error:
        raise NeedsAttention(INSTALL) from error
    except RuntimeError as error:  # pytesseract's word for a time-out, and for a failed run
        raise Temporary(f"Tesseract gave no answer: {type(error).__name__}") from error
