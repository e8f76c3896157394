"""Putting weights where Jarvis looks for them: checked against the sum that their card and the person give."""

import shutil
from pathlib import Path

from core.errors import Rejected
from cv.weights import ModelCard, card_path, fingerprint, read_card

LARGEST_MB = 500


def install(weights: Path, card: Path, folder: Path, *, sha256: str | None = None) -> tuple[Path, ModelCard]:
    """Copy both into ``folder``. Without a card, or with that of another file, nothing is copied."""
    if not weights.is_file():
        raise Rejected(f"{weights}: no such file")
    told = read_card(card)
    sum_of_file = fingerprint(weights)
    if sum_of_file != (sha256 or sum_of_file).lower() or sum_of_file != told.sha256:
        raise Rejected(f"{weights.name}: its sha256 is {sum_of_file}; that is not what was said")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / weights.name
    for source, place in ((weights, target), (card, card_path(target))):
        if source.resolve() != place.resolve():
            shutil.copyfile(source, place)
    return target, told
