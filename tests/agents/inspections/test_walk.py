"""Where a photo belongs and what is asked next."""

import pytest

from agents.inspections.walk import EXTRA, Target, Walk, target_in_album, target_of
from core.inspection.views import Viewpoint

STEPS = ("front", "left", "rear", "dashboard", "mileage", "fluid_levels")


def walk(position: int = 0, *done: str, skipped: tuple[str, ...] = ()) -> Walk:
    return Walk(STEPS, position, frozenset(done), frozenset((*done, *skipped)))


@pytest.mark.parametrize(
    ("settled", "step", "next_place"),
    [
        (("front",), "front", 1),
        (("front", "left"), "front", 2),
        (("front", "rear"), "rear", 3),
        (STEPS[2:], "fluid_levels", 0),
        (STEPS, "left", len(STEPS)),
    ],
)
def test_the_next_step_is_the_next_that_is_missing(settled: tuple[str, ...], step: str, next_place: int):
    assert walk(0, *settled).after(step) == next_place


def test_a_skipped_step_is_not_asked_again_by_itself():
    assert walk(0, "front", skipped=("left",)).after("front") == 2


@pytest.mark.parametrize(
    ("where", "asked", "step"),
    [
        (walk(0), "front", "front"),
        (walk(1, "front"), "front", "left"),
        (walk(0, "front"), "front", "front"),
        (walk(1, skipped=("front",)), "front", "front"),
        (walk(2, "front", "left"), None, "rear"),
        (walk(6, "front", "rear", "dashboard"), None, "left"),
    ],
    ids=["asked", "sent before the form moved on", "came back", "skipped meanwhile", "not known", "at the end"],
)
def test_a_photo_is_for_the_step_that_was_meant(where: Walk, asked: str | None, step: str):
    assert target_of(where, asked) == Target(step, Viewpoint(step))


def test_a_photo_at_a_question_shows_where_the_answer_is_found():
    everything = walk(4, *STEPS[:4])
    assert target_of(everything, "mileage") == Target("dashboard", Viewpoint.DASHBOARD)
    assert target_of(everything, "fluid_levels") == Target("fluid_levels", Viewpoint.FLUIDS)


def test_one_photo_more_than_asked_is_extra():
    assert target_of(walk(6, *STEPS), None) == EXTRA


def test_an_album_fills_what_is_missing_and_leaves_a_refused_side_for_later():
    assert target_in_album(walk(0), "front", ()).step == "front"
    assert target_in_album(walk(0), "front", ("front",)).step == "left"
    assert target_in_album(walk(0, "left"), "front", ("front", "left")).step == "rear"
    assert target_in_album(walk(0, "left", "rear", "dashboard"), "front", ("front",)) == EXTRA


def test_an_album_that_was_sent_at_a_later_side_goes_on_from_there_and_round():
    assert target_in_album(walk(2), "rear", ("rear",)).step == "dashboard"
    assert target_in_album(walk(2), "rear", ("rear", "dashboard")).step == "front"
