"""A photo of an invented registration document on a desk, printed so that it can be read."""

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw

from cv.drawn.car import DrawnPhoto
from cv.drawn.lens import Picture, as_jpeg
from cv.drawn.letters import letters

SPECIMEN = (
    "VEHICLE REGISTRATION",
    "SPECIMEN - INVENTED",
    "A  AB-123-CD",
    "D.1  LUMEN",
    "D.3  KESTREL 1.6",
    "E  XJ9DRAWN000000017",
    "B  2021-04-12",
    "P.1  1598",
    "R  RED",
)


def draw_document(lines: Sequence[str] = SPECIMEN, *, seed: int = 0, width: int = 1600) -> DrawnPhoto:
    """The first line is the heading."""
    random = np.random.default_rng(seed)
    height = width * 3 // 4
    paper = _paper(lines, random)
    rows, columns = paper.shape[:2]
    inset = 0.09
    corners = np.array([(inset, 0.12), (1 - inset, 0.12), (1 - inset, 0.9), (inset, 0.9)])
    corners += random.uniform(-0.018, 0.018, (4, 2))
    target = (corners * [width, height]).astype(np.float32)
    source = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    turn = cv2.getPerspectiveTransform(source, target)
    picture = _desk(width, height, random)
    shade = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(shade, np.round(target + width * 0.006).astype(np.int32), 1.0)
    picture *= (1 - 0.5 * cv2.GaussianBlur(shade, (0, 0), width * 0.008))[..., None]
    laid = cv2.warpPerspective(paper, turn, (width, height), flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones(paper.shape[:2], np.float32), turn, (width, height))[..., None]
    picture = picture * (1 - mask) + laid.astype(np.float32) * mask
    glow = np.linspace(1.04, 0.86, width, dtype=np.float32)[None, :, None]
    noise = random.normal(0, 2.5, (height, width, 1)).astype(np.float32)
    bgr = np.clip(picture * glow + noise, 0, 255).astype(np.uint8)
    return DrawnPhoto(as_jpeg(bgr), bgr=bgr)


def _paper(lines: Sequence[str], random: np.random.Generator) -> Picture:
    """A card with waves in the background, twice as fine as the photo."""
    card = Image.new("RGB", (2400, 1680), (226, 232, 222))
    draw = ImageDraw.Draw(card)
    x = np.arange(0, 2400, 12)
    for number in range(44):
        y = number * 40 + 26 * np.sin(x / 170 + number * 0.35)
        draw.line([(float(a), float(b)) for a, b in zip(x, y, strict=True)], fill=(214, 225, 214), width=3)
    draw.rectangle((24, 24, 2375, 1655), outline=(70, 110, 90), width=10)
    draw.rectangle((40, 40, 2360, 250), fill=(196, 216, 200))
    draw.text((110, 145), lines[0] if lines else "", font=letters(104), fill=(24, 60, 44), anchor="lm")
    step = min(170, 1330 // max(1, len(lines) - 1))
    for number, line in enumerate(lines[1:]):
        font = letters(min(88, int(step * 0.6)), is_bold=False)
        draw.text((110, 340 + step * number), line, font=font, fill=(22, 24, 26), anchor="lm")
    draw.ellipse((1880, 1180, 2240, 1540), outline=(96, 96, 170), width=12)
    draw.ellipse((1930, 1230, 2190, 1490), outline=(96, 96, 170), width=6)
    folded = np.asarray(card).astype(np.float32)
    folded[:, 1520:1526] *= 0.92
    folded += cv2.resize(random.normal(0, 3, (60, 80)).astype(np.float32), (2400, 1680))[..., None]
    # The photo is coarser than the card: without a blur thin strokes would break.
    soft = cv2.GaussianBlur(np.clip(folded, 0, 255).astype(np.uint8), (0, 0), 0.9)
    return cv2.cvtColor(soft, cv2.COLOR_RGB2BGR).astype(np.uint8)


def _desk(width: int, height: int, random: np.random.Generator) -> np.ndarray:
    """Wood, its grain along the picture."""
    grain = random.normal(0, 1, (height, max(4, width // 60))).astype(np.float32)
    long = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(long, (0, 0), sigmaX=8, sigmaY=1.2) * 16
    wide = cv2.resize(random.normal(0, 8, (9, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray((74, 104, 138), np.float32) + (fine + wide)[..., None]
