from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from core.inspection.views import EXTERIOR, Viewpoint
from cv.drawn.car import Shot, draw_car
from cv.drawn.skin import CarLook
from cv.quality import GateReason
from cv.viewpoint import judge_view
from tests.cv.models import v8, write_model
from tests.cv.pictures import as_bytes, scene

PHOTO = as_bytes(scene(640, 640))
WALL = as_bytes(Image.linear_gradient("L").resize((640, 480)).convert("RGB"))


def page() -> bytes:
    sheet = Image.new("RGB", (640, 800), (240, 240, 235))
    pen = ImageDraw.Draw(sheet)
    for line in range(30):
        pen.text((40, 40 + 24 * line), "Registration certificate of a vehicle, page 1 " * 2, fill=(20, 20, 20))
    return as_bytes(sheet)


def car(folder: Path, *box: float, label: str = "car") -> Path:
    """A detector that sees it there (input of 64 px)."""
    return write_model(folder / "vehicles.onnx", v8((*box, 0.9)), names={0: label})


@pytest.mark.parametrize(
    ("box", "reasons"),
    [
        ((32, 32, 50, 40), ()),
        ((32, 32, 15, 12), (GateReason.TOO_FAR,)),
        ((20, 32, 40, 30), (GateReason.CUT_OFF,)),
        ((44, 32, 40, 30), (GateReason.CUT_OFF,)),
        ((32, 32, 64, 64), (GateReason.TOO_NEAR,)),
    ],
    ids=["whole", "far", "cut left", "cut right", "near"],
)
def test_a_detector_of_vehicles_tells_how_the_car_stands(
    tmp_path: Path, box: tuple[float, ...], reasons: tuple[GateReason, ...]
) -> None:
    told = judge_view(PHOTO, Viewpoint.LEFT, car(tmp_path, *box))

    assert told.reasons == reasons
    assert told.is_fit is (reasons == ())
    assert told.unsure == (GateReason.WRONG_VIEW, GateReason.DIRTY_OR_WET)


def test_a_photo_without_a_vehicle_is_asked_for_again(tmp_path: Path) -> None:
    told = judge_view(PHOTO, Viewpoint.FRONT, car(tmp_path, 32, 32, 50, 40, label="dog"))

    assert told.reasons == (GateReason.NO_VEHICLE,)


@pytest.fixture(scope="module")
def drawn_car() -> bytes:
    return draw_car(CarLook(), Shot(Viewpoint.FRONT_LEFT, width=640)).jpeg


def test_without_a_detector_a_car_is_taken_and_what_could_not_be_told_is_named(drawn_car: bytes) -> None:
    told = judge_view(drawn_car, Viewpoint.FRONT_LEFT)

    assert told.is_fit
    assert told.confidence > 0.5
    assert {GateReason.CUT_OFF, GateReason.WRONG_VIEW, GateReason.DIRTY_OR_WET} <= set(told.unsure)


def test_without_a_detector_what_is_no_car_is_asked_for_again() -> None:
    assert judge_view(PHOTO, Viewpoint.FRONT).reasons == (GateReason.NO_VEHICLE,)


@pytest.mark.parametrize("asked", [Viewpoint.DASHBOARD, Viewpoint.DOCUMENT])
def test_a_car_is_neither_instruments_nor_a_paper(drawn_car: bytes, asked: Viewpoint) -> None:
    assert judge_view(drawn_car, asked).reasons == (GateReason.WRONG_VIEW,)


@pytest.mark.parametrize("asked", EXTERIOR)
def test_a_wall_is_no_car(asked: Viewpoint) -> None:
    assert judge_view(WALL, asked).reasons == (GateReason.NO_VEHICLE,)


def test_a_wall_is_no_dashboard() -> None:
    assert judge_view(WALL, Viewpoint.DASHBOARD).reasons == (GateReason.WRONG_VIEW,)


def test_a_page_is_no_car_and_is_a_document() -> None:
    assert judge_view(page(), Viewpoint.FRONT).reasons == (GateReason.WRONG_VIEW,)
    assert judge_view(page(), Viewpoint.DOCUMENT).is_fit


def test_the_inside_of_a_car_needs_no_vehicle_around_it(tmp_path: Path) -> None:
    told = judge_view(PHOTO, Viewpoint.TRUNK, car(tmp_path, 32, 32, 50, 40, label="dog"))

    assert told.is_fit
    assert told.unsure == (GateReason.WRONG_VIEW,)
