#!/usr/bin/env python3
"""Trains cv/models/digits/figures.onnx on drawn dashboards: `draw --fonts FOLDER`, then `train`, both `--cache FILE`.

Needs torch and onnx beside what Jarvis itself needs. The net is a small CenterNet ("Objects as Points", Zhou, Wang,
Krähenbühl 2019): a map of likelihood for each character at a quarter of the picture's size, and at each peak the exact
place and the size. Styles are split: cv/drawn/dashboard_styles.py tells which are trained on; cv/dashboard/measure.py
measures on the others.
"""

import argparse
import math
import random
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent.parent))

from cv.dashboard.figures import CLASSES, STRIDE, USUAL, even
from cv.drawn.dashboard_camera import Mark
from cv.drawn.dashboard_faces import Ink
from cv.drawn.dashboard_lines import draw_line
from cv.drawn.dashboard_styles import label_faces, training_faces
from cv.drawn.dashboards import DARK_INKS, LIGHT_INKS, any_dashboard, draw_dashboard
from cv.reading import colour_image

CUT = (256, 128)
"""Width and height of a sample."""
MARGIN = 32
"""Around a sample while its contrast is evened out, as there is around any place in a photo."""
LOWEST, HIGHEST = 8.0, 64.0
"""Characters of other heights are neither asked for nor held against the net."""
NAMES = {"tenth": "t", ",": "."}
CUTS_OF_A_LINE, CUTS_OF_A_WHOLE = 2, 9
IGNORED = -1

# --- samples


