"""Triangles to pixels: for each pixel the nearest triangle, and where in it the pixel lies."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cv.drawn.camera import Camera, Floats
from cv.drawn.mesh import Mesh

Ints = NDArray[np.int64]
NEAR = 0.05
BATCH = 4_000_000
"""Candidate pixels looked at in one go; bounds the memory."""


@dataclass(frozen=True)
class Seen:
    """The covered pixels: ``at`` (index into the flat picture), the triangle there, its three weights, the depth."""

    at: Ints
    triangle: Ints
    weights: Floats
    depth: Floats

    def blend(self, mesh: Mesh, values: Floats) -> Floats:
        """An attribute of the vertices at each covered pixel."""
        corners = mesh.triangles[self.triangle]
        total = values[corners[:, 0]] * self.weights[:, :1]
        total += values[corners[:, 1]] * self.weights[:, 1:2]
        total += values[corners[:, 2]] * self.weights[:, 2:]
        return total


Hole = Callable[[Ints, Floats], NDArray[np.bool_]]
"""Says of (triangles, positions) which pixels are cut out."""


def rasterise(camera: Camera, mesh: Mesh, *, hole: Hole | None = None) -> Seen:
    """The visible pixels of the mesh. Triangles that reach behind the camera are left out: make meshes fine."""
    points, depth = camera.project(mesh.vertices)
    facing = _facing(camera, mesh, points, depth)
    nearness = np.zeros(camera.width * camera.height, np.float32)
    owner = np.full(camera.width * camera.height, -1, np.int64)
    kept: list[tuple[Ints, Ints, Floats]] = []
    seen_so_far = 0
    for some in _batches(camera, mesh, points, facing):
        at, triangle, weights, near = _candidates(camera, mesh, points, depth, some)
        if hole is not None:
            cut = hole(triangle, _positions(mesh, triangle, weights))
            at, triangle, weights, near = at[~cut], triangle[~cut], weights[~cut], near[~cut]
        np.maximum.at(nearness, at, near)
        winning = near >= nearness[at]
        at, triangle, weights = at[winning], triangle[winning], weights[winning]
        owner[at] = seen_so_far + np.arange(len(at))
        seen_so_far += len(at)
        kept.append((at, triangle, weights))
    covered = np.flatnonzero(owner >= 0)
    chosen = owner[covered]
    return Seen(
        at=covered,
        triangle=np.concatenate([k[1] for k in kept])[chosen] if kept else np.zeros(0, np.int64),
        weights=np.concatenate([k[2] for k in kept])[chosen] if kept else np.zeros((0, 3), np.float32),
        depth=1 / nearness[covered],
    )


def _facing(camera: Camera, mesh: Mesh, points: Floats, depth: Floats) -> Ints:
    a, b, c = (points[mesh.triangles[:, i]] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    in_front = (depth[mesh.triangles] > NEAR).all(axis=1)
    low = np.minimum(np.minimum(a, b), c)
    high = np.maximum(np.maximum(a, b), c)
    inside = (high >= 0).all(axis=1) & (low[:, 0] < camera.width) & (low[:, 1] < camera.height)
    return np.flatnonzero((area < 0) & in_front & inside)


def _boxes(camera: Camera, mesh: Mesh, points: Floats, some: Ints) -> tuple[Ints, Ints]:
    corners = points[mesh.triangles[some]]
    limit = np.array([camera.width - 1, camera.height - 1])
    low = np.clip(np.floor(corners.min(axis=1)), 0, limit).astype(np.int64)
    high = np.clip(np.ceil(corners.max(axis=1)), 0, limit).astype(np.int64)
    return low, high - low + 1


def _batches(camera: Camera, mesh: Mesh, points: Floats, facing: Ints) -> list[Ints]:
    if not len(facing):
        return []
    _, size = _boxes(camera, mesh, points, facing)
    ends = np.cumsum(size[:, 0] * size[:, 1])
    cuts = np.searchsorted(ends, np.arange(BATCH, ends[-1], BATCH))
    return [part for part in np.split(facing, np.unique(cuts)) if len(part)]


def _candidates(
    camera: Camera, mesh: Mesh, points: Floats, depth: Floats, some: Ints
) -> tuple[Ints, Ints, Floats, Floats]:
    """Every pixel inside a triangle of ``some``: its place, triangle, perspective-true weights and 1/depth."""
    low, size = _boxes(camera, mesh, points, some)
    counts = size[:, 0] * size[:, 1]
    row = np.repeat(np.arange(len(some)), counts)
    step = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    across = size[row, 0]
    dx, dy = step % across, step // across
    corners = mesh.triangles[some]
    local = points[corners] - low[:, None, :].astype(np.float32)
    ax, ay = local[:, 0, 0], local[:, 0, 1]
    bx, by = local[:, 1, 0] - ax, local[:, 1, 1] - ay
    cx, cy = local[:, 2, 0] - ax, local[:, 2, 1] - ay
    area = bx * cy - by * cx
    px, py = dx.astype(np.float32) - ax[row], dy.astype(np.float32) - ay[row]
    second = (px * (cy / area)[row]) - (py * (cx / area)[row])
    third = (py * (bx / area)[row]) - (px * (by / area)[row])
    first = 1 - second - third
    inside = (first >= -1e-4) & (second >= -1e-4) & (third >= -1e-4)
    row = row[inside]
    over = (1 / depth)[corners].astype(np.float32)[row]
    weights = np.stack([first[inside], second[inside], third[inside]], axis=1).astype(np.float32) * over
    near = weights.sum(axis=1)
    weights /= near[:, None]
    place = (low[row, 1] + dy[inside]) * camera.width + low[row, 0] + dx[inside]
    return place, some[row], weights, near


def _positions(mesh: Mesh, triangle: Ints, weights: Floats) -> Floats:
    return Seen(triangle, triangle, weights, weights[:, 0]).blend(mesh, mesh.vertices)
