"""Average precision as COCO defines it, on cases small enough to count by hand."""

import pytest

from cv.found import Box
from cv.training.average_precision import Guess, Score, score
from cv.training.labelled import Mark

PLACE = Box(0.1, 0.1, 0.3, 0.3)
ELSEWHERE = Box(0.6, 0.6, 0.8, 0.8)
NOWHERE = Box(0.4, 0.0, 0.5, 0.1)


def shifted(box: Box, overlap: float) -> Box:
    """``box`` moved to the right until it has this intersection over union with itself."""
    step = box.width * (1 - overlap) / (1 + overlap)
    return Box(box.left + step, box.top, box.right + step, box.bottom)


def scored(marks: list[list[Mark]], guesses: list[list[Guess]], *thresholds: float) -> Score:
    labels = ("dent", "scratch")
    return score(marks, guesses, labels, thresholds=dict.fromkeys(labels, thresholds or (0.5,)))


def test_exact_findings_have_full_precision():
    result = scored([[Mark("dent", PLACE)], []], [[Guess("dent", 0.9, PLACE)], []])
    assert result.by_label["dent"].ap50 == pytest.approx(1.0)
    assert result.by_label["dent"].ap50_95 == pytest.approx(1.0)


def test_a_label_that_nobody_marked_has_no_figures_and_no_part_in_the_mean():
    result = scored([[Mark("dent", PLACE)]], [[Guess("dent", 0.9, PLACE), Guess("scratch", 0.9, PLACE)]])
    assert set(result.by_label) == {"dent"}
    assert result.all.ap50 == pytest.approx(1.0)


def test_a_label_that_is_never_found_pulls_the_mean_down():
    marks = [[Mark("dent", PLACE), Mark("scratch", ELSEWHERE)]]
    assert scored(marks, [[Guess("dent", 0.9, PLACE)]]).all.ap50 == pytest.approx(0.5)


def test_a_surer_finding_of_nothing_halves_the_precision_of_the_right_one():
    result = scored([[Mark("dent", PLACE)]], [[Guess("dent", 0.9, NOWHERE), Guess("dent", 0.8, PLACE)]])
    assert result.by_label["dent"].ap50 == pytest.approx(0.5)


def test_half_of_the_marks_found_reaches_the_first_51_of_101_recalls():
    result = scored([[Mark("dent", PLACE), Mark("dent", ELSEWHERE)]], [[Guess("dent", 0.9, PLACE)]])
    assert result.by_label["dent"].ap50 == pytest.approx(51 / 101)


@pytest.mark.parametrize(("overlap", "levels"), [(0.49, 0), (0.51, 1), (0.76, 6), (0.96, 10)])
def test_a_loose_box_counts_at_the_overlaps_it_reaches(overlap, levels):
    guesses = [[Guess("dent", 0.9, shifted(PLACE, overlap))]]
    assert scored([[Mark("dent", PLACE)]], guesses).by_label["dent"].ap50_95 == pytest.approx(levels / 10)


def test_a_mark_is_found_once():
    result = scored([[Mark("dent", PLACE)]], [[Guess("dent", 0.9, PLACE), Guess("dent", 0.8, PLACE)]], 0.5)
    (point,) = result.by_label["dent"].operating
    assert (point.reported, point.precision, point.recall) == (2, 0.5, 1.0)


def test_a_finding_of_another_photo_is_not_this_one():
    result = scored([[Mark("dent", PLACE)], []], [[], [Guess("dent", 0.9, PLACE)]])
    assert result.by_label["dent"].ap50 == 0.0


def test_the_order_of_photos_does_not_decide_which_finding_is_surer():
    marks = [[Mark("dent", PLACE)], [Mark("dent", ELSEWHERE)]]
    guesses = [[Guess("dent", 0.3, NOWHERE), Guess("dent", 0.6, PLACE)], [Guess("dent", 0.9, ELSEWHERE)]]
    assert scored(marks, guesses).by_label["dent"].ap50 == pytest.approx(1.0)


def test_precision_and_recall_are_read_at_the_threshold():
    marks = [[Mark("dent", PLACE), Mark("dent", ELSEWHERE)]]
    guesses = [[Guess("dent", 0.9, PLACE), Guess("dent", 0.6, NOWHERE), Guess("dent", 0.3, ELSEWHERE)]]
    low, high = scored(marks, guesses, 0.25, 0.7).by_label["dent"].operating
    assert (low.precision, low.recall) == (pytest.approx(2 / 3), 1.0)
    assert (high.precision, high.recall) == (1.0, 0.5)


def test_all_together_counts_every_finding_alike():
    marks = [[Mark("dent", PLACE), Mark("scratch", ELSEWHERE)]]
    guesses = [[Guess("dent", 0.9, PLACE), Guess("dent", 0.9, NOWHERE), Guess("dent", 0.9, ELSEWHERE)]]
    (point,) = scored(marks, guesses, 0.5).all.operating
    assert (point.reported, point.precision, point.recall) == (3, pytest.approx(1 / 3), 0.5)


def test_only_the_hundred_surest_of_a_photo_count():
    noise = [Guess("dent", 0.9, NOWHERE) for _ in range(100)]
    assert scored([[Mark("dent", PLACE)]], [[*noise, Guess("dent", 0.1, PLACE)]]).by_label["dent"].ap50 == 0.0


def test_nothing_to_find_has_no_figures():
    result = scored([[]], [[]])
    assert dict(result.by_label) == {}
    assert result.all.ap50 == 0.0
