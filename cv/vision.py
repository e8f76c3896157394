"""The eyes of Jarvis: one method for each thing that a photo can be asked; all work is done in other processes.

``open_vision`` is called once, by the wiring; it starts nothing. A photo first goes through ``open_photo``; everything
else takes the working copy that came out of it (``OpenedPhoto.photo``). Errors: ``PhotoRefused`` says why a photo is
none; ``Temporary`` means that a worker died or was too slow, and the same question may be asked again.
"""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.inspection.damage import DamageKind
from core.inspection.views import Viewpoint
from core.settings import PhotosSettings, VisionSettings
from cv.found import Box, Found, Point
from cv.kit import KitSeen, left_to_people
from cv.opening import OpenedPhoto, OpeningLimits, PhotoRefused, RefusalReason
from cv.pool import Pool, WorkerDied
from cv.weights import ModelCard, Weights, find_weights
from cv.worker import Bounds

if TYPE_CHECKING:
    from cv.compare.comparison import Comparison
    from cv.damage import Detections
    from cv.dashboard import DashboardHint, DashboardReading
    from cv.marks import Mark
    from cv.plates.verdict import PlateCheck
    from cv.quality import ImageQuality
    from cv.text import DocumentSeen
    from cv.viewpoint import ViewJudgement
    from cv.wash import WashSeen

OPENING_MB = 1024
"""Of address space: a photo of 64 megapixels takes a quarter of it, a decoder gone mad takes no more than this."""
OPENING_S = 30.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """Both gates; ``reasons`` to take the photo again, the worst first, are those of both."""

    image: "ImageQuality"
    view: "ViewJudgement"

    @property
    def is_fit(self) -> bool:
        return self.image.is_fit and self.view.is_fit


class Vision:
    def __init__(self, settings: VisionSettings, photos: PhotosSettings, weights: Weights | None) -> None:
        self._settings = settings
        self._photos = photos
        self._weights = weights
        self._limits = OpeningLimits(max_megapixels=settings.max_megapixels)
        self._opener = Pool(Bounds(memory_mb=OPENING_MB, task_timeout_s=OPENING_S, is_untrusted=True))
        self._eyes = Pool(
            Bounds(memory_mb=settings.memory_mb, task_timeout_s=settings.task_timeout_s, threads=settings.threads),
            workers=settings.workers,
        )

    @property
    def card(self) -> ModelCard | None:
        """Of the damage weights; None: there are none, and people look for damage."""
        return None if self._weights is None else self._weights.card

    async def open_photo(self, content: bytes) -> OpenedPhoto:
        """What a stranger sent; raises ``PhotoRefused`` when it is no photo that can be worked with."""
        if len(content) > self._limits.max_bytes:
            raise PhotoRefused(RefusalReason.TOO_BIG, f"{len(content)} bytes")
        try:
            return await self._opener.run("cv.opening.open_photo", content, self._limits)
        except WorkerDied as died:
            if died.is_own_doing:  # the content broke its decoder: it would do so again
                by = died.by or signal.SIGABRT
                raise PhotoRefused(RefusalReason.BROKEN, f"its decoder ended by {by.name}") from died
            raise

    async def judge(self, photo: bytes, asked: Viewpoint) -> Judgement:
        """Whether it can be looked at, and shows what was asked for."""
        settings, least = self._settings, self._photos.min_long_side_px
        image: ImageQuality = await self._eyes.run("cv.quality.judge_image", photo, least, asked)
        view: ViewJudgement = await self._eyes.run(
            "cv.viewpoint.judge_view", photo, asked, settings.vehicle_weights, settings.threads
        )
        return Judgement(image, view)

    async def find_damage(
        self, photo: bytes, thresholds: Mapping[DamageKind, float] | None = None
    ) -> "Detections | None":
        """None without weights. ``thresholds`` (of a branch) win over all others."""
        if self._weights is None:
            return None
        weights = self._weights.with_thresholds(thresholds or {})
        return await self._eyes.run("cv.damage.find_damage", photo, weights)

    async def check_plate(self, photo: bytes, expected: str, fleet: Sequence[str]) -> "PlateCheck":
        """Whether it is the car that is expected."""
        weights = self._settings.plate_weights
        return await self._eyes.run("cv.plates.check.check_plate", photo, expected, tuple(fleet), weights)

    async def read_dashboard(self, photo: bytes, hint: "DashboardHint | None" = None) -> "DashboardReading":
        """Odometer, fuel, warning lights, each with its confidence."""
        return await self._eyes.run("cv.dashboard.read_dashboard", photo, hint)

    async def judge_document(self, photo: bytes) -> "DocumentSeen":
        """Whether a document lies there and can be read."""
        return await self._eyes.run("cv.text.judge_document", photo)

    async def judge_wash(self, photo: bytes) -> "WashSeen":
        """Whether the car is clean; unclear is not a pass."""
        return await self._eyes.run("cv.wash.judge_wash", photo)

    async def judge_kit(self, photo: bytes, items: Sequence[str]) -> KitSeen:
        """What of the kit is seen in the trunk."""
        del photo  # nothing here can see kit
        return left_to_people(items)

    async def compare(
        self, before: bytes, after: bytes, known: Sequence[Found], found: Sequence[Found]
    ) -> "Comparison":
        """Which findings of ``after`` are known from ``before``, which are new, which are unsure."""
        return await self._eyes.run("cv.compare.matching.compare", before, after, tuple(known), tuple(found))

    async def pair_picture(
        self, before: bytes, after: bytes, *, known: "Sequence[Mark]" = (), found: "Sequence[Mark]" = ()
    ) -> bytes:
        """Side by side (JPEG), the first laid to fit the second where that is possible, with the marks of both."""
        marks = {"known": tuple(known), "found": tuple(found)}
        return await self._eyes.run("cv.compare.pairs.pair_picture", before, after, **marks)

    async def draw_overlay(self, photo: bytes, marks: "Sequence[Mark]") -> bytes:
        """The photo with numbered marks (JPEG)."""
        return await self._eyes.run("cv.overlay.draw_overlay", photo, tuple(marks))

    async def detail_picture(self, photo: bytes, box: Box, polygon: Sequence[Point] = ()) -> bytes:
        """Where on the photo something is, and the same from near, in one picture (JPEG)."""
        return await self._eyes.run("cv.detail.detail_picture", photo, box, tuple(polygon))

    async def crop(self, photo: bytes, box: Box, margin: float = 0.35) -> bytes:
        """What lies in the box, with ``margin`` (share of its longer side) around it (JPEG)."""
        return await self._eyes.run("cv.overlay.crop", photo, box, margin)

    def pids(self) -> tuple[int, ...]:
        """Of the processes that live now."""
        return self._opener.pids() + self._eyes.pids()

    async def aclose(self) -> None:
        await self._opener.aclose()
        await self._eyes.aclose()


def open_vision(settings: VisionSettings, photos: PhotosSettings | None = None) -> Vision:
    """Raises ``WrongSettings`` for weights that cannot be used."""
    return Vision(settings, photos or PhotosSettings(), find_weights(settings))
