"""What inspections need: a process that opens photos, weights with their card, Tesseract."""

import asyncio
import base64

from core.errors import NeedsAttention
from core.settings import Settings
from cv.text import require_tesseract
from cv.vision import Vision, open_vision
from orchestrator.doctor.diagnosis import Diagnosis, ill, well

SQUARE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mP4DwUMo4xRBukMAOPT/hAC2mzjAAAAAElFTkSuQmCC"
)
"""A PNG, 64 x 64, white."""


async def look(settings: Settings) -> list[Diagnosis]:
    """One picture is opened in a process of its own, as a stranger's would be."""
    if not settings.vision.is_on:
        return [well("vision", "off: people look at every photo")]
    vision = open_vision(settings.vision, settings.photos)
    try:
        opened = await vision.open_photo(SQUARE)
        found = [well("vision", f"a picture of {opened.width}x{opened.height} was opened"), _weights(vision)]
    finally:
        await vision.aclose()
    return [*found, await _tesseract()]


def _weights(vision: Vision) -> Diagnosis:
    card = vision.card
    if card is None:
        return well("damage weights", "none: people look for damage; jarvis vision train makes some")
    kinds = ", ".join(sorted(card.advertised)) or "nothing it may propose"
    return well("damage weights", f"{card.title} ({card.licence}): {kinds}")


async def _tesseract() -> Diagnosis:
    try:
        await asyncio.to_thread(require_tesseract)
    except NeedsAttention as missing:
        mend = "install it; until then plates and documents count as unreadable"
        return ill("tesseract", str(missing), mend)
    return well("tesseract", "reads plates and documents")
