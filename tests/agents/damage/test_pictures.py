"""What cannot be drawn is gone without where nothing will ever come of it, and waited for where something may."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.damage.pictures import Pictures
from core.clock import SystemClock
from core.errors import Broken, JarvisError, Rejected, Temporary
from core.settings import VisionSettings
from cv.pool import OutOfTime, WorkerDied
from cv.vision import open_vision
from storage.location import open_storage

PHOTO = b"\xff\xd8 a photo"


@pytest.fixture
async def pictures(tmp_path: Path) -> AsyncIterator[Pictures]:
    eyes = open_vision(VisionSettings())
    yield Pictures(open_storage(tmp_path.as_uri(), clock=SystemClock()), eyes)
    await eyes.aclose()


def died(by: signal.Signals) -> WorkerDied:
    error = WorkerDied("a worker ended")
    error.by = by
    return error


async def drawn(pictures: Pictures, error: JarvisError) -> str | None:
    async def fails(photo: bytes) -> bytes:
        assert photo == PHOTO
        raise error

    return await pictures.drawn("overlay", fails, await pictures.keep(PHOTO, "photo"))


async def test_what_is_drawn_from_a_kept_photo_is_kept(pictures: Pictures) -> None:
    async def doubled(photo: bytes) -> bytes:
        return photo * 2

    key = await pictures.drawn("overlay", doubled, await pictures.keep(PHOTO, "photo"))

    assert key is not None
    assert await pictures.fetch(key) == PHOTO * 2


@pytest.mark.parametrize(
    "error",
    [Rejected("outside the photo"), Broken("no picture"), OutOfTime("too slow"), died(signal.SIGSEGV)],
    ids=lambda error: type(error).__name__,
)
async def test_a_photo_that_breaks_the_eyes_is_shown_without(pictures: Pictures, error: JarvisError) -> None:
    assert await drawn(pictures, error) is None


@pytest.mark.parametrize("error", [Temporary("no worker starts"), died(signal.SIGKILL)], ids=["away", "killed"])
async def test_eyes_that_are_away_are_waited_for(pictures: Pictures, error: JarvisError) -> None:
    with pytest.raises(type(error)):
        await drawn(pictures, error)


async def test_when_patience_has_ended_it_goes_on_without(pictures: Pictures) -> None:
    impatient = Pictures(pictures.storage, pictures.eyes, is_patient=False)

    assert await drawn(impatient, Temporary("no worker starts")) is None
