"""The question to the model: once, and once more where facts did not come through."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from agents.kit.question import Answer, Degraded, Limits, Question, Thinker
from agents.kit.record import Record
from agents.translator.answer import Translation
from agents.translator.check import faults_of
from agents.translator.content import content_of, names_in, repair_of, terms_in
from agents.translator.context import Context
from core.masking import mask
from core.settings import TranslationSettings

SECONDS = 10.0
"""A colleague waits for the message; whoever is late delivers it untranslated."""
_LONGEST_ANSWER = 8_000
_ORDER = "fast"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of asking. ``faults`` of a translation are what is still wrong with it after one repair."""

    translation: str | None = None
    faults: tuple[str, ...] = ()
    degraded: Degraded | None = None
    records: tuple[Record, ...] = ()


async def translate(context: Context, thinker: Thinker, settings: TranslationSettings) -> Told:
    """Personal data leaves as placeholders and is put back only in what passed the check or is shown to a colleague."""
    masked = mask(context.message.words)
    names, terms = names_in(masked.text, context.names), terms_in(context, masked.text)
    languages = settings.languages if settings.check_language else ()
    content = content_of(context, masked, names, terms)

    def check(answer: str) -> list[str]:
        return faults_of(answer, masked, context, names=names, terms=terms, languages=languages)

    first = await thinker.ask(_question(context, content, settings.tone))
    if isinstance(first, Degraded):
        return Told(degraded=first, records=(first.record,))
    said, faults, records = first.output.translation.strip(), check(first.output.translation), [first.record]
    if faults:
        again = await thinker.ask(_question(context, repair_of(content, said, faults), settings.tone))
        records.append(again.record)
        if isinstance(again, Answer):
            said, faults = again.output.translation.strip(), check(again.output.translation)
    return Told(masked.unmask(said), tuple(masked.unmask(fault) for fault in faults), records=tuple(records))


def _question(context: Context, content: str, tone: str) -> Question[Translation]:
    return Question(
        agent="translator",
        prompt=_prompt().replace("{tone}", tone),
        content=content,
        output=Translation,
        limits=Limits(
            requests=2,
            tokens=24_000,
            answer_tokens=min(_LONGEST_ANSWER, 400 + 3 * len(context.message.words)),
            tool_calls=0,
            seconds=SECONDS,
            usd=Decimal("0.05"),
        ),
        object=context.conversation.entity,
        branch=context.conversation.branch,
        order=_ORDER,
    )


@cache
def _prompt() -> str:
    return Path(__file__).with_name("prompt.md").read_text(encoding="utf-8")
