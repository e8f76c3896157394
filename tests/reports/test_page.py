"""The page of a report: the same words in every language, nothing from elsewhere, and a stranger's text stays text."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Occasion, Question, Viewpoint
from reports.model import ChainState, Figure, Finding, Machine, Pair, Report, Skipped
from reports.page import render
from reports.words import LANGUAGES, words_in

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"
DENT = Finding(1, FindingState.NEW, DamageKind.DENT, Part.HOOD, Severity.LIGHT, 300, decided_by="Nino", decided_at=NOW)
REPORT = Report(
    number=131,
    occasion=Occasion.RETURN,
    car="Toyota Prius",
    plate="AB-123-CD",
    branch="Tbilisi",
    zone=ZoneInfo("Asia/Tbilisi"),
    opened_at=NOW,
    submitted_at=NOW,
    inspector="Nino",
    made_at=NOW,
    reviewer="Lasha",
    reviewed_at=NOW,
)


def english(**told) -> str:
    return render(replace(REPORT, **told), words_in("en"), {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_values(language):
    def shape(texts):
        return {
            (section, key): sorted(part.split("}")[0] for part in text.split("{")[1:])
            for section, words in texts.items()
            for key, text in words.items()
        }

    assert shape(words_in(language).texts) == shape(words_in("en").texts)


@pytest.mark.parametrize(
    ("section", "things"),
    [
        ("view", [*Viewpoint, *Question]),
        ("kind", DamageKind),
        ("part", Part),
        ("severity", [str(one.value) for one in Severity]),
        ("state", FindingState),
    ],
)
def test_everything_that_a_report_may_name_has_a_name(section, things):
    assert [thing for thing in things if thing not in words_in("ka").texts[section]] == []


def test_what_strangers_and_staff_wrote_is_shown_and_never_run():
    page = english(client=EVIL, skipped=(Skipped("rear", EVIL, EVIL, NOW),))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 3


def test_the_page_needs_nothing_from_elsewhere_and_forbids_it():
    page = english(findings=(DENT,))
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src &#39;none&#39;" in page
    assert "style=" not in page.partition("</style>")[2]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"findings": (DENT,)}, "1 new damage, confirmed by a person"),
        ({}, "No new damage: confirmed by a person"),
        ({"reviewed_at": None, "reviewer": None}, "Not reviewed by a person yet"),
        ({"findings": (replace(DENT, state=FindingState.PROPOSED),)}, "still wait for a person"),
        ({"chain": ChainState.BROKEN, "chain_broken_at": 3}, "does not hold from photo 3 on"),
        ({"machine": Machine(None)}, "No model looked at these photos"),
    ],
)
def test_the_report_says_what_was_decided_and_what_was_not(told, said):
    assert said in english(**told)


def test_an_undecided_finding_has_no_price():
    assert "300 GEL" in english(findings=(DENT,))
    assert "300 GEL" not in english(findings=(replace(DENT, state=FindingState.PROPOSED),))


def test_figures_carry_their_units_in_the_language_of_the_page():
    figures = (Figure("mileage", "ok", "km", 45820, 45210), Figure("kit", "problem", missing=("jack", "rope")))
    page = render(replace(REPORT, figures=figures), words_in("ru"), {})
    assert "45\u202f820 км" in page
    assert "нет: домкрат, rope" in page


def test_a_language_that_is_not_there_reads_english_and_says_so():
    assert "the report is in English" in render(REPORT, words_in("he"), {})


@pytest.mark.parametrize(
    ("part", "times"),
    [
        (Part.FRONT_LEFT_DOOR, 2),
        (Part.FRONT_BUMPER, 1),  # seen best from the front
        (Part.MIRROR, 1),  # may be that of either side
    ],
)
def test_what_a_person_marked_stands_beside_the_photos_of_its_side(part, times):
    marked = replace(DENT, part=part, is_by_machine=False)
    pair = Pair(Viewpoint.LEFT, "after", NOW, "before", NOW)
    report = replace(REPORT, findings=(marked,), pairs=(pair,))
    page = render(report, words_in("en"), {"before:left": b"before", "after:left": b"after"})
    assert page.count(b64encode(b"before").decode()) == times
