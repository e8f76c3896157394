"""Text on photos by Tesseract: words of a page, prepared strips, and whether a document can be read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import NeedsAttention, Temporary

if TYPE_CHECKING:
    import numpy as np

INSTALL = "Tesseract is not installed: apt-get install tesseract-ocr"
WANTED_LANGUAGES = ("eng", "kat", "rus")
CALL_SECONDS = 20.0
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


def read_text(photo: bytes) -> TextSeen:
    """Words of a photo, in the languages of Tesseract that are installed."""
    return words_of(_grey(photo))


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


def _grey(photo: bytes) -> "np.ndarray":
    import cv2
    import numpy as np

    return cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_GRAYSCALE)


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
