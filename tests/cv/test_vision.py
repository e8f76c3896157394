import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.inspection.damage import DamageKind
from core.inspection.views import Viewpoint
from core.settings import PhotosSettings, VisionSettings
from cv import weights
from cv.found import Box
from cv.marks import Mark
from cv.opening import PhotoRefused, RefusalReason
from cv.quality import GateReason
from cv.vision import Vision, open_vision
from cv.wash import WashVerdict
from tests.cv.cards import write_weights
from tests.cv.models import v8
from tests.cv.pictures import as_bytes, from_bytes, scene

ROOT = Path(__file__).parents[2]
HEAVY = ("cv2", "onnxruntime", "PIL", "numpy", "pytesseract", "pillow_heif", "torch", "ultralytics")


@asynccontextmanager
async def eyes(settings: VisionSettings, photos: PhotosSettings | None = None) -> AsyncGenerator[Vision]:
    vision = open_vision(settings, photos)
    try:
        yield vision
    finally:
        await vision.aclose()


async def test_from_a_strangers_file_to_a_finding(tmp_path: Path) -> None:
    model = write_weights(tmp_path, v8((32.0, 32.0, 16.0, 8.0, 0.6, 0.0)))
    async with eyes(VisionSettings(damage_weights=model)) as vision:
        opened = await vision.open_photo(as_bytes(scene(1600, 1200), "PNG"))
        judged = await vision.judge(opened.photo, Viewpoint.TRUNK)
        found = await vision.find_damage(opened.photo)
        strict = await vision.find_damage(opened.photo, {DamageKind.SCRATCH: 0.7})

    assert judged.is_fit
    assert found is not None
    assert [one.kind for one in found.findings] == [DamageKind.SCRATCH]
    assert strict is not None
    assert strict.findings == ()
    assert vision.card is not None
    assert vision.card.title == found.model


async def test_without_weights_vision_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SHIPPED", tmp_path)
    async with eyes(VisionSettings()) as vision:
        assert vision.card is None
        assert await vision.find_damage(as_bytes(scene())) is None
        assert vision.pids() == ()


async def test_a_refusal_carries_its_reason_across_the_processes() -> None:
    async with eyes(VisionSettings()) as vision:
        with pytest.raises(PhotoRefused) as refused:
            await vision.open_photo(b"%PDF-1.7")

    assert (refused.value.reason, refused.value.seen) == (RefusalReason.NOT_AN_IMAGE, "pdf")


async def test_a_pixel_limit_is_a_setting() -> None:
    async with eyes(VisionSettings(max_megapixels=0.1)) as vision:
        with pytest.raises(PhotoRefused) as refused:
            await vision.open_photo(as_bytes(scene()))

    assert refused.value.reason is RefusalReason.TOO_MANY_PIXELS


async def test_a_size_that_is_wanted_is_a_setting() -> None:
    async with eyes(VisionSettings(), PhotosSettings(min_long_side_px=2000)) as vision:
        judged = await vision.judge(as_bytes(scene()), Viewpoint.FRONT)

    assert judged.image.reasons == (GateReason.TOO_SMALL,)
    assert not judged.is_fit


async def test_a_40_megapixel_photo_is_opened_within_the_limits_whatever_its_kind() -> None:
    large = scene(7300, 5500)
    async with eyes(VisionSettings()) as vision:
        opened = [await vision.open_photo(as_bytes(large, kind)) for kind in ("JPEG", "PNG")]

    assert {one.width for one in opened} == {2560}


async def test_a_wash_and_a_kit_are_answered() -> None:
    async with eyes(VisionSettings()) as vision:
        wash = await vision.judge_wash(as_bytes(scene()))
        kit = await vision.judge_kit(as_bytes(scene()), ("jack", "vest"))

    assert wash.verdict is WashVerdict.UNCLEAR
    assert (kit.present, kit.missing, kit.unclear) == ((), (), ("jack", "vest"))


@pytest.mark.parametrize("module", ["cv.vision", "cv.damage", "cv.quality", "cv.viewpoint", "cv.wash", "cv.opening"])
def test_what_the_parent_imports_is_light(module: str) -> None:
    """Answers are read in the parent, and with them the modules of their values."""
    program = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"

    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


async def test_a_photo_gets_its_marks_and_a_finding_its_close_look() -> None:
    photo = as_bytes(scene())
    box = Box(0.2, 0.2, 0.6, 0.6)
    async with eyes(VisionSettings()) as vision:
        overlay = await vision.draw_overlay(photo, [Mark(1, box)])
        close = await vision.crop(photo, box)
        detail = await vision.detail_picture(photo, box)
        pair = await vision.pair_picture(photo, photo, found=[Mark(1, box)])

    assert from_bytes(overlay).size == (800, 600)
    assert from_bytes(close).width < 800
    assert max(from_bytes(detail).size) >= 1280
    assert from_bytes(pair).height > 600


async def test_other_eyes_answer_through_the_same_processes() -> None:
    photo = as_bytes(scene())
    async with eyes(VisionSettings()) as vision:
        comparison = await vision.compare(photo, photo, (), ())
        dashboard = await vision.read_dashboard(photo)
        plate = await vision.check_plate(photo, "AA-123-BB", ["AA-123-BB"])
        document = await vision.judge_document(photo)

    assert comparison.registered
    assert dashboard.odometer_km is None
    assert plate.verdict == "unreadable"
    assert not document.is_readable
