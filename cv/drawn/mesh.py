"""Solids made of triangles: boxes with soft edges, wheels, rings, and joining them into one mesh."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cv.drawn.camera import Floats

Ints = NDArray[np.int64]
Face = Literal["front", "rear", "left", "right", "top", "bottom"]
FACES: tuple[Face, ...] = ("front", "rear", "left", "right", "top", "bottom")
_FACE_AXES: dict[Face, tuple[tuple[int, int, int], ...]] = {
    "front": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "rear": ((-1, 0, 0), (0, -1, 0), (0, 0, 1)),
    "left": ((0, 1, 0), (-1, 0, 0), (0, 0, 1)),
    "right": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    "top": ((0, 0, 1), (0, 1, 0), (-1, 0, 0)),
    "bottom": ((0, 0, -1), (0, 1, 0), (1, 0, 0)),
}


@dataclass(frozen=True)
class Mesh:
    """Vertices with smooth normals and their place before a move (``local``); triangles with a surface each."""

    vertices: Floats
    normals: Floats
    local: Floats
    triangles: Ints
    surface: Ints

    def moved(self, by: Sequence[float]) -> "Mesh":
        """Moved in the world; what is painted on it moves along."""
        return replace(self, vertices=self.vertices + np.asarray(by, np.float32))

    def turned(self, degrees: float, axis: int = 2) -> "Mesh":
        """Turned about an axis through the origin."""
        angle = np.radians(degrees)
        matrix = np.eye(3, dtype=np.float32)
        a, b = [i for i in range(3) if i != axis]
        matrix[a, a] = matrix[b, b] = np.cos(angle)
        matrix[a, b], matrix[b, a] = -np.sin(angle), np.sin(angle)
        return replace(self, vertices=self.vertices @ matrix.T, normals=self.normals @ matrix.T)

    def inside_out(self) -> "Mesh":
        """Seen from within: rooms and boxes one looks into."""
        return replace(self, triangles=self.triangles[:, ::-1], normals=-self.normals)


def join(meshes: Sequence[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(m.vertices) for m in meshes)])
    return Mesh(
        vertices=np.concatenate([m.vertices for m in meshes]),
        normals=np.concatenate([m.normals for m in meshes]),
        local=np.concatenate([m.local for m in meshes]),
        triangles=np.concatenate([m.triangles + start for m, start in zip(meshes, starts, strict=False)]),
        surface=np.concatenate([m.surface for m in meshes]),
    )


def soft_box(
    shape: Callable[[Floats], Floats],
    *,
    surfaces: Mapping[Face, int],
    roundness: float = 6.0,
    cells: tuple[int, int, int] = (40, 16, 16),
) -> Mesh:
    """A cube with soft edges in [-1, 1]^3, bent by ``shape``; ``surfaces`` names the faces that are made.

    ``roundness`` is the exponent of the superellipsoid: 2 is a ball, 6 a box with soft edges.
    """
    vertices, triangles, surface, start = [], [], [], 0
    for face, index in surfaces.items():
        out, along, up = (np.asarray(axis, np.float32) for axis in _FACE_AXES[face])
        steps = [cells[int(np.argmax(np.abs(axis)))] for axis in (along, up)]
        s, t = np.meshgrid(_spread(steps[0]), _spread(steps[1]), indexing="ij")
        cube = out + s[..., None] * along + t[..., None] * up
        soft = cube / (np.abs(cube) ** roundness).sum(axis=2, keepdims=True) ** (1 / roundness)
        vertices.append(soft.reshape(-1, 3).astype(np.float32))
        grid = _grid(steps[0] + 1, steps[1] + 1) + start
        triangles.append(grid)
        surface.append(np.full(len(grid), index))
        start += len(vertices[-1])
    return _finished(shape(np.concatenate(vertices)), np.concatenate(triangles), np.concatenate(surface))


def block(size: Sequence[float], surface: int, *, roundness: float = 12.0, cells: int = 10) -> Mesh:
    """A box with soft edges about the origin, of one surface."""
    half = np.asarray(size, np.float32) / 2
    faces = dict.fromkeys(FACES, surface)
    return soft_box(lambda p: p * half, surfaces=faces, roundness=roundness, cells=(cells, cells, cells))


def lathe(profile: Sequence[tuple[float, float]], surface: int, *, segments: int = 48) -> Mesh:
    """A profile of (radius, y) turned about the y axis: wheels, cans, discs. Outside is to the profile's right."""
    radius, along = np.asarray(profile, np.float32).T
    turn = np.linspace(0, 2 * np.pi, segments + 1, dtype=np.float32)
    x = radius[:, None] * np.cos(turn)
    z = radius[:, None] * np.sin(turn)
    y = np.broadcast_to(along[:, None], x.shape)
    vertices = np.stack([x, y, z], axis=2).reshape(-1, 3)
    triangles = _grid(len(radius), segments + 1)[:, ::-1]
    return _finished(vertices, triangles, np.full(len(triangles), surface))


