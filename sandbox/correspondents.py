"""Tells the client page who could write to the company, and in which channel each of them is at home."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from sandbox.company import World
from sandbox.company.correspondents import correspondents

PATH = "/_sandbox/correspondents"


def correspondents_router(world: World) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def people() -> list[dict[str, Any]]:
        return [asdict(one) for one in correspondents(world.guests)]

    return router
