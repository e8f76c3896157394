"""What plates look like as text, and how far two of them are apart when a camera has read one."""

import re
from functools import lru_cache

GEORGIAN = re.compile(r"[A-Z]{2}\d{3}[A-Z]{2}|[A-Z]{3}\d{3}")
EUROPEAN = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9]{5,8}")

# Characters that cameras and Tesseract take for each other cost less than others.
CONFUSED = frozenset(
    frozenset(pair)
    for pair in (
        *("O0", "I1", "B8", "S5", "Z2", "G6", "Q0", "QO", "D0", "DO", "G0", "GO", "C0", "CO", "U0", "UO", "CG"),
        *("T1", "T7", "17", "L1", "LI", "A4", "6B", "39", "38", "56", "S8", "69"),
        *("VY", "VW", "MN", "MH", "HN", "KX", "EF", "PR"),
    )
)
CLOSE = frozenset(frozenset(pair) for pair in ("O0", "I1", "B8", "S5", "Z2", "G6", "Q0", "QO", "D0", "DO"))
CLOSE_COST, CONFUSED_COST, OTHER_COST = 0.4, 0.7, 1.0


def bare(text: str) -> str:
    """Upper case letters and figures only: ``ab-123-cd`` and ``AB 123 CD`` are one plate."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def is_plate(text: str) -> bool:
    """A whole plate of Georgia, old or new, or what a plate of Europe may be."""
    return bool(GEORGIAN.fullmatch(text) or EUROPEAN.fullmatch(text))


def shaped(text: str) -> str:
    """``0B123CO`` read as the Georgian ``OB123CO``: letters where letters stand, figures where figures stand."""
    letters = str.maketrans("01852642", "OIBSZGAZ")
    figures = str.maketrans("OIQDBSZGLT", "0100852617")
    if len(text) == 7:
        guess = text[:2].translate(letters) + text[2:5].translate(figures) + text[5:].translate(letters)
    elif len(text) == 6:
        guess = text[:3].translate(letters) + text[3:].translate(figures)
    else:
        return text
    return guess if GEORGIAN.fullmatch(guess) else text


@lru_cache(maxsize=50_000)
def distance(one: str, other: str) -> float:
    """Weighted edit distance: 0 the same, 1 a whole character wrong, missing or too many."""
    above = [float(column) for column in range(len(other) + 1)]
    for row, char in enumerate(one, 1):
        line = [float(row)]
        for column, against in enumerate(other, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + _cost(char, against)))
        above = line
    return above[-1]


def _cost(char: str, against: str) -> float:
    if char == against:
        return 0.0
    pair = frozenset((char, against))
    if pair in CLOSE:
        return CLOSE_COST
    return CONFUSED_COST if pair in CONFUSED else OTHER_COST
