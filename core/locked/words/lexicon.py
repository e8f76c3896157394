"""A word list that knows endings and prefixes: "ноябр*" is every form of the word, "בנובמבר" is "נובמבר"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from core.locked.plain import fold

_LONGEST_WORD = 24
_LONGEST_ENDING = 6
_PREFIXES = frozenset("בלמוהשכوبلفك")
_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class Meaning:
    value: str
    is_optional: bool = False
    has_and: bool = False
    """The word was joined to the one before it by Arabic و or Hebrew ו."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    exact: Mapping[str, Meaning]
    stems: Mapping[str, Meaning]

    @classmethod
    def of(cls, *tables: Mapping[str, str]) -> Self:
        """Tables of value -> its words; ``*`` after a word opens its ending, ``?`` makes the meaning optional."""
        exact: dict[str, Meaning] = {}
        stems: dict[str, Meaning] = {}
        for table in tables:
            for value, words in table.items():
                for word in words.split():
                    bare = word.rstrip("*?")
                    meaning = Meaning(value, is_optional="?" in word)
                    (stems if "*" in word else exact).setdefault(fold(bare), meaning)
        return cls(exact, stems)

    def find(self, word: str) -> Meaning | None:
        """What a word means here, with Hebrew and Arabic prefixes looked through."""
        if len(word) > _LONGEST_WORD:
            return None
        folded = fold(word)
        found = self._find_bare(folded)
        if found is not None:
            return found
        has_and = folded[:1] in {"ו", "و"}
        for _ in range(2):
            if len(folded) < 3 or folded[0] not in _PREFIXES:
                break
            folded = folded[1:]
            found = self._find_bare(folded.removeprefix(_ARTICLE)) or self._find_bare(folded)
            if found is not None:
                return Meaning(found.value, found.is_optional, has_and)
        return self._find_bare(folded.removeprefix(_ARTICLE)) if folded.startswith(_ARTICLE) else None

    def _find_bare(self, word: str) -> Meaning | None:
        found = self.exact.get(word)
        if found is not None:
            return found
        for cut in range(len(word), max(1, len(word) - _LONGEST_ENDING) - 1, -1):
            found = self.stems.get(word[:cut])
            if found is not None:
                return found
        return None
