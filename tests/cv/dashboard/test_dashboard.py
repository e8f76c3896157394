import random
from dataclasses import replace
from datetime import timedelta

import pytest

from cv.dashboard import DashboardHint, read_dashboard
from cv.dashboard.measure import measure
from cv.drawn.dashboard_camera import Shot
from cv.drawn.dashboard_faces import Face, FaceKind
from cv.drawn.dashboards import LIGHT_INKS, Dashboard, Ink, any_dashboard, draw_dashboard

CLEAR = Dashboard(odometer_km=23_765, face=Face(FaceKind.FONT), trip=None, clock=None, fuel_gauge="none")


def test_a_clear_dashboard_is_read():
    told = read_dashboard(draw_dashboard(CLEAR).photo)
    assert (told.odometer_km, told.why) == (23_765, "")
    assert told.odometer_confidence > 0.6


def test_a_hint_never_changes_what_was_read():
    hint = DashboardHint(last_km=10_000, since=timedelta(days=1))
    assert read_dashboard(draw_dashboard(CLEAR).photo, hint).odometer_km in {23_765, None}


def test_what_is_blurred_is_not_guessed():
    blurred = replace(CLEAR, shot=Shot(blur=9.0))
    told = read_dashboard(draw_dashboard(blurred).photo)
    assert told.odometer_km is None
    assert told.why


@pytest.mark.parametrize("percent", [12.0, 50.0, 88.0])
def test_the_needle_tells_the_fuel(percent):
    told = read_dashboard(draw_dashboard(replace(CLEAR, fuel_gauge="dial", fuel_percent=percent)).photo)
    assert told.fuel_percent == pytest.approx(percent, abs=5)


@pytest.mark.parametrize("percent", [0.0, 50.0, 100.0])
def test_the_blocks_of_a_bar_tell_the_fuel(percent):
    told = read_dashboard(draw_dashboard(replace(CLEAR, fuel_gauge="bar", fuel_percent=percent)).photo)
    assert told.fuel_percent == pytest.approx(percent, abs=5)


def test_a_dashboard_without_a_gauge_tells_no_fuel():
    assert read_dashboard(draw_dashboard(CLEAR).photo).fuel_percent is None


def test_a_lit_light_is_told_by_its_colour():
    told = read_dashboard(draw_dashboard(replace(CLEAR, lamps=("red", "amber"), seed=3)).photo)
    assert {"red", "amber"} <= set(told.warning_lights)


def test_a_picture_is_the_same_every_time_it_is_drawn():
    drawing = any_dashboard(random.Random(4), [CLEAR.face], [CLEAR.label_face])
    assert draw_dashboard(drawing).photo == draw_dashboard(drawing).photo


@pytest.mark.parametrize("kind", list(FaceKind))
def test_every_figure_drawn_has_its_place(kind):
    drawn = draw_dashboard(replace(CLEAR, face=Face(kind), ink=Ink(*LIGHT_INKS[0])))
    assert "23765" in "".join(mark.char for mark in drawn.marks)
    assert all(0 < mark.x < 1280 and 0 < mark.y < 960 for mark in drawn.marks if mark.char == "2")


@pytest.mark.parametrize(("km", "is_plausible"), [(9_999, False), (10_000, True), (11_500, True), (13_001, False)])
def test_mileage_grows_by_no_more_than_a_car_can_drive(km, is_plausible):
    assert DashboardHint(last_km=10_000, since=timedelta(days=2)).is_plausible(km) is is_plausible


def test_the_measure_accounts_for_every_photo():
    told = measure(count=1)
    assert told.odometer_right + told.odometer_wrong + told.odometer_not_read == pytest.approx(1)
