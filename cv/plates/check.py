"""Is it the car that is expected? Find plates on the photo, read each six times, compare with the fleet."""

import string
from collections.abc import Sequence
from pathlib import Path

from core.errors import NeedsAttention
from cv.found import Box
from cv.plates.patterns import bare
from cv.plates.verdict import PlateCheck, PlateVerdict, Reads, decide

WHITELIST = string.ascii_uppercase + string.digits


def check_plate(photo: bytes, expected: str, fleet: Sequence[str], detector_weights: Path | None = None) -> PlateCheck:
    """``photo`` is an opened photo (JPEG); plates in any writing (AA-123-AA, aa123aa).

    Without Tesseract the verdict is unreadable and ``why`` says what to install: the inspection goes on.
    """
    try:
        return decide(read_plates(photo, detector_weights), expected, fleet)
    except NeedsAttention as missing:
        return PlateCheck(PlateVerdict.UNREADABLE, why=str(missing))


def read_plates(photo: bytes, detector_weights: Path | None = None) -> list[Reads]:
    """What was read at each place where a plate may be; nothing is decided here."""
    from cv.plates.finder import find_plates
    from cv.plates.strips import strips_of
    from cv.reading import colour_image
    from cv.text import read_strips

    picture = colour_image(photo)
    height, width = picture.shape[:2]
    candidates = find_plates(picture, detector_weights)
    strips = [strips_of(candidate.plate) for candidate in candidates]
    texts = iter(read_strips([strip for group in strips for strip in group], WHITELIST))
    reads = []
    for candidate, group in zip(candidates, strips, strict=True):
        left, top, right, bottom = candidate.box
        box = Box(left / width, top / height, right / width, bottom / height)
        found = tuple(text for text in (bare(next(texts)) for _ in group) if len(text) >= 3)
        reads.append(Reads(found, box))
    return reads
