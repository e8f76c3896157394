"""What code noted in short words of its own about a text, a file or a draft, as people read it."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from bot.quoting import NOTE_LIMIT, line
from core.commands import Text

MOST_REASONS = 4
_TRANSLATION = {
    "empty": "empty",
    "much too long": "bloated",
    "markup": "markup",
    "consult": "consult",
    "no words": "no-words",
    "no words yet": "no-words",
    "the model gives no translation": "nonsense",
    "no translation came": "never",
}
"""What the translator and the transcriber write into ``messages.translation_note``, beside facts and limits."""
_DRAFT = (("no tool said ", "unfounded"), ("a text is empty", "empty"), ("longer than ", "long"))
"""How ``drafts.why_held`` begins."""
_DIFFER = "the two texts differ: "
_FACT = re.compile(r"(?:\w+ )?(lost|added|changed|swapped|term): (.*)", re.DOTALL)
_NEXT = re.compile(r"; (?=(?:\w+ )?(?:lost|added|changed|swapped|term|language): )")
_LIMIT = re.compile(r"> (\d+)( min)?")


def translation_reasons(note: str | None) -> tuple[Text, ...]:
    """Why a translation is not trusted, or why words of ours wait for a person; one reason a line."""
    return tuple(_reasons(note or "", _translation))[:MOST_REASONS]


def delivery_reason(note: str) -> Text:
    """Why a message of ours did not leave: a word, and after a colon what Umnico said."""
    word, _, said = note.partition(":")
    why = word.strip().replace(" ", "-")
    if why == "refused" and not said.strip():
        why = "refused-silently"
    return Text(key="sending-why", args={"why": why, "note": line(said or note, NOTE_LIMIT)})


def draft_reasons(why_held: str | None) -> tuple[Text, ...]:
    """Why a draft must not go out as it is."""
    why = why_held or "—"
    if why.startswith(_DIFFER):
        return tuple(_reasons(why.removeprefix(_DIFFER), _draft))[:MOST_REASONS]
    return (_draft(why),)


def _reasons(note: str, other: Callable[[str], Text]) -> Iterator[Text]:
    """Facts of one kind stand in one line; what is no fact is told by ``other``."""
    pieces = [piece for piece in _NEXT.split(note) if piece]
    for change, together in groupby(pieces, key=_change):
        if change is None:
            yield from (other(piece) for piece in together)
        else:
            facts = ", ".join(_told(piece) for piece in together)
            yield Text(key="note-facts", args={"change": change, "facts": facts[:NOTE_LIMIT]})


def _change(piece: str) -> str | None:
    found = _FACT.fullmatch(piece)
    return None if found is None else found[1]


def _told(fact: str) -> str:
    before_and_after = _FACT.sub(r"\2", fact).split(" -> ")
    return " → ".join(line(side.strip('"'), NOTE_LIMIT) for side in before_and_after)


def _translation(word: str) -> Text:
    limit = _LIMIT.fullmatch(word)
    if limit is not None:
        return Text(key="note-translation", args={"why": "late" if limit[2] else "long", "detail": limit[1]})
    why = "language" if word.startswith("language: ") else _TRANSLATION.get(word, "other")
    return Text(key="note-translation", args={"why": why, "detail": line(word, NOTE_LIMIT)})


def _draft(why: str) -> Text:
    for beginning, word in _DRAFT:
        if why.startswith(beginning):
            return Text(key="draft-held", args={"why": word, "note": line(why.removeprefix(beginning), NOTE_LIMIT)})
    return Text(key="draft-held", args={"why": "other", "note": line(why, NOTE_LIMIT)})
