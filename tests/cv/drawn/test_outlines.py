"""Outlines of the check-list: one for each picture that is asked for, small, and pointing at the right side."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.inspection.views import Viewpoint
from cv.drawn.pictograms import ARROW, DRAWN, plan_view

FOLDER = Path(__file__).parents[3] / "bot" / "outlines"


@pytest.mark.parametrize("viewpoint", [view for view in Viewpoint if view is not Viewpoint.VIDEO])
def test_each_picture_that_is_asked_for_has_a_small_outline(viewpoint):
    path = FOLDER / f"{viewpoint}.png"
    assert cv2.imread(str(path)).shape == (480, 640, 3)
    assert path.stat().st_size < 30_000


@pytest.mark.parametrize(("turn", "left", "up"), [(0, 0, 1), (90, 1, 0), (180, 0, -1), (270, -1, 0)])
def test_the_arrow_stands_where_the_person_stands(turn, left, up):
    page = np.full((480, 640, 3), 238, np.uint8)
    plan_view(page, turn=turn)
    rows, columns = np.nonzero((np.abs(page.astype(int) - ARROW) < 40).all(axis=2))
    middle = (480 - 6 - 59, 640 - 6 - 59)
    assert np.sign(np.round((middle[1] - columns.mean()) / 12)) == left
    assert np.sign(np.round((middle[0] - rows.mean()) / 12)) == up


@pytest.mark.parametrize("viewpoint", list(DRAWN))
def test_what_is_committed_is_what_the_program_draws(viewpoint):
    kept = cv2.imread(str(FOLDER / f"{viewpoint}.png")).astype(int)
    assert np.abs(kept - DRAWN[viewpoint]()).mean() < 8
