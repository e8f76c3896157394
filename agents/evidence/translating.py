"""The words of a report in a language that is none of ours: from what was paid for before, else from a model."""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agents.kit.question import Answer, Degraded, Limits, Question, Thinker
from agents.kit.record import Record
from agents.spec import Deps
from core.log import get_logger
from db.queries import report_words
from db.queries.report_words import TranslatedWords
from reports.words import LANGUAGES, Words, words_in
from reports.words.machine import Line, faults_of, is_untranslated, lines, machine_words, may_be_translated

log = get_logger(__name__)
PART_LINES = 50
"""Of one question: an answer that a model gives whole, and little to pay again when one fails."""
LIMITS = Limits(
    requests=2, tokens=24_000, answer_tokens=6_000, tool_calls=0, seconds=90.0, usd=Decimal("0.10")
)  # nobody waits at a counter
_NAMES = {
    "ar": "Arabic",
    "cs": "Czech",
    "de": "German",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "hy": "Armenian",
    "it": "Italian",
    "kk": "Kazakh",
    "pl": "Polish",
    "tr": "Turkish",
    "uk": "Ukrainian",
}


class TranslatedLine(BaseModel):
    """The text of the line with this number in the other language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    text: str


class TranslatedLines(BaseModel):
    """Every line, once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: tuple[TranslatedLine, ...]


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose budgets the questions come out of."""

    object: str
    branch: str | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words of one language; ``new`` is what was paid for now and is to be kept."""

    words: Words
    new: tuple[TranslatedWords, ...] = ()
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What came of asking for one part; None: no model answered, or it lost something twice."""

    texts: tuple[str, ...] | None
    records: tuple[Record, ...]


async def words_for(language: str, deps: Deps, payer: Payer) -> Spoken:
    """English, said so, where a line cannot be had. What did come through is kept all the same."""
    if language in LANGUAGES or not may_be_translated(language):
        return Spoken(words_in(language))
    parts = {hash_of(part): part for part in _parts(lines())}
    async with deps.db.transaction() as tx:
        texts = await report_words.find(tx, language, list(parts))
    missing = [one for one in parts if one not in texts]
    told = await asyncio.gather(*(_translate(parts[one], language, deps.thinker, payer) for one in missing))
    new = {one: came.texts for one, came in zip(missing, told, strict=True) if came.texts is not None}
    return Spoken(
        _joined(language, list(parts), {**texts, **new}),
        tuple(TranslatedWords(language, one, came) for one, came in new.items()),
        tuple(record for one in told for record in one.records),
    )


def _joined(language: str, parts: Sequence[str], texts: Mapping[str, tuple[str, ...]]) -> Words:
    """A report half in one language and half in another helps nobody."""
    if any(one not in texts for one in parts):
        log.warning("a report stays in English", language=language)
        return words_in(language)
    return machine_words(language, [text for one in parts for text in texts[one]])


def _parts(every: Sequence[Line]) -> list[tuple[Line, ...]]:
    return [tuple(every[start : start + PART_LINES]) for start in range(0, len(every), PART_LINES)]


def hash_of(part: Sequence[Line]) -> str:
    """The same English lines in the same places."""
    told = json.dumps([(line.section, line.key, line.text) for line in part], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


async def _translate(part: Sequence[Line], language: str, thinker: Thinker, payer: Payer) -> Told:
    """Once, and once more where something did not come through."""
    content = _content(part, language)
    first = await thinker.ask(_question(content, payer))
    if isinstance(first, Degraded):
        return Told(None, (first.record,))
    faults = _faults(part, first.output)
    if not faults:
        return Told(_texts(part, first.output), (first.record,))
    again = await thinker.ask(_question(_repair(content, faults), payer))
    records = (first.record, again.record)
    if isinstance(again, Answer) and not _faults(part, again.output):
        return Told(_texts(part, again.output), records)
    return Told(None, records)


def _faults(part: Sequence[Line], answer: TranslatedLines) -> list[str]:
    if sorted(line.number for line in answer.lines) != list(range(1, len(part) + 1)):
        return ["not every line is there once"]
    texts = _texts(part, answer)
    wrong = [
        f"{number}: {fault}"
        for number, (line, text) in enumerate(zip(part, texts, strict=True), start=1)
        for fault in faults_of(line.text, text)
    ]
    return ["not translated"] if is_untranslated([line.text for line in part], texts) else wrong


def _texts(part: Sequence[Line], answer: TranslatedLines) -> tuple[str, ...]:
    by_number = {line.number: line.text.strip() for line in answer.lines}
    return tuple(by_number[number] for number in range(1, len(part) + 1))


def _content(part: Sequence[Line], language: str) -> str:
    told = [f"{number} | {line.section} | {line.text}" for number, line in enumerate(part, start=1)]
    return "\n".join([f"Translate from English to {_called(language)}.", "<lines>", *told, "</lines>"])


def _repair(content: str, faults: Sequence[str]) -> str:
    wrong = "\n".join(faults)
    return f"{content}\n\nYour last answer changed facts. Answer again, whole, with these put right:\n{wrong}"


def _called(language: str) -> str:
    return _NAMES.get(language, f"the language with the code {language}")


def _question(content: str, payer: Payer) -> Question[TranslatedLines]:
    return Question(
        agent="evidence",
        prompt=_prompt(),
        content=content,
        output=TranslatedLines,
        limits=LIMITS,
        object=payer.object,
        branch=payer.branch,
    )


@cache
def _prompt() -> str:
    return Path(__file__).with_name("words.md").read_text(encoding="utf-8")
