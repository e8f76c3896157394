"""The pictures of the scene, drawn while it is played: no photo of anybody's car is needed."""

import asyncio
from collections.abc import Iterable, Sequence

from core.inspection.damage import DamageKind, Part
from core.inspection.views import EXTERIOR, Viewpoint
from cv.drawn.car import Shot, draw_car
from cv.drawn.dashboards import Dashboard, draw_dashboard
from cv.drawn.document import draw_document
from cv.drawn.harm import DrawnDamage
from cv.drawn.inside import draw_interior, draw_trunk
from cv.drawn.lens import blurred
from cv.drawn.skin import CarLook

SCRATCH = DrawnDamage(DamageKind.SCRATCH, Part.REAR_LEFT_DOOR, size=0.3, seed=4)
DENT = DrawnDamage(DamageKind.DENT, Part.FRONT_LEFT_DOOR, size=0.34, seed=3)
WIDTH = 1280


class Album:
    """Pictures of one car. ``walk`` is another number for each inspection: nobody stands twice in the same place."""

    def __init__(self, plate: str, *, walk: int, damages: Sequence[DrawnDamage], mileage: int, fuel: float) -> None:
        self._look = CarLook(plate=plate)
        self._walk = walk
        self._damages = tuple(damages)
        self._dashboard = Dashboard(odometer_km=mileage, fuel_percent=fuel, seed=walk)

    async def side(self, viewpoint: Viewpoint) -> bytes:
        return await asyncio.to_thread(self._side, viewpoint)

    async def sides(self, viewpoints: Iterable[Viewpoint] = EXTERIOR) -> list[bytes]:
        return [await self.side(viewpoint) for viewpoint in viewpoints]

    async def blurred_side(self, viewpoint: Viewpoint) -> bytes:
        """As with a hand that moved."""
        return await asyncio.to_thread(blurred, await self.side(viewpoint))

    async def inside(self) -> list[bytes]:
        """Dashboard, trunk, seats and registration, in the order in which the form asks for them."""
        return await asyncio.to_thread(self._inside)

    async def close_up(self, damage: DrawnDamage) -> bytes:
        shot = Shot(Viewpoint.CLOSE_UP, seed=self._walk, of=damage, width=WIDTH)
        return await asyncio.to_thread(lambda: draw_car(self._look, shot, self._damages).jpeg)

    def _side(self, viewpoint: Viewpoint) -> bytes:
        return draw_car(self._look, Shot(viewpoint, seed=self._walk, width=WIDTH), self._damages).jpeg

    def _inside(self) -> list[bytes]:
        walk = self._walk
        return [
            draw_dashboard(self._dashboard).photo,
            draw_trunk(seed=walk, width=WIDTH).jpeg,
            draw_interior("front", seed=walk, width=WIDTH).jpeg,
            draw_interior("rear", seed=walk, width=WIDTH).jpeg,
            draw_document(seed=walk).jpeg,
        ]
