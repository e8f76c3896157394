"""The pure rules of the narrow agents: fuel, mileage, kit, wash, fluids; unclear is never a pass."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.dashboard.check import check_fuel, check_mileage
from agents.fluids.decide import judge as judge_fluids
from agents.trunk_kit.decide import judge as judge_kit
from agents.wash.decide import judge as judge_wash
from agents.wash.decide import side_of
from db.queries.readings import Known

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KIT = ("jack", "triangle", "vest")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (100, 95, "ok"),
        (100, 94.9, "problem"),
        (50, 100, "ok"),
        (None, 100, "unclear"),
        (100, None, "unclear"),
    ],
)
def test_exactly_five_percent_of_the_tank_passes_and_more_does_not(before, after, verdict):
    assert check_fuel(before, after, tolerance=5).verdict == verdict


@pytest.mark.parametrize(
    ("km", "why"),
    [(45000, None), (44999, "less"), (46000, None), (48001, "too-much")],
)
def test_mileage_never_falls_and_grows_no_faster_than_a_car_drives(km, why):
    known = [Known(45000, NOW - timedelta(days=2)), Known(44000, None)]
    assert check_mileage(km, known, now=NOW, max_km_per_day=1500).why == why


def test_the_figure_of_rentprog_counts_where_we_have_none_of_our_own():
    assert check_mileage(43000, [Known(44000, None)], now=NOW, max_km_per_day=1500).why == "less"
    assert check_mileage(99000, [Known(44000, None)], now=NOW, max_km_per_day=1500).verdict == "ok"


def test_only_what_was_there_at_the_hand_over_was_lost_in_the_rent():
    found = judge_kit(KIT, ["vest"], ["jack", "vest"])
    assert (found.verdict, found.missing, found.lost) == ("problem", ("jack", "triangle"), ("jack",))


def test_a_kit_that_nobody_ticked_is_unclear():
    assert judge_kit(KIT, None, KIT).verdict == "unclear"
    assert judge_kit(KIT, KIT, None).verdict == "ok"


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        ({"oil": "ok", "coolant": "ok", "brake": "ok"}, "ok"),
        ({"oil": "ok", "coolant": "ok"}, "unclear"),
        ({"oil": "low"}, "problem"),
        ({"oil": "fine"}, "unclear"),
        (None, "unclear"),
    ],
)
def test_fluids_are_in_order_only_when_all_three_are(levels, verdict):
    assert judge_fluids(levels).verdict == verdict


@pytest.mark.parametrize(
    ("front", "rear", "verdict"),
    [
        (("pass", 0.95), ("pass", 0.9), "ok"),
        (("pass", 0.95), ("pass", 0.8), "unclear"),
        (("pass", 0.95), ("fail", 0.6), "problem"),
        (("pass", 0.95), ("fail", 0.4), "unclear"),
        (("pass", 0.95), ("unclear", 0.99), "unclear"),
    ],
)
def test_a_car_is_as_clean_as_its_dirtiest_side(front: tuple[str, float], rear: tuple[str, float], verdict: str):
    sides = {
        "front": side_of(*front, "seen", least=0.5),
        "rear": side_of(*rear, "seen", least=0.5),
    }
    assert judge_wash(sides, ["front", "rear"], sure=0.9).verdict == verdict


def test_a_side_that_was_not_seen_leaves_the_wash_unclear():
    assert judge_wash({"front": side_of("pass", 1, "", least=0.5)}, ["front", "rear"], sure=0.9).verdict == "unclear"
