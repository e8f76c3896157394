"""Words that a machine translated: nothing lost, nothing added, nothing that could read or run more than a text."""

import pytest

from reports.words.machine import faults_of, is_untranslated, lines, machine_words, may_be_translated

COST = "about {cost} GEL, by the price table"


def test_words_put_together_again_are_those_that_were_taken_apart():
    words = machine_words("tr", [line.text.upper() for line in lines()])
    assert (words.language, words.is_by_machine) == ("tr", True)
    assert words.name("kind", "dent") == "DENT"


@pytest.mark.parametrize(
    ("translated", "faults"),
    [
        ("yaklaşık {cost} GEL, fiyat tablosuna göre", []),
        ("fiyat tablosuna göre", ["lost place {cost}", "lost sign GEL"]),
        ("{cost} {cost} GEL", ["added place {cost}"]),
        ("{cost!r} GEL", ["lost place {cost}", "added place {cost!r}"]),
        ("{{cost}} GEL {cost}", ["added place {cost}", "a brace"]),
        ("{cost} GEL ٣", ["added number ٣"]),
        ("{cost} GEL <i>", ["markup"]),
        ("{cost} GEL www.example.com", ["markup"]),
        ("{cost} GEL" + " çok" * 60, ["much too long"]),
        (" ", ["empty"]),
    ],
)
def test_what_is_wrong_with_a_translation_is_named(translated, faults):
    assert faults_of(COST, translated) == faults


def test_a_model_that_only_echoes_has_not_translated():
    assert is_untranslated(["Dent", "Roof", "Car"], ["dent", "Roof", "araba"])
    assert not is_untranslated(["Dent", "Roof", "Airbag"], ["Göçük", "Tavan", "Airbag"])


@pytest.mark.parametrize(
    ("code", "answer"),
    [("he", True), ("ckb", True), ("en-GB", False), ("", False), ("x" * 9, False), ("zh", False)],
)
def test_only_what_looks_like_the_code_of_a_language_that_can_be_printed_is_one(code, answer):
    assert may_be_translated(code) is answer
