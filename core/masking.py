"""Personal data leaves the company only as placeholders such as ⟦phone-1⟧, and is put back in what comes home."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.locked.addresses import EMAIL, PHONE, PLACEHOLDER, is_phone
from core.locked.plain import plain

_DOCUMENT = re.compile(
    r"(?<![\w⟦-])(?:[A-ZА-Я]{1,3}[ -]?(?:№ ?)?\d{6,9}|"
    r"\d{2} ?\d{2} \d{6}|\d{3}-\d{3}-\d{3} \d{2}|\d{8,20}|\d{2}[A-Z]{2}\d{5})(?![\w⟧])",
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may leave, and what each placeholder in it stands for; ``hidden`` never leaves."""

    text: str
    hidden: Mapping[str, str]

    def unmask(self, answer: str) -> str:
        """The answer with the real values; what this mask did not make stays as it is."""
        return PLACEHOLDER.sub(lambda match: self.hidden.get(match[0], match[0]), answer)

    def faults(self, answer: str) -> list[str]:
        """The placeholders that an answer lost, repeated or invented: it must hold each as often as ``text`` does."""
        sent, came = Counter(PLACEHOLDER.findall(self.text)), Counter(PLACEHOLDER.findall(answer))
        return sorted(placeholder for placeholder in sent | came if sent[placeholder] != came[placeholder])


def mask(text: str) -> Masked:
    """Hide e-mails, phones and document numbers; the same value gets the same placeholder throughout.

    What already looks like a placeholder is hidden as well, so nobody can write one and be given another's value.
    """
    placeholders: dict[str, str] = {}
    counts: Counter[str] = Counter()
    pieces: list[str] = []
    end = 0
    for kind, start, stop in _personal(text):
        value = text[start:stop]
        if value not in placeholders:
            counts[kind] += 1
            placeholders[value] = f"⟦{kind}-{counts[kind]}⟧"
        pieces += [text[end:start], placeholders[value]]
        end = stop
    pieces.append(text[end:])
    return Masked("".join(pieces), {placeholder: value for value, placeholder in placeholders.items()})


def _personal(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind and place of each, from the left; where two overlap the one that begins first wins."""
    spelled, places = _plain_with_places(text)
    found = [("text", match) for match in PLACEHOLDER.finditer(spelled)]
    found += [("email", match) for match in EMAIL.finditer(spelled)]
    found += [("document", match) for match in _DOCUMENT.finditer(spelled)]
    found += [("phone", match) for match in PHONE.finditer(spelled) if is_phone(match[0])]
    end = 0
    for kind, match in sorted(found, key=lambda pair: (pair[1].start(), -pair[1].end())):
        if match.start() >= end:
            end = match.end()
            yield kind, places[match.start()], places[end - 1] + 1


def _plain_with_places(text: str) -> tuple[str, list[int]]:
    """The text in one spelling, so that Persian digits hide as well, and where each of its characters stood."""
    spelled: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in plain(character):
            spelled.append(letter)
            places.append(place)
    return "".join(spelled), places
