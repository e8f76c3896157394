"""Words of the report that a machine translates: taken apart into lines, each checked, and put together again."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports.words import FALLBACK, Words, words_in

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WITHOUT_FONT = frozenset({"zh", "ja", "ko"})
"""The fonts of the image hold no such letters: the PDF would be empty squares."""
_PLACE = re.compile(r"\{[^{}]*\}")
_NUMBER = re.compile(r"\d+")
_SIGN = re.compile(r"\b[A-Z]{3,}\b")
"""GEL, SHA: the same in every language."""
_MARKUP = re.compile(r"[<>\n\r\0]|https?:|www\.")
_TIMES_LONGER = 3
_ROOM = 40
_MOST_UNCHANGED = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """An English text and where it stands."""

    section: str
    key: str
    text: str


def lines() -> tuple[Line, ...]:
    """All that a report may say, in the order of its file."""
    texts = words_in(FALLBACK).texts
    return tuple(Line(section, key, text) for section, words in texts.items() for key, text in words.items())


def may_be_translated(code: str) -> bool:
    """Whether it looks like the code of a language that can be printed.

    It comes from systems in which anybody may write anything.
    """
    return _LANGUAGE.fullmatch(code) is not None and code not in _WITHOUT_FONT


def faults_of(original: str, translated: str) -> list[str]:
    """What a translation lost, added or would break; empty when nothing.

    Places for values must be the very same: the text is filled in by ``str.format``, and a new place could read more
    than a value.
    """
    if not translated.strip():
        return ["empty"]
    wrong = [
        *_differences("place", _PLACE.findall(original), _PLACE.findall(translated)),
        *_differences("number", _numbers(original), _numbers(translated)),
        *_differences("sign", _SIGN.findall(original), _SIGN.findall(translated)),
    ]
    if "{" in _PLACE.sub("", translated) or "}" in _PLACE.sub("", translated):
        wrong.append("a brace")
    if _MARKUP.search(translated):
        wrong.append("markup")
    if len(translated) > _TIMES_LONGER * len(original) + _ROOM:
        wrong.append("much too long")
    return wrong


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(_PLACE.sub(" ", text))


def _differences(what: str, wanted: Sequence[str], came: Sequence[str]) -> list[str]:
    lost, added = Counter(wanted) - Counter(came), Counter(came) - Counter(wanted)
    return [f"lost {what} {one}" for one in sorted(lost)] + [f"added {what} {one}" for one in sorted(added)]


def is_untranslated(originals: Sequence[str], translated: Sequence[str]) -> bool:
    """Most of it came back letter by letter: a model that only echoes."""
    same = sum(one.casefold() == other.casefold() for one, other in zip(originals, translated, strict=True))
    return same > _MOST_UNCHANGED * len(originals)


def machine_words(language: str, translated: Sequence[str]) -> Words:
    """``translated`` in the order of ``lines``."""
    texts: dict[str, dict[str, str]] = {}
    for line, text in zip(lines(), translated, strict=True):
        texts.setdefault(line.section, {})[line.key] = text
    return Words(language, texts, is_by_machine=True)
