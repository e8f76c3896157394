"""Which of the configured languages a short text is in: by its letters, and by py3langid among the Latin ones."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from importlib import import_module
from typing import Any, Protocol

DETECT_MIN_CHARS = 12
JUDGED_MIN_CHARS = 24
"""Of a translation: what is shorter may be a name, a brand or a word that two languages share."""
_SURE = 0.9
_SHARE = 0.6
_SCRIPTS = {
    "ka": re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf]"),
    "he": re.compile(r"[\u0590-\u05ff\ufb1d-\ufb4f]"),
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
    "ru": re.compile(r"[\u0400-\u052f]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f]"),
}
_OF_A_NEIGHBOUR = {"ru": re.compile(r"[іїєґўџљњћђ]", re.IGNORECASE), "ar": re.compile(r"[پچژگکی]")}
"""Letters of Ukrainian, Belarusian, Serbian; of Persian and Urdu: then the script alone does not name the language."""
_NOT_SPEECH = re.compile(r"⟦[^⟦⟧]{0,40}⟧|https?://\S+|www\.\S+|\S+@\S+|[\w-]*\d[\w-]*")
_LONGEST_READ = 2000
_FOREIGN_TO_LATIN = re.compile(r"[\u0400-\u06ff\u10a0-\u10ff]")
_LATIN_NAME = re.compile(r"\b[A-Z][A-Za-z]+")
""""Toyota Camry" in a Russian sentence is a name, not another language."""


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def detect_language(text: str, languages: Collection[str], *, min_chars: int = DETECT_MIN_CHARS) -> str | None:
    """The language of the text, or None where it is too short, mixed, or nobody can be sure.

    Links, addresses and figures say nothing about a language and are not counted.
    """
    speech = _NOT_SPEECH.sub(" ", text[:_LONGEST_READ])
    if _FOREIGN_TO_LATIN.search(speech):
        speech = _LATIN_NAME.sub(" ", speech)
    letters = _letters_of(speech)
    total = letters.total()
    if total == 0 or sum(map(str.isalpha, speech)) + speech.count(" ") < min_chars:
        return None
    script, count = letters.most_common(1)[0]
    if count < _SHARE * total:
        return None
    if script == "latin":
        return _latin(speech, frozenset(languages))
    neighbour = _OF_A_NEIGHBOUR.get(script)
    return script if script in languages and not (neighbour and neighbour.search(speech)) else None


def wrong_language(text: str, target: str, languages: Collection[str], *, names: Iterable[str] = ()) -> str | None:
    """The language or script that a translation into ``target`` is surely in instead; None where it may be right.

    Names stay as they are written in every language, so they are not counted.
    """
    if target not in languages:
        return None
    speech = _NOT_SPEECH.sub(" ", text[:_LONGEST_READ])
    for name in names:
        speech = speech.replace(name, " ")
    wanted = target if target in _SCRIPTS else "latin"
    if wanted != "latin":
        speech = _LATIN_NAME.sub(" ", speech)
    letters = _letters_of(speech)
    script, count = letters.most_common(1)[0]
    if letters.total() < JUDGED_MIN_CHARS or count < _SHARE * letters.total():
        return None
    if script != wanted:
        return script
    found = _latin(speech, frozenset(languages)) if script == "latin" else target
    return None if found == target else found


def _letters_of(speech: str) -> Counter[str]:
    return Counter({script: len(pattern.findall(speech)) for script, pattern in _SCRIPTS.items()})


def _latin(speech: str, languages: frozenset[str]) -> str | None:
    """The clearly best of ours; a language that is not ours is seldom clear among them."""
    ours = tuple(sorted(languages - _SCRIPTS.keys()))
    if not ours:
        return None
    language, probability = _identifier(ours).classify(speech)
    return language if probability >= _SURE else None


@cache
def _identifier(languages: tuple[str, ...]) -> _Identifier:
    """Loaded at the first Latin message: the model takes about a second; the library has no types of its own."""
    library: Any = import_module("py3langid.langid")
    identifier = library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(languages))
    return identifier
