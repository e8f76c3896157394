import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from core.errors import Broken
from core.inspection.views import Viewpoint
from cv.quality import GateReason, judge_image
from tests.cv.pictures import as_bytes, scene


def test_a_sharp_photo_is_fit() -> None:
    told = judge_image(as_bytes(scene(1600, 1200)), 1280)

    assert told.is_fit
    assert (told.reasons, told.warnings, told.long_side) == ((), (), 1600)


@pytest.mark.parametrize("radius", [3, 5, 9])
def test_a_blurred_photo_is_refused(radius: int) -> None:
    blurred = scene(640, 480).filter(ImageFilter.GaussianBlur(radius))

    assert GateReason.BLURRED in judge_image(as_bytes(blurred), 320).reasons


def test_a_photo_blurred_by_moving_is_refused() -> None:
    pixels = np.asarray(scene(640, 480)).astype(float)
    moved = sum(np.roll(pixels, shift, axis=1) for shift in range(20)) / 20

    assert GateReason.BLURRED in judge_image(as_bytes(Image.fromarray(moved.astype(np.uint8))), 320).reasons


@pytest.mark.parametrize(
    ("light", "reasons"),
    [(0.1, (GateReason.TOO_DARK,)), (1.0, ()), (0.0, (GateReason.TOO_DARK, GateReason.BLURRED))],
    ids=["dusk", "day", "black"],
)
def test_a_dark_photo_is_refused(light: float, reasons: tuple[GateReason, ...]) -> None:
    assert judge_image(as_bytes(scene().point(lambda value: value * light), quality=95), 320).reasons == reasons


def test_a_photo_against_the_sun_is_refused() -> None:
    bright = scene().point(lambda value: 200 + value * 0.2)

    assert judge_image(as_bytes(bright), 320).reasons == (GateReason.TOO_BRIGHT,)


def night(*lit: tuple[int, int, int, int]) -> bytes:
    """A black picture with lit rectangles."""
    picture = Image.new("L", (640, 480), 12)
    pen = ImageDraw.Draw(picture)
    for box in lit:
        pen.rectangle(box, fill=230)
    return as_bytes(picture.convert("RGB"))


def test_lit_instruments_in_the_dark_are_fit_and_dead_ones_are_not() -> None:
    lit = night((100, 100, 300, 140), (340, 200, 420, 330))

    assert GateReason.TOO_DARK not in judge_image(lit, 320, Viewpoint.DASHBOARD).reasons
    assert GateReason.TOO_DARK in judge_image(lit, 320, Viewpoint.FRONT).reasons
    assert GateReason.TOO_DARK in judge_image(night(), 320, Viewpoint.DASHBOARD).reasons


def test_white_paper_with_ink_is_fit_and_without_it_is_not() -> None:
    sheet = Image.new("RGB", (640, 480), (250, 250, 250))
    bare = as_bytes(sheet)
    pen = ImageDraw.Draw(sheet)
    for line in range(20):
        pen.rectangle((40, 20 + 22 * line, 560, 27 + 22 * line), fill=(20, 20, 20))

    assert judge_image(as_bytes(sheet), 320, Viewpoint.DOCUMENT).reasons == ()
    assert GateReason.TOO_BRIGHT in judge_image(bare, 320, Viewpoint.DOCUMENT).reasons


def test_a_small_photo_is_refused() -> None:
    assert judge_image(as_bytes(scene(1000, 700)), 1280).reasons == (GateReason.TOO_SMALL,)


def test_between_blurred_and_sharp_there_is_a_warning() -> None:
    told = [judge_image(as_bytes(scene().filter(ImageFilter.GaussianBlur(step / 10))), 320) for step in range(10, 30)]

    warned = [one for one in told if one.warnings]
    assert warned
    assert {one.reasons for one in warned} == {()}
    assert all(0.45 <= one.sharpness < 0.52 for one in warned)


def test_what_was_not_opened_first_is_our_fault() -> None:
    with pytest.raises(Broken, match="opened first"):
        judge_image(b"%PDF", 320)
