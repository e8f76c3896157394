"""The pages: how a person meets Jarvis in the browser, as somebody of the company or as one of its clients."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

STATIC = Path(__file__).parent / "static"

# Everything the page shows comes from this host. Pictures a person is about to send are blobs.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Always ask again: an updated checkout must not meet yesterday's script.
    "Cache-Control": "no-cache",
}
# Named here because the type table of the machine may call a script text/plain.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def page_router() -> APIRouter:
    """Serve the staff's page at `/`, the clients' at `/clients`, and their files at `/static/…`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def page() -> FileResponse:
        return _file(STATIC / "index.html")

    @router.get("/clients")
    async def clients() -> FileResponse:
        return _file(STATIC / "clients.html")

    @router.get("/static/{name:path}")
    async def static(name: str) -> FileResponse:
        path = (STATIC / name).resolve()
        if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
            raise HTTPException(404)
        return _file(path)

    return router


def _file(path: Path) -> FileResponse:
    return FileResponse(path, media_type=TYPES.get(path.suffix), headers=HEADERS)
