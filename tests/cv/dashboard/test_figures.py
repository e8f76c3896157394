import hashlib

import numpy as np
import pytest
import yaml

from cv.dashboard import figures
from cv.dashboard.figures import Seen, find, find_all
from cv.drawn.dashboard_camera import Mark
from cv.drawn.dashboard_faces import Face, FaceKind
from cv.drawn.dashboards import Dashboard, draw_dashboard
from cv.reading import colour_image

CLEAR = Dashboard(odometer_km=23_765, trip="104.8", clock="19:02")


def stands_at(one: Seen, mark: Mark) -> bool:
    is_near = abs(one.x - mark.x) < 0.2 * mark.height and abs(one.y - mark.y) < 0.2 * mark.height
    return is_near and 0.7 < one.height / mark.height < 1.4


@pytest.mark.parametrize("kind", list(FaceKind))
def test_figures_are_found_where_they_were_drawn(kind):
    drawn = draw_dashboard(Dashboard(odometer_km=23_765, face=Face(kind), trip=None, clock=None))
    seen = [one for level in find_all(colour_image(drawn.photo)) for one in level]
    wanted = [mark for mark in drawn.marks if mark.char in "0123456789" and mark.height >= 20]
    missed = [mark for mark in wanted if not any(one.char == mark.char and stands_at(one, mark) for one in seen)]
    assert len(missed) <= 0.1 * len(wanted)


def test_points_and_colons_are_told_apart():
    drawn = draw_dashboard(CLEAR)
    seen = {one.char for level in find_all(colour_image(drawn.photo)) for one in level}
    assert {".", ":"} <= seen


def test_any_size_of_picture_is_looked_at():
    assert find(np.zeros((37, 101, 3), np.uint8)) == []


def test_the_card_names_the_weights_that_are_shipped():
    card = yaml.safe_load(figures.WEIGHTS.with_suffix(".card.yaml").read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(figures.WEIGHTS.read_bytes()).hexdigest()
