"""Whether an answer is a translation: nothing lost, nothing added, nothing that only a machine would write."""

import re
from collections.abc import Collection, Sequence

from agents.translator.content import has_word, said_as
from agents.translator.context import Context
from agents.translator.language import wrong_language
from core.locked import Change, Difference, compare
from core.masking import Masked
from db.queries.glossary import Term

_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>|\]\(|```|\*\*|__")
_TIMES_LONGER = 3
_ROOM = 200
"""A greeting of two letters may be a sentence elsewhere."""


def faults_of(
    answer: str,
    masked: Masked,
    context: Context,
    *,
    names: Sequence[str],
    terms: Sequence[Term],
    languages: Collection[str] = (),
) -> list[str]:
    """What is wrong with an answer, before the hidden values are put back; empty when nothing is.

    Its language is judged among ``languages``, and not at all where there are none.
    """
    original = masked.text
    if not answer.strip():
        return ["empty"]
    if len(answer) > _TIMES_LONGER * len(original) + _ROOM:
        return ["much too long"]
    wrong = ["markup"] if len(_MARKUP.findall(answer)) > len(_MARKUP.findall(original)) else []
    if instead := wrong_language(answer, context.target, languages, names=names):
        wrong.append(f"language: {instead} instead of {context.target}")
    differences = compare(original, answer, names, original_language=context.source, translated_language=context.target)
    return wrong + [_as_line(one) for one in differences] + _lost_terms(answer, context, terms)


def _as_line(difference: Difference) -> str:
    match difference.change:
        case Change.LOST:
            return f"lost: {difference.original}"
        case Change.ADDED:
            return f"added: {difference.translated}"
        case Change.CHANGED | Change.SWAPPED:
            return f"{difference.change}: {difference.original} -> {difference.translated}"


def _lost_terms(answer: str, context: Context, terms: Sequence[Term]) -> list[str]:
    """A term of several words is bent in ways that no rule of ours knows: only single words are held to it."""
    pairs = [said_as(term, context) for term in terms]
    return [
        f"term: {source} = {target}"
        for source, target in pairs
        if " " not in target and not has_word(answer, target) and not has_word(answer, source)
    ]
