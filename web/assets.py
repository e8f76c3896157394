"""The panel's own style, script and pictures: nothing comes from elsewhere."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

STATIC = Path(__file__).parent / "static"
PREFIX = "/panel/static"
# Named here because the type table of the machine may call a script text/plain.
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str
    version: str


class Assets:
    """Read once: what is served is what the addresses name by their version."""

    def __init__(self) -> None:
        self._files = {path.name: _read(path) for path in STATIC.iterdir() if path.suffix in TYPES}

    def address(self, name: str) -> str:
        """An address that changes with the content, so that browsers may keep it for ever."""
        return f"{PREFIX}/{name}?v={self._files[name].version}"

    def serve(self, router: APIRouter) -> None:
        @router.get(PREFIX + "/{name}")
        async def asset(name: str) -> Response:
            found = self._files.get(name)
            if found is None:
                raise HTTPException(404)
            headers = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(found.content, media_type=found.media_type, headers=headers)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])
