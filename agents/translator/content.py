"""What the model is shown of a message: only what is needed, personal data hidden, each part between its marks."""

import re
from collections.abc import Iterable, Sequence

from agents.translator.context import Context
from core.locked import Kind, find
from core.masking import Masked, mask
from db.queries.glossary import Term
from db.queries.messages import Message

LANGUAGES = {
    "en": "English",
    "ru": "Russian",
    "ka": "Georgian",
    "he": "Hebrew",
    "ar": "Arabic",
    "tr": "Turkish",
    "de": "German",
}
_LONGEST_LINE = 300
_LONGEST_NAME = 80
_MARKS = re.compile(r"<(?=/?\s*(?:message|before|names|terms|slang|previous|faults)\b)", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z]{2}")
_HIDDEN = re.compile(r"⟦[^⟦⟧\s]{0,40}⟧")


def content_of(context: Context, masked: Masked, names: Iterable[str], terms: Iterable[Term]) -> str:
    writer = "A member of staff" if context.is_of_staff else "A client"
    source = "their language" if context.source is None else _called(context.source)
    lines = [f"{writer} writes. Translate from {source} to {_called(context.target)}."]
    lines += _part("before", [_line(one) for one in context.before if one.words])
    lines += _part("names", names)
    lines += _part("terms", [_as_pair(term, context) for term in terms])
    lines += _part("slang", _slang(context))
    return "\n".join([*lines, *_part("message", [masked.text])])


def repair_of(content: str, previous: str, faults: Iterable[str]) -> str:
    """The same question again, with what was wrong with the first answer."""
    wrong = [
        "",
        "Your last translation changed facts. Translate the message again and put right what is listed.",
        *_part("previous", [previous]),
        *_part("faults", faults),
    ]
    message = content.rindex("<message>")
    return content[:message] + "\n".join(wrong).lstrip() + "\n" + content[message:]


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those that occur, in Latin letters: other ones are spelled anew where people read another script."""
    latin = [name for name in names if len(name) <= _LONGEST_NAME and name.isascii() and _LATIN.search(name)]
    return [name for name in latin if any(one.kind is Kind.NAME for one in find(text, [name]))]


def terms_in(context: Context, text: str) -> list[Term]:
    return [term for term in context.terms if has_word(text, said_as(term, context)[0])]


def said_as(term: Term, context: Context) -> tuple[str, str]:
    """A term in the source and in the target."""
    return (term.term, term.translation) if context.is_of_staff else (term.translation, term.term)


def has_word(text: str, word: str) -> bool:
    """Also bent at its end: "залог" is in "залога", "страховка" in "страховку"."""
    stem = word[:-1] if len(word) > 4 and word[-1].casefold() in "аяоеьйыи" else word
    return re.search(rf"(?<!\w){re.escape(stem)}\w{{0,4}}(?!\w)", text, re.IGNORECASE) is not None


def _called(language: str) -> str:
    return LANGUAGES.get(language, language)


def _part(name: str, lines: Iterable[str]) -> list[str]:
    """Nobody's words can close the part they stand in or open another one."""
    inside = [_MARKS.sub("‹", line) for line in lines]
    return [f"<{name}>", *inside, f"</{name}>"] if inside else []


def _line(message: Message) -> str:
    who = "client" if message.direction == "incoming" else "company"
    words = _HIDDEN.sub("…", mask(message.words[:_LONGEST_LINE]).text)
    return f"{who}: {' '.join(words.split())}"


def _as_pair(term: Term, context: Context) -> str:
    source, target = said_as(term, context)
    return f"{source} = {target}"


def _slang(context: Context) -> Sequence[str]:
    words = context.message.words
    return [f"{word}: {meaning}" for word, meaning in context.slang.items() if has_word(words, word)]
