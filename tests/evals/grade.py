"""Graders: from a case and the rows after it to what is wrong; no model, no chance."""

import re
from collections.abc import Callable, Iterator

from core.locked import compare
from tests.evals.case import Case
from tests.evals.seen import Seen

STAFF_LANGUAGE = "ru"
_LETTERS = {
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ka": re.compile(r"[\u10a0-\u10ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_NOT_SPEECH = re.compile(r"https?://\S+|\S+@\S+|\b\w*\d\w*\b")
_LATIN_NAME = re.compile(r"\b[A-Z][A-Za-z]*\b")
"""Names of cars, streets and currencies stay Latin in every language."""
_SHARE = 0.8


def grade(case: Case, seen: Seen) -> tuple[str, ...]:
    """What is wrong, in words; nothing when the case has passed."""
    return tuple(_GRADERS[case.kind](case, seen))


def _incoming(case: Case, seen: Seen) -> Iterator[str]:
    yield from _nothing_left(seen)
    if seen.state != case.expect.outcome:
        yield f"the translation is {seen.state}, not {case.expect.outcome} ({seen.note})"
    if case.expect.outcome == "done" and seen.translation is not None:
        yield from _words(case, seen.translation, STAFF_LANGUAGE)
        yield from _facts(case, seen.translation, case.language, STAFF_LANGUAGE)


def _outgoing(case: Case, seen: Seen) -> Iterator[str]:
    ours = [(seen.conversation_id, seen.message_id, seen.client_hash)]
    if [(one.conversation_id, one.message_id, one.text_hash) for one in seen.orders] != ours:
        yield f"{len(seen.orders)} orders to send, not one with these words to this client ({seen.note})"
    if seen.translation is None:
        yield "there is no translation"
        return
    yield from _words(case, seen.translation, case.language)
    yield from _facts(case, seen.translation, STAFF_LANGUAGE, case.language)


def _draft(case: Case, seen: Seen) -> Iterator[str]:
    yield from _nothing_left(seen)
    words = " ".join(f"{draft['client_text']} {draft['staff_text']}" for draft in seen.drafts)
    if case.expect.outcome == "no_harm":
        yield from _lacking(case, words)
        return
    if case.expect.outcome == "nothing":
        if seen.drafts:
            yield "there is a draft where a person has to answer"
        return
    if [draft["state"] for draft in seen.drafts] != ["open"]:
        found = [(draft["state"], draft["why_held"]) for draft in seen.drafts]
        yield f"not one open draft: {found} ({seen.note})"
        return
    yield from _words(case, seen.drafts[0]["client_text"], case.language)
    yield from _in_letters_of(STAFF_LANGUAGE, seen.drafts[0]["staff_text"])
    yield from (f"{tool} was not asked" for tool in case.expect.tools if tool not in seen.tools)


def _staff(case: Case, seen: Seen) -> Iterator[str]:
    expect = case.expect
    if expect.outcome == "nothing":
        if seen.tasks:
            yield f"a task out of nothing: {seen.tasks[0]['title']}"
        return
    if len(seen.tasks) != 1:
        yield f"{len(seen.tasks)} tasks, not one ({seen.note})"
        return
    task = seen.tasks[0]
    for name, right in (("nature", expect.natures), ("part", expect.parts)):
        if right and task[name] not in right:
            yield f"{name} is {task[name]}, not {' or '.join(right)}"
    is_linked = any(link.startswith("car:") for link in task["links"])
    if is_linked != expect.is_about_the_car:
        yield "a car is bound" if is_linked else "the car is not bound"
    yield from _keeping(case, task["title"])
    yield from _lacking(case, task["title"])


def _nothing_left(seen: Seen) -> Iterator[str]:
    if seen.orders:
        yield "something was ordered to be sent to a client"


def _words(case: Case, words: str, language: str) -> Iterator[str]:
    yield from _in_letters_of(language, words)
    yield from _keeping(case, words)
    yield from _lacking(case, words)


def _keeping(case: Case, words: str) -> Iterator[str]:
    for wanted in case.expect.keeps:
        if not any(_has(words, choice) for choice in wanted.split("|")):
            yield f"{wanted!r} is missing in {words!r}"


def _lacking(case: Case, words: str) -> Iterator[str]:
    yield from (f"{banned!r} stands in {words!r}" for banned in case.expect.lacks if _has(words, banned))


def _has(words: str, part: str) -> bool:
    return " ".join(part.split()).casefold() in " ".join(words.split()).casefold()


def _facts(case: Case, words: str, source: str, target: str) -> Iterator[str]:
    changed = compare(case.text, words, original_language=source, translated_language=target)
    yield from (f"a fact changed: {difference}" for difference in changed)


def _in_letters_of(language: str, words: str) -> Iterator[str]:
    """Languages that share the Latin letters are told apart by the words of ``keeps``."""
    speech = _NOT_SPEECH.sub(" ", words)
    if language in _LETTERS:
        speech = _LATIN_NAME.sub(" ", speech)
    letters = sum(char.isalpha() for char in speech)
    own = len(_LETTERS.get(language, _LATIN).findall(speech))
    if letters and own < _SHARE * letters:
        yield f"not in {language}: {words!r}"


_GRADERS: dict[str, Callable[[Case, Seen], Iterator[str]]] = {
    "incoming": _incoming,
    "outgoing": _outgoing,
    "draft": _draft,
    "staff": _staff,
}