def tube(path: Floats, radius: float, surface: int, *, segments: int = 12) -> Mesh:
    """A round bar along a path of points: a steering wheel, a wiper, a cable."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    helper = np.where(np.abs(ahead[:, 2:3]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    side = np.cross(ahead, helper)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(ahead, side)
    turn = np.linspace(0, 2 * np.pi, segments + 1)
    ring = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * other[:, None]
    vertices = (path[:, None] + radius * ring).reshape(-1, 3).astype(np.float32)
    triangles = _grid(len(path), segments + 1)
    return _finished(vertices, triangles, np.full(len(triangles), surface))


def sheet(corner: Sequence[float], along: Sequence[float], up: Sequence[float], surface: int, cells: int = 24) -> Mesh:
    """A flat quad, seen from the side that ``along`` x ``up`` points to; ``local`` is (u, v, 0) in 0..1."""
    s, t = np.meshgrid(*[np.linspace(0, 1, cells + 1, dtype=np.float32)] * 2, indexing="ij")
    local = np.stack([s, t, np.zeros_like(s)], axis=2).reshape(-1, 3)
    vertices = (
        np.asarray(corner, np.float32)
        + local[:, :1] * np.asarray(along, np.float32)
        + local[:, 1:2] * np.asarray(up, np.float32)
    )
    triangles = _grid(cells + 1, cells + 1)
    return replace(_finished(vertices, triangles, np.full(len(triangles), surface)), local=local)


def _spread(cells: int) -> Floats:
    """Steps from -1 to 1, finer towards the edges, where a soft box bends."""
    even = np.linspace(-1, 1, cells + 1)
    return (0.45 * even + 0.55 * np.sin(even * np.pi / 2)).astype(np.float32)


def _grid(rows: int, columns: int) -> Ints:
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    one = np.stack([corner, corner + columns, corner + columns + 1], axis=1)
    two = np.stack([corner, corner + columns + 1, corner + 1], axis=1)
    return np.concatenate([one, two])


def _finished(vertices: Floats, triangles: Ints, surface: Ints) -> Mesh:
    vertices = vertices.astype(np.float32)
    return Mesh(vertices, _smooth_normals(vertices, triangles), vertices, triangles, surface)


def _smooth_normals(vertices: Floats, triangles: Ints) -> Floats:
    """Area-weighted; vertices at the same place share one normal, so faces meet without a seam."""
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    flat = np.cross(b - a, c - a)
    _, shared = np.unique(np.round(vertices * 5000).astype(np.int64), axis=0, return_inverse=True)
    shared = shared.reshape(-1)
    sums = np.zeros((shared.max() + 1, 3))
    for corner in range(3):
        for axis in range(3):
            sums[:, axis] += np.bincount(shared[triangles[:, corner]], flat[:, axis], len(sums))
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return (sums / np.maximum(length, 1e-12))[shared].astype(np.float32)
