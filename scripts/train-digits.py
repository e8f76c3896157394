#!/usr/bin/env python3
"""Trains cv/models/digits/figures.npz on drawn dashboards: `--fonts /usr/share/fonts --out figures.npz`.

Needs only what Jarvis itself needs; about a minute on one core. The samples are the pieces that the reader itself finds
in drawings, named by what was drawn there. Styles are split: cv/drawn/dashboard_styles.py tells which are trained on;
cv/dashboard/measure.py measures on the others.
"""

import argparse
import random
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cv.dashboard.figures import CLASSES, LEVELS, LOWEST, Piece, even, features, patch_of, pieces_of
from cv.drawn.dashboard_camera import Mark
from cv.drawn.dashboard_faces import Ink
from cv.drawn.dashboard_lines import draw_line
from cv.drawn.dashboard_styles import label_faces, training_faces
from cv.drawn.dashboards import DARK_INKS, LIGHT_INKS, any_dashboard, draw_dashboard
from cv.reading import colour_image

OTHER = len(CLASSES) - 1
OTHERS_OF_A_PICTURE = 12
HIDDEN = (160, 64)


def samples_of(photo: bytes, marks: tuple[Mark, ...], scale: float, rng: random.Random) -> list[tuple[np.ndarray, int]]:
    import cv2

    picture = cv2.resize(colour_image(photo), None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    plane = even(picture)
    named, others = [], []
    for piece in pieces_of(plane):
        if piece.height < LOWEST:
            continue
        name = name_of(piece, marks, scale)
        if name is not None:
            (others if name == OTHER else named).append((piece, name))
    chosen = named + rng.sample(others, min(len(others), OTHERS_OF_A_PICTURE))
    return [(features(patch_of(plane, piece)), name) for piece, name in chosen]


def name_of(piece: Piece, marks: tuple[Mark, ...], scale: float) -> int | None:
    """The class of the mark that the piece covers; None where it is doubtful (half a figure, the letter O)."""
    best, most = None, 0.0
    for mark in marks:
        left, top = (mark.x - mark.width / 2) * scale, (mark.y - mark.height / 2) * scale
        width = min(piece.x + piece.width, left + mark.width * scale) - max(piece.x, left)
        height = min(piece.y + piece.height, top + mark.height * scale) - max(piece.y, top)
        own, drawn = piece.width * piece.height, mark.width * mark.height * scale**2
        share = max(0.0, width) * max(0.0, height) / (own + drawn - max(0.0, width) * max(0.0, height))
        tall = min(piece.height, mark.height * scale) / max(piece.height, mark.height * scale)
        is_inside = max(0.0, width) > 0.8 * piece.width and tall > 0.8
        if is_inside and mark.char in {"1", "I"}:
            share = max(share, 0.7)  # a one of segments fills only the right of its cell
        if share > most:
            best, most = mark, share
    if best is None or most < 0.12:
        return OTHER
    if most < 0.55:
        return OTHER if most < 0.35 else None
    if best.char in {"O", "o", "I", "i", "tenth", "A", "h"}:
        return None
    return CLASSES.index(best.char) if best.char in CLASSES else OTHER


def draw_samples(fonts: list[Path], lines: int, wholes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = random.Random(seed)  # noqa: S311 - pictures, no secret
    faces = training_faces(fonts)
    labels = label_faces(faces)
    found: list[tuple[np.ndarray, int]] = []
    for _ in range(lines):
        ink = Ink(*rng.choice(DARK_INKS * 2 + LIGHT_INKS))
        photo, marks = draw_line(rng.choice(faces), rng.choice(labels), ink, rng)
        found += samples_of(photo, marks, rng.uniform(0.55, 1.7), rng)
    for _ in range(wholes):
        drawn = draw_dashboard(any_dashboard(rng, faces, labels))
        found += samples_of(drawn.photo, drawn.marks, rng.choice(LEVELS) / 1280, rng)
    return np.stack([row for row, _ in found]).astype(np.float32), np.array([name for _, name in found])


def train(rows: np.ndarray, names: np.ndarray, epochs: int, seed: int) -> dict[str, np.ndarray]:
    """A net of two hidden layers by Adam; half of the hidden values are left out by turns, not to learn by heart."""
    rng = np.random.default_rng(seed)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 0.05
    scaled = (rows - mean) / spread
    sizes = (rows.shape[1], *HIDDEN, len(CLASSES))
    net: dict[str, np.ndarray] = {}
    for layer, (inside, outside) in enumerate(pairwise(sizes), 1):
        net[f"w{layer}"] = rng.normal(0, np.sqrt(2 / inside), (inside, outside)).astype(np.float32)
        net[f"b{layer}"] = np.zeros(outside, np.float32)
    moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in net.items()}
    step, steps = 0, epochs * (len(rows) // 128)
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for first in range(0, len(rows) - 127, 128):
            chosen = order[first : first + 128]
            step += 1
            rate = 2e-3 * (1 - step / (steps + 1))
            for name, gradient in gradients(net, scaled[chosen], names[chosen], rng).items():
                one, two = moments[name]
                one += 0.1 * (gradient - one)
                two += 0.001 * (gradient**2 - two)
                net[name] -= rate * (one / (1 - 0.9**step)) / (np.sqrt(two / (1 - 0.999**step)) + 1e-8)
    return {**net, "mean": mean, "spread": spread}


def gradients(
    net: dict[str, np.ndarray], rows: np.ndarray, names: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    keep = (rng.random((len(rows), HIDDEN[0])) < 0.7) / np.float32(0.7)
    one = np.maximum(rows @ net["w1"] + net["b1"], 0) * keep
    two = np.maximum(one @ net["w2"] + net["b2"], 0)
    logits = two @ net["w3"] + net["b3"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = powers / powers.sum(axis=1, keepdims=True)
    goal = np.full_like(error, 0.02 / len(CLASSES))
    goal[np.arange(len(rows)), names] += 0.98
    error = (error - goal) / len(rows)
    back_two = (error @ net["w3"].T) * (two > 0)
    back_one = (back_two @ net["w2"].T) * (one > 0) * keep
    return {
        "w3": two.T @ error, "b3": error.sum(axis=0), "w2": one.T @ back_two, "b2": back_two.sum(axis=0),
        "w1": rows.T @ back_one + 1e-4 * net["w1"], "b1": back_one.sum(axis=0),
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fonts", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--lines", type=int, default=1500)
    options.add_argument("--wholes", type=int, default=60)
    options.add_argument("--epochs", type=int, default=15)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    rows, names = draw_samples(sorted(chosen.fonts.rglob("*.ttf")), chosen.lines, chosen.wholes, chosen.seed)
    counted = {name: int((names == index).sum()) for index, name in enumerate(CLASSES)}
    sys.stdout.write(f"{len(rows)} samples {counted}\n")
    net = train(rows, names, chosen.epochs, chosen.seed)
    np.savez_compressed(chosen.out, **{name: value.astype(np.float16) for name, value in net.items()})


if __name__ == "__main__":
    main()
