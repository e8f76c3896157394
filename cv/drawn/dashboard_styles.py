"""The styles of figures, split so that a reader is measured only on styles it never saw."""

import random
from collections.abc import Iterable
from pathlib import Path

from cv.drawn.dashboard_faces import Face, FaceKind

TRAINING_FONTS = (
    "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansCondensed.ttf", "LiberationSans-Regular.ttf",
    "LiberationSans-Bold.ttf", "LiberationMono-Regular.ttf", "NotoSans-Regular.ttf", "NotoSans-Bold.ttf",
    "LiberationSans-Italic.ttf", "DejaVuSans-Oblique.ttf", "NotoSansMono-Regular.ttf", "NotoSansDisplay-Regular.ttf",
    "NotoSans-Italic.ttf", "DejaVuSansCondensed-Bold.ttf", "DejaVuSans-ExtraLight.ttf", "LiberationMono-Bold.ttf",
    "Roboto-Light.ttf", "Roboto-Regular.ttf", "Roboto-Medium.ttf", "Roboto-Bold.ttf", "RobotoCondensed-Regular.ttf",
    "RobotoCondensed-Bold.ttf", "OpenSans-Regular.ttf", "OpenSans-Semibold.ttf", "OpenSans-CondBold.ttf",
    "Lato-Regular.ttf", "Lato-Medium.ttf", "Lato-Bold.ttf",
)  # fmt: skip
UNSEEN_FONTS = ("LiberationSansNarrow-Bold.ttf", "DejaVuSansMono-Bold.ttf", "NotoSansMono-Bold.ttf")


def training_faces(fonts: Iterable[Path], count: int = 300, seed: int = 1) -> list[Face]:
    """``fonts`` are files on this machine; those that are not in the list of training are left out."""
    rng = random.Random(seed)  # noqa: S311 - a picture, no secret
    known = sorted((font for font in fonts if font.name in TRAINING_FONTS), key=lambda font: font.name)
    return [_face(rng, known, pointed=True, round_dots=True, slants=(0.0, 0.06, 0.12, 0.16)) for _ in range(count)]


def unseen_faces(fonts: Iterable[Path] = (), count: int = 120, seed: int = 2) -> list[Face]:
    """Square segments, square dots, other slants, other fonts (always the one inside Pillow)."""
    rng = random.Random(seed)  # noqa: S311 - a picture, no secret
    known = sorted((font for font in fonts if font.name in UNSEEN_FONTS), key=lambda font: font.name)
    return [_face(rng, [None, *known], pointed=False, round_dots=False, slants=(0.03, 0.09, 0.2)) for _ in range(count)]


def label_faces(faces: Iterable[Face]) -> list[Face]:
    """Words are always in a font, whatever the figures are."""
    return [Face(FaceKind.FONT, font=font) for font in sorted({face.font for face in faces}, key=str)]


def _face(
    rng: random.Random,
    fonts: list[Path | None] | list[Path],
    *,
    pointed: bool,
    round_dots: bool,
    slants: tuple[float, ...],
) -> Face:
    kind = rng.choice(
        (FaceKind.SEGMENTS, FaceKind.SEGMENTS, FaceKind.DOTS, FaceKind.FONT, FaceKind.FONT, FaceKind.DRUM)
    )
    segments = kind is FaceKind.SEGMENTS
    return Face(
        kind,
        font=rng.choice(fonts),
        width=rng.uniform(0.45, 0.62),
        stroke=rng.uniform(0.09, 0.17),
        slant=rng.choice(slants) if segments else rng.choice((0.0, 0.0, slants[1])),
        gap=rng.uniform(0.0, 0.045) if segments else rng.uniform(0.0, 0.12),
        spacing=rng.uniform(0.13, 0.3),
        has_pointed_ends=pointed,
        has_tails=rng.random() < 0.75,
        has_round_dots=round_dots,
        ghost=rng.choice((0.0, 0.0, rng.uniform(0.04, 0.16))),
    )