def draw_samples(fonts: list[Path], lines: int, wholes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Samples (n, height, width; bytes) and rows (sample, class, x, y, width, height)."""
    rng = random.Random(seed)  # noqa: S311 - pictures, no secret
    faces = training_faces(fonts, count=600, seed=seed)
    labels = label_faces(faces)
    planes: list[np.ndarray] = []
    rows: list[tuple[float, ...]] = []
    for index in range(lines + wholes):
        if index < lines:
            ink = Ink(*rng.choice(DARK_INKS * 2 + LIGHT_INKS))
            photo, marks = draw_line(rng.choice(faces), rng.choice(labels), ink, rng)
        else:
            drawn = draw_dashboard(any_dashboard(rng, faces, labels))
            photo, marks = drawn.photo, drawn.marks
        picture = colour_image(photo)
        for _ in range(CUTS_OF_A_LINE if index < lines else CUTS_OF_A_WHOLE):
            plane, found = cut(picture, marks, rng)
            rows += [(len(planes), *row) for row in found]
            planes.append(plane)
    return np.stack(planes), np.array(rows, np.float32)


def cut(picture: np.ndarray, marks: tuple[Mark, ...], rng: random.Random) -> tuple[np.ndarray, list[tuple[float, ...]]]:
    """A sample around one character, in a size, width, slant and turn by chance."""
    known = [mark for mark in marks if NAMES.get(mark.char, mark.char) in CLASSES and mark.char not in ".,:"]
    if known and rng.random() < 0.5:  # letters are rarer than figures
        one = rng.choice(sorted({mark.char for mark in known}))
        known = [mark for mark in known if mark.char == one]
    middle = rng.choice(known or list(marks))
    scale = math.exp(rng.uniform(math.log(11), math.log(50))) / max(middle.height, 8.0)
    turn, slant, stretch = rng.gauss(0, 0.03), rng.gauss(0, 0.07), math.exp(rng.gauss(0, 0.1))
    shape = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) * scale
    shape = shape @ np.array([[stretch, slant], [0, 1]])
    size = (CUT[0] + 2 * MARGIN, CUT[1] + 2 * MARGIN)
    aim = np.array([MARGIN + rng.uniform(0.1, 0.9) * CUT[0], MARGIN + rng.uniform(0.15, 0.85) * CUT[1]])
    shift = aim - shape @ (middle.x, middle.y)
    if scale < 0.8:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.5 / scale)
    matrix = np.column_stack([shape, shift])
    way = rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
    warped = cv2.warpAffine(picture, matrix, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    plane = even(warped)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    rows = [_row(mark, shape, shift - MARGIN, picture.shape) for mark in marks]
    inside = [row for row in rows if row is not None and 0 <= row[1] < CUT[0] and 0 <= row[2] < CUT[1]]
    return np.round((plane + 1) * 127.5).astype(np.uint8), inside


def _row(mark: Mark, shape: np.ndarray, shift: np.ndarray, of: tuple[int, ...]) -> tuple[float, ...] | None:
    """Class, place and size of a mark in the sample; None of characters that the net is not to know."""
    name = NAMES.get(mark.char, mark.char)
    if name not in CLASSES:
        return None
    x, y = shape @ (mark.x, mark.y) + shift
    width, height = mark.width * math.hypot(*shape[:, 0]), mark.height * math.hypot(*shape[:, 1])
    left, top = mark.x - mark.width / 2, mark.y - mark.height / 2
    is_whole = left > -0.2 * mark.width and left + mark.width < of[1] + 0.2 * mark.width
    is_whole &= top > -0.1 * mark.height and top + mark.height < of[0] + 0.1 * mark.height
    is_asked = is_whole and (name in ".:" or LOWEST <= height <= HIGHEST)
    return (CLASSES.index(name) if is_asked else IGNORED, float(x), float(y), width, height)


def load_samples(caches: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    planes: list[np.ndarray] = []
    rows: list[np.ndarray] = []
    for cache in caches:
        with np.load(cache) as cached:
            rows.append(cached["rows"] + np.array([sum(map(len, planes)), 0, 0, 0, 0, 0], np.float32))
            planes.append(cached["planes"])
    return np.concatenate(planes), np.concatenate(rows)


# --- what the net shall answer


def goals(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of one sample: map of likelihood per class, which cells count, place and size, and which cells have them."""
    high, wide = CUT[1] // STRIDE, CUT[0] // STRIDE
    heat = np.zeros((len(CLASSES), high, wide), np.float32)
    counts = np.ones((1, high, wide), np.float32)
    places = np.zeros((4, high, wide), np.float32)
    has_place = np.zeros((1, high, wide), np.float32)
    ys, xs = np.mgrid[:high, :wide]
    for kind, x, y, width, height in rows.tolist():
        right, down = x / STRIDE, y / STRIDE
        column, row = min(int(right), wide - 1), min(int(down), high - 1)
        if kind == IGNORED:
            is_beside = np.abs(xs + 0.5 - right) > width / 2 / STRIDE + 1
            is_above = np.abs(ys + 0.5 - down) > height / 2 / STRIDE + 1
            counts[0][~is_beside & ~is_above] = 0
            continue
        spread = (max(0.45, 0.12 * width / STRIDE), max(0.45, 0.12 * height / STRIDE))
        hill = np.exp(-(((xs - column) / spread[0]) ** 2 + ((ys - row) / spread[1]) ** 2) / 2)
        heat[int(kind)] = np.maximum(heat[int(kind)], hill)
        places[:, row, column] = right - column, down - row, math.log(width / USUAL), math.log(height / USUAL)
        has_place[0, row, column] = 1
    return heat, np.maximum(counts, has_place), places, has_place


def loss_of(heat: Tensor, places: Tensor, goal: list[Tensor]) -> Tensor:
    """Focal loss on the maps (exponents 2 and 4, as published), L1 on places and sizes."""
    hills, counts, true_places, has_place = goal
    chance = torch.sigmoid(heat.float()).clamp(1e-4, 1 - 1e-4)
    peaks = hills.eq(1).float()
    missed = -((1 - chance) ** 2) * chance.log() * peaks
    false = -(chance**2) * (1 - chance).log() * (1 - hills) ** 4 * (1 - peaks)
    number = peaks.sum().clamp(min=1)
    off = (places.float() - true_places).abs() * has_place
    return ((missed + false) * counts).sum() / number + off.sum() / has_place.sum().clamp(min=1)


# --- the net


def layer(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = layer(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, picture: Tensor) -> Tensor:
        return functional.relu(picture + self.second(self.first(picture)))


class Figures(nn.Module):
    """Down to a sixteenth, where a character sees its neighbours, and back up to a quarter."""

    def __init__(self) -> None:
        super().__init__()
        self.quarter = nn.Sequential(layer(1, 16, 2), layer(16, 32, 2), layer(32, 32))
        self.eighth = nn.Sequential(layer(32, 64, 2), Residual(64))
        self.sixteenth = nn.Sequential(layer(64, 96, 2), Residual(96), Residual(96))
        self.from_sixteenth = nn.Conv2d(96, 64, 1)
        self.mixed_eighth = layer(64, 64)
        self.from_eighth = nn.Conv2d(64, 48, 1)
        self.from_quarter = nn.Conv2d(32, 48, 1)
        self.mixed_quarter = layer(48, 48)
        self.heat = nn.Conv2d(48, len(CLASSES), 1)
        self.places = nn.Conv2d(48, 4, 1)
        nn.init.constant_(self.heat.bias, -4.6)  # few cells hold a character

    def forward(self, plane: Tensor) -> tuple[Tensor, Tensor]:
        quarter = self.quarter(plane)
        eighth = self.eighth(quarter)
        up = functional.interpolate(self.from_sixteenth(self.sixteenth(eighth)), scale_factor=2.0)
        up = functional.interpolate(self.from_eighth(self.mixed_eighth(eighth + up)), scale_factor=2.0)
        mixed = self.mixed_quarter(self.from_quarter(quarter) + up)
        return self.heat(mixed), self.places(mixed)


class Peaks(nn.Module):
    """The net as it is shipped: likelihoods only where they are higher than all around."""

    def __init__(self, net: Figures) -> None:
        super().__init__()
        self.net = net

    def forward(self, plane: Tensor) -> tuple[Tensor, Tensor]:
        heat, places = self.net(plane)
        chance = torch.sigmoid(heat)
        return chance * (functional.max_pool2d(chance, 3, 1, 1) == chance), places


# --- training


def train(planes: np.ndarray, rows: np.ndarray, options: argparse.Namespace) -> Figures:
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = np.random.default_rng(options.seed)
    firsts = np.searchsorted(rows[:, 0], np.arange(len(planes) + 1))
    net = Figures().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, total_steps=options.steps, pct_start=0.1)
    averaged = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99), use_buffers=True
    )
    order: list[int] = []
    started, total = time.monotonic(), 0.0
    for step in range(1, options.steps + 1):
        if len(order) < options.batch:
            order = rng.permutation(len(planes)).tolist()
        chosen, order = order[: options.batch], order[options.batch :]
        pictures = torch.from_numpy(np.stack([_varied(planes[index], rng) for index in chosen])[:, None])
        answers = zip(*(goals(rows[firsts[index] : firsts[index + 1], 1:]) for index in chosen), strict=True)
        goal = [torch.from_numpy(np.stack(part)) for part in answers]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            heat, places = net(pictures.contiguous(memory_format=torch.channels_last))
        loss = loss_of(heat, places, goal)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 10.0)
        optimizer.step()
        schedule.step()
        averaged.update_parameters(net)
        total += float(loss.detach())
        if step % 50 == 0:
            sys.stdout.write(f"step {step} loss {total / 50:.3f} {time.monotonic() - started:.0f} s\n")
            sys.stdout.flush()
            total = 0.0
        if options.out and step % 500 == 0:
            export(averaged.module, options.out)
    return averaged.module


