"""A still life of solids of one colour each: what the insides of the car are drawn from."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from cv.drawn.camera import Camera
from cv.drawn.lens import Picture, developed
from cv.drawn.mesh import Mesh, join, sheet
from cv.drawn.panel import Colour, Ink, Panel
from cv.drawn.place import Time
from cv.drawn.raster import rasterise
from cv.drawn.shading import shade

_EVERYWHERE = [(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)]


class Scene:
    """Solids are added one by one; each gets a surface of its own."""

    def __init__(self) -> None:
        self._solids: list[Mesh] = []
        self._panels: dict[int, Panel] = {}

    def add(self, make: Callable[[int], Mesh], colour: Colour, *, gloss: float = 0.15, weave: float = 0.0) -> None:
        """``make`` gets the number of its surface. ``weave`` roughens the colour as cloth does."""
        panel = Panel((-0.6, -0.6, 0.6, 0.6), 300 if weave else 4, (0, 2))
        panel.area(_EVERYWHERE, Ink(colour, paint=0.0, gloss=gloss))
        if weave:
            random = np.random.default_rng(len(self._solids))
            rough = random.normal(0, weave, panel.gloss.shape).astype(np.float32)
            rough += cv2.GaussianBlur(random.normal(0, 4 * weave, rough.shape).astype(np.float32), (0, 0), 6)
            panel.light[..., :3] *= np.clip(1 + rough, 0.3, 2)[..., None]
        self._panels[len(self._solids)] = panel
        self._solids.append(make(len(self._solids)))

    def add_picture(
        self,
        picture: NDArray[np.uint8],
        corner: tuple[float, float, float],
        along: tuple[float, float, float],
        up: tuple[float, float, float],
        *,
        gloss: float = 0.2,
    ) -> None:
        """A picture on a flat quad, seen from the side that ``along`` x ``up`` points to."""
        height, width = picture.shape[:2]
        panel = Panel((0.0, 0.0, 1.0, 1.0), float(max(height, width)), (0, 1))
        panel.picture(picture, (0.0, 0.0, 1.0, 1.0), gloss=gloss)
        self._panels[len(self._solids)] = panel
        self._solids.append(sheet(corner, along, up, len(self._solids)))

    def surfaces(self, camera: Camera) -> NDArray[np.int64]:
        """The number of the solid that each pixel shows, -1 for none."""
        mesh = join(self._solids)
        seen = rasterise(camera, mesh)
        numbers = np.full(camera.height * camera.width, -1)
        numbers[seen.at] = mesh.surface[seen.triangle]
        return numbers.reshape(camera.height, camera.width)

    def photo(self, camera: Camera, *, exposure: float = 1.2, seed: int = 0) -> Picture:
        mesh = join(self._solids)
        seen = rasterise(camera, mesh)
        light, _ = shade(camera, mesh, seen, self._panels, time=Time.HALL)
        picture = np.full((camera.height * camera.width, 3), 0.02, np.float32)
        picture[seen.at] = light
        return developed(picture.reshape(camera.height, camera.width, 3), exposure=exposure, seed=seed)
