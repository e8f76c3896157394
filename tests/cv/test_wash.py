import numpy as np
import pytest
from PIL import Image, ImageFilter

from core.settings import VisionSettings
from cv.wash import WashVerdict, judge_wash
from tests.cv.pictures import as_bytes


def paint(colour: tuple[int, int, int], gloss: bool = False) -> np.ndarray:
    """A smooth panel, darker to its foot; with a lamp mirrored in it."""
    shade = np.linspace(1.1, 0.8, 480)[:, None, None]
    pixels = np.clip(np.ones((480, 640, 3)) * np.array(colour) * shade, 0, 255)
    lamp = np.zeros((480, 640), bool)
    lamp[200:230, 150:500] = gloss
    pixels[lamp] = 252
    return pixels


def spattered(panel: np.ndarray, share: float) -> np.ndarray:
    """Mud in drops over ``share`` of it, from the foot up."""
    dice = np.random.default_rng(7)
    mud = np.array((120, 92, 60)) + dice.normal(0, 14, (480, 640, 1)) * np.ones(3)
    is_muddy = np.zeros((480, 640), bool)
    is_muddy[round(480 * (1 - share)) :] = True
    return np.where(is_muddy[:, :, None], mud, panel)


def photo(pixels: np.ndarray) -> bytes:
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return as_bytes(image.filter(ImageFilter.GaussianBlur(0.6)), quality=92)


def test_a_car_that_mirrors_the_lamps_and_shows_no_earth_passes() -> None:
    assert judge_wash(photo(paint((30, 40, 120), gloss=True))).verdict is WashVerdict.PASS


def test_a_car_covered_in_mud_fails() -> None:
    assert judge_wash(photo(spattered(paint((30, 40, 120), gloss=True), 0.9))).verdict is WashVerdict.FAIL


@pytest.mark.parametrize(
    "pixels",
    [paint((128, 128, 128)), spattered(paint((30, 40, 120), gloss=True), 0.4), paint((140, 100, 60))],
    ids=["dull", "a muddy foot", "brown paint"],
)
def test_what_lies_between_is_unclear_and_no_pass(pixels: np.ndarray) -> None:
    told = judge_wash(photo(pixels))

    assert (told.verdict, told.confidence) == (WashVerdict.UNCLEAR, 0)


@pytest.mark.parametrize("pixels", [paint((20, 20, 20), gloss=True), spattered(paint((20, 20, 20)), 1.0)])
def test_it_is_never_so_sure_that_no_person_looks(pixels: np.ndarray) -> None:
    told = judge_wash(photo(pixels))

    assert 0.5 <= told.confidence < VisionSettings().sure_confidence