def _varied(plane: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Other contrast, other noise, now and then dark for light."""
    varied = plane.astype(np.float32) / 127.5 - 1
    varied *= rng.uniform(0.6, 1.15) * (-1 if rng.random() < 0.3 else 1)
    if rng.random() < 0.5:
        varied += rng.standard_normal(varied.shape, np.float32) * np.float32(rng.uniform(0, 0.12))
    return np.clip(varied, -1, 1)


def export(net: Figures, out: Path) -> None:
    example = torch.zeros(1, 1, CUT[1], CUT[0])
    sizes = {2: "height", 3: "width"}
    torch.onnx.export(
        Peaks(net).eval(), (example,), str(out), dynamo=False, opset_version=17, input_names=["plane"],
        output_names=["peaks", "places"],
        dynamic_axes={"plane": sizes, "peaks": {2: "rows", 3: "columns"}, "places": {2: "rows", 3: "columns"}},
    )  # fmt: skip
    net.train()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("deed", choices=("draw", "train"))
    options.add_argument("--cache", type=Path, nargs="+", required=True, help="samples, .npz; drawn into the first")
    options.add_argument("--fonts", type=Path, nargs="*", default=[])
    options.add_argument("--lines", type=int, default=4000)
    options.add_argument("--wholes", type=int, default=900)
    options.add_argument("--out", type=Path)
    options.add_argument("--steps", type=int, default=2000)
    options.add_argument("--batch", type=int, default=16)
    options.add_argument("--rate", type=float, default=3e-3)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    if chosen.deed == "draw":
        fonts = sorted(font for folder in chosen.fonts for font in folder.rglob("*.ttf"))
        planes, rows = draw_samples(fonts, chosen.lines, chosen.wholes, chosen.seed)
        np.savez(chosen.cache[0], planes=planes, rows=rows)
        counted = {name: int((rows[:, 1] == index).sum()) for index, name in enumerate(CLASSES)}
        sys.stdout.write(f"{len(planes)} samples {counted}\n")
        return
    export(train(*load_samples(chosen.cache), chosen), chosen.out)


if __name__ == "__main__":
    main()
