"""How bad a finding is, what it may cost, from where it is believed, and who hears of it when."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agents.damage.opinion import reranked
from agents.damage.prices import DEFAULT_PRICES, cost_of
from agents.damage.severity import severity_of, size_cm
from agents.damage.telling import levels_to_tell
from agents.damage.trust import Trust
from core.chain import Level
from core.hours import QuietHours, WorkingHours
from core.inspection.damage import NEGATIVES, DamageKind, Part, Severity
from core.inspection.views import Viewpoint
from core.settings import DamageSettings, VisionSettings
from cv.found import Box, Found
from cv.weights import DamageClass, ModelCard

ZONE = ZoneInfo("Asia/Tbilisi")
SETTINGS = DamageSettings()


@pytest.mark.parametrize(
    ("kind", "part", "size", "severity"),
    [
        (DamageKind.SCRATCH, Part.HOOD, 4.0, Severity.COSMETIC),
        (DamageKind.SCRATCH, Part.HOOD, 40.0, Severity.LIGHT),
        (DamageKind.SCRATCH, Part.HOOD, None, Severity.LIGHT),
        (DamageKind.DENT, Part.HOOD, 10.0, Severity.LIGHT),
        (DamageKind.DENT, Part.HOOD, 11.0, Severity.SERIOUS),
        (DamageKind.CRACK, Part.FRONT_BUMPER, 5.0, Severity.LIGHT),
        (DamageKind.CRACK, Part.WINDSCREEN, 5.0, Severity.SERIOUS),
        (DamageKind.BROKEN_LAMP, Part.HEADLAMP, 5.0, Severity.SERIOUS),
        (DamageKind.MISSING_PART, Part.MIRROR, None, Severity.SERIOUS),
        (DamageKind.FLAT_TYRE, Part.WHEEL, None, Severity.CRITICAL),
        (DamageKind.AIRBAG, Part.INTERIOR, None, Severity.CRITICAL),
    ],
)
def test_severity_follows_from_kind_part_and_size(kind: DamageKind, part: Part, size: float | None, severity: Severity):
    assert severity_of(kind, part, size) is severity


def test_a_tenth_of_a_side_view_is_half_a_metre():
    assert size_cm(Viewpoint.LEFT, Box(0.4, 0.5, 0.5, 0.51), width=1600, height=1200) == pytest.approx(50)


def test_a_photo_on_its_side_is_measured_by_its_own_shape():
    assert size_cm(Viewpoint.FRONT, Box(0.4, 0.4, 0.41, 0.5), width=1200, height=1600) == pytest.approx(33.3, abs=0.1)


def test_nobody_guesses_a_size_from_near():
    assert size_cm(Viewpoint.CLOSE_UP, Box(0, 0, 1, 1), width=1600, height=1200) is None


def test_the_own_price_wins_over_the_table():
    own = {"hood": {DamageKind.DENT: 999}}
    assert cost_of(Part.HOOD, DamageKind.DENT, own) == 999
    assert cost_of(Part.HOOD, DamageKind.SCRATCH, own) == DEFAULT_PRICES[Part.HOOD][DamageKind.SCRATCH]


def test_what_has_no_price_has_no_invented_one():
    assert cost_of(Part.UNKNOWN, DamageKind.DENT, {}) is None


def test_every_part_that_is_known_has_a_price_for_a_scratch_or_glass_and_nothing_for_dirt():
    assert set(DEFAULT_PRICES) == set(Part) - {Part.UNKNOWN}
    assert not {kind for prices in DEFAULT_PRICES.values() for kind in prices} & NEGATIVES


CARD = ModelCard(
    name="test",
    version="1",
    licence="none",
    attribution="none",
    origin="none",
    task="detect",
    input_size=64,
    classes={
        "dent": DamageClass(kind=DamageKind.DENT, threshold=0.6, advertised=True, precision=0.8, recall=0.5),
        "rub": DamageClass(kind=DamageKind.SCRATCH, threshold=0.3, advertised=False),
    },
    trained_on="nothing",
    sha256="0" * 64,
)


def found(label: str, kind: DamageKind, confidence: float = 0.5) -> Found:
    return Found(kind, confidence, Box(0, 0, 1, 1), (), label)


def test_a_class_that_its_card_does_not_advertise_is_not_believed():
    trust = Trust.of(CARD, VisionSettings(), None)
    assert trust.threshold(found("rub", DamageKind.SCRATCH)) is None
    assert trust.threshold(found("dent", DamageKind.DENT)) == 0.6
    assert set(trust.abilities) == {DamageKind.DENT}


def test_the_branch_s_threshold_wins_over_the_settings_and_those_over_the_card():
    settings = VisionSettings(
        thresholds={DamageKind.DENT: 0.7, DamageKind.SCRATCH: 0.8}, branch_thresholds={"north": {DamageKind.DENT: 0.9}}
    )
    dent, scratch = found("dent", DamageKind.DENT), found("rub", DamageKind.SCRATCH)
    north, south = (Trust.of(CARD, settings, branch) for branch in ("north", "south"))
    assert [trust.threshold(dent) for trust in (north, south)] == [0.9, 0.7]
    assert north.threshold(scratch) == 0.8


def test_the_detector_is_asked_for_less_than_what_is_believed():
    assert Trust.of(CARD, VisionSettings(), None).to_ask == {DamageKind.DENT: pytest.approx(0.42)}


def due(severity: Severity, hour: int) -> list[tuple[Level, int]]:
    """Levels with the local hour at which they are told; ``hour`` is the local time now."""
    now = datetime(2026, 11, 20, hour, 0, tzinfo=ZONE).astimezone(UTC)
    told = levels_to_tell(severity, SETTINGS, WorkingHours(ZONE), QuietHours(ZONE), now)
    return [(one.level, one.at.astimezone(ZONE).hour) for one in told]


HEAD, DIVISION, DIRECTOR = Level.BRANCH_HEAD, Level.DIVISION_HEAD, Level.DIRECTOR


def test_a_cosmetic_one_is_for_the_topic_alone():
    assert due(Severity.COSMETIC, 12) == []


def test_a_light_one_reaches_the_head_in_working_hours():
    assert due(Severity.LIGHT, 12) == [(HEAD, 12)]
    assert due(Severity.LIGHT, 21) == [(HEAD, 9)]


def test_a_serious_one_reaches_the_division_at_once_but_wakes_nobody():
    assert due(Severity.SERIOUS, 21) == [(HEAD, 21), (DIVISION, 21)]
    assert due(Severity.SERIOUS, 23) == [(HEAD, 8), (DIVISION, 8)]


def test_a_critical_one_reaches_the_director_in_the_middle_of_the_night():
    assert due(Severity.CRITICAL, 3) == [(HEAD, 3), (DIVISION, 3), (DIRECTOR, 3)]


def test_a_second_opinion_moves_a_finding_and_never_removes_it():
    sure_no = {"verdict": "not_damage", "confidence": 1.0}
    assert 0 < reranked(0.8, sure_no) < reranked(0.8, None) < reranked(0.8, {"verdict": "damage", "confidence": 0.5})
