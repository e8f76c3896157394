"""What every page is made with: the database, the gate, the clock, and the templates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.clock import LOCAL_ZONE, Clock
from core.settings import Settings
from db.session import Database
from web import words
from web.assets import Assets
from web.auth import Gate, access_token
from web.guard import Door, guarded, tell_as_json

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Desk:
    """One per process. ``zone`` is the company's: moments that belong to no branch are shown in it."""

    db: Database
    settings: Settings
    clock: Clock
    gate: Gate
    door: Door
    assets: Assets
    templates: Environment
    zone: str

    def pages(self) -> APIRouter:
        """A router of pages that need a session."""
        return APIRouter(route_class=guarded(self.door, self.tell), include_in_schema=False)

    def open_pages(self) -> APIRouter:
        """A router of what a stranger may fetch: the door itself."""
        return APIRouter(route_class=guarded(None, self.tell), include_in_schema=False)

    def api(self, **rest: Any) -> APIRouter:
        """A router that answers in JSON to sessions and bearers."""
        return APIRouter(route_class=guarded(self.door, tell_as_json), **rest)

    def page(self, request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        now = self.clock.now()
        text = self.templates.get_template(template).render(
            facts,
            path=request.url.path,
            session=getattr(request.state, "session", None),
            now=now,
            zone=self.zone,
            ago=partial(words.ago, now=now),
        )
        return HTMLResponse(text, status_code=status)

    async def tell(self, request: Request, error: HTTPException) -> Response:
        """A refusal or failure as a page."""
        if error.status_code == 401:
            # The cookie travels only with requests of our own pages (SameSite=Strict): such a page asks once more.
            comes_from_outside = request.headers.get("sec-fetch-site") == "cross-site"
            page = self.page(request, "locked.html", status=401, asks_again=comes_from_outside, is_wrong=False)
        else:
            page = self.page(
                request, "trouble.html", status=error.status_code, code=error.status_code, detail=error.detail
            )
        page.headers.update(error.headers or {})
        return page


def build_desk(db: Database, settings: Settings, clock: Clock) -> Desk:
    gate = Gate(access_token(settings), lifetime=timedelta(hours=settings.web.session_hours), clock=clock)
    assets = Assets()
    branches = settings.rentprog.branches
    return Desk(
        db=db,
        settings=settings,
        clock=clock,
        gate=gate,
        door=Door(gate, settings),
        assets=assets,
        templates=_environment(assets.address),
        zone=branches[0].timezone if branches else LOCAL_ZONE.key,
    )


def _environment(asset: Callable[[str], str]) -> Environment:
    """Everything is escaped; a name that a template does not get is an error, not an empty place."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(asset=asset, words=words)
    environment.filters.update(local=words.local, exact=words.exact, readable=words.readable, iso=datetime.isoformat)
    return environment
