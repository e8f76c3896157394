"""The panel: everything that shows Jarvis to the owner, as one router."""

from fastapi import APIRouter

from core.clock import Clock, SystemClock
from core.settings import Settings
from db.session import Database
from web import api
from web.desk import build_desk
from web.pages import circle, fleet, login, overview, people, troubles

_SYSTEM_CLOCK = SystemClock()


def panel_router(db: Database, settings: Settings, *, clock: Clock = _SYSTEM_CLOCK) -> APIRouter:
    """Pages at ``/``, REST under ``/api``, and the files of the pages. Raises ``WrongSettings`` without a token."""
    desk = build_desk(db, settings, clock)
    doors = desk.open_pages()
    desk.assets.serve(doors)
    router = APIRouter()
    router.include_router(doors)
    for part in (login, overview, fleet, circle, troubles, people, api):
        router.include_router(part.routes(desk))
    return router
