"""What code noted in short words of its own reaches nobody as it was noted."""

import pytest

from bot.stored_notes import delivery_reason, draft_reasons, translation_reasons
from bot.texts import render_plain
from core.commands import Text

LANGUAGES = ("ru", "en", "ka")


def _read(texts: tuple[Text, ...], language: str = "en") -> list[str]:
    return [render_plain(text, language) for text in texts]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "note",
    [
        *("empty", "much too long", "markup", "consult", "no words", "no words yet", "> 6000", "> 10 min"),
        *("the model gives no translation", "no translation came", "language: ru instead of en"),
        *("lost: 50 USD", "added: 60", "changed: 10 -> 11", "swapped: 50 -> 40", "term: залог = deposit"),
    ],
)
def test_every_note_about_a_translation_is_told_in_the_words_of_the_language(note: str, language: str):
    (told,) = _read(translation_reasons(note), language)
    assert told != f"• {note}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "note",
    [
        *("approval refused", "approval expired", "off", "no-way", "file", "lost", "changed", "nothing", "away"),
        *("broken", "refused"),
    ],
)
def test_every_note_about_a_sending_is_told_in_the_words_of_the_language(note: str, language: str):
    told = render_plain(delivery_reason(note), language)
    assert told.startswith("⚠️ ")
    assert told != f"⚠️ {note}"


def test_what_umnico_said_is_told_with_its_refusal():
    assert render_plain(delivery_reason("refused: blocked: 24 h"), "en") == "⚠️ Umnico refused it: blocked: 24 h"


def test_facts_of_one_kind_stand_together():
    assert _read(translation_reasons("markup; lost: 500; lost: 12:30; changed: 10 -> 11")) == [
        "• the translation brings markup of its own",
        "• missing in the translation: 500, 12:30",
        "• different in the translation: 10 → 11",
    ]


def test_a_note_that_is_new_to_us_is_told_as_it_is():
    assert _read(translation_reasons("the moon was full")) == ["• the moon was full"]
    assert render_plain(delivery_reason("the moon was full"), "en") == "⚠️ the moon was full"
    assert _read(draft_reasons("the moon was full")) == ["⚠️ the moon was full"]


def test_a_draft_says_where_its_two_languages_differ():
    why = 'the two texts differ: money lost: "40 GEL"; date changed: "24.11" -> "25.11"'
    assert _read(draft_reasons(why)) == [
        "• missing in the translation: 40 GEL",
        "• different in the translation: 24.11 → 25.11",
    ]


def test_no_note_is_no_reason():
    assert translation_reasons(None) == ()
