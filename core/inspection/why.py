"""Why a finding stands where it stands: words that code writes down and every language has a line for."""

from collections.abc import Iterable
from enum import StrEnum


class Why(StrEnum):
    """The first five say how it was compared; a finding has exactly one of them. The others explain its rank."""

    MATCHED = "matched"
    """The photos before and after lie on each other, and it was there before."""
    NOT_MATCHED = "not_matched"
    """They lie on each other, and it was not seen before."""
    NOT_COMPARED = "not_compared"
    """They could not be laid on each other: nobody knows but a person who looks."""
    LOOKS_OTHERWISE = "looks_otherwise"
    """Old damage was at this place, and the place no longer looks as it did: a person must say which it is."""
    NOTHING_BEFORE = "nothing_before"
    """There is no earlier photo of this side."""
    SEVERAL_VIEWS = "several_views"
    ONE_VIEW = "one_view"
    """Other photos that should show it do not."""
    NEGATIVE = "negative"
    """Something that is no damage (dirt, a reflection, a shadow) was seen at the same place."""
    KNOWN_NEAR = "known_near"
    """A known damage of this kind is on the same part."""
    SAID_NO_DAMAGE = "said_no_damage"
    """A person said of the same place before that it is no damage."""


COMPARED: tuple[Why, ...] = tuple(Why)[:5]


def written(words: Iterable[Why]) -> str:
    """As it is kept: the words with spaces between, each once."""
    return " ".join(dict.fromkeys(words))


def read(text: str | None) -> tuple[Why, ...]:
    """What was kept; a word of a later version is left out."""
    known = set(Why)
    return tuple(Why(word) for word in (text or "").split() if word in known)
