"""The words of the report, one TOML file a language; another language may hand in its own translation."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("ru", "en", "ka")
FALLBACK = "en"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Words:
    """Texts by section and key. ``language`` is what the page declares itself to be written in.

    ``is_fallback``: the language that was asked for is not there, and the page says so. ``is_by_machine``: a model
    translated them from English, and the page says which one counts.
    """

    language: str
    texts: Mapping[str, Mapping[str, str]]
    is_fallback: bool = False
    is_by_machine: bool = False

    def say(self, key: str, **values: object) -> str:
        """A text of the page itself, with its values."""
        return self.texts["page"][key].format(**values)

    def name(self, section: str, key: object) -> str:
        """The name of a thing; what has none (a kit item of the owner's, a reason somebody wrote) is its own name."""
        return self.texts[section].get(str(key), str(key))


@lru_cache
def words_in(language: str) -> Words:
    """The words of a language; English, said so, where it is none of ours."""
    known = language if language in LANGUAGES else FALLBACK
    texts = tomllib.loads((_FOLDER / f"{known}.toml").read_text(encoding="utf-8"))
    return Words(known, texts, is_fallback=known != language)
