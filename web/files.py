"""Stored files behind signed links: whoever holds a link reads one object until it expires, and nothing else."""

from datetime import UTC
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from core.clock import Clock
from core.errors import Broken, NeedsAttention, Temporary
from storage.api import Storage, StoredObject
from storage.links import is_genuine

PREFIX = "/files"
_SHOWN = ("text/html", "application/pdf", "image/jpeg", "image/png", "image/webp")
"""What a browser may show itself; anything else, whatever a stranger called it, is only handed out."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_SANDBOX = "; form-action 'none'; sandbox"
"""Not for PDF: browsers show none in a sandbox."""
_NOT_OURS = "This link does not open anything.\nЭта ссылка ничего не открывает.\nეს ბმული არაფერს ხსნის.\n"
_OVER = (
    "This link has expired. Ask whoever sent it for a new one.\n"
    "Срок ссылки истёк. Попросите новую у того, кто её прислал.\n"
    "ბმულის ვადა გავიდა. სთხოვეთ ახალი მას, ვინც გამოგიგზავნათ.\n"
)
_GONE = "This file is kept no longer.\nЭтот файл больше не хранится.\nეს ფაილი აღარ ინახება.\n"
_LATER = "Please try again in a minute.\nПопробуйте через минуту.\nსცადეთ ერთ წუთში.\n"


def files_router(storage: Storage, secret: bytes, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.api_route(PREFIX + "/{key:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def file(request: Request, key: str, expires: str = "", signature: str = "") -> Response:
        until = int(expires) if expires.isascii() and expires.isdecimal() and len(expires) <= 12 else 0
        if not is_genuine(key, until, signature, secret):
            return _say(_NOT_OURS, 403)
        if clock.now().astimezone(UTC).timestamp() >= until:
            return _say(_OVER, 410)
        stored = await _found(storage, key)
        if isinstance(stored, Response):
            return stored
        headers = _headers_of(stored)
        if request.method == "HEAD":
            return Response(headers=headers)
        return StreamingResponse(storage.open(key), headers=headers)

    return router


async def _found(storage: Storage, key: str) -> StoredObject | Response:
    try:
        stored = await storage.describe(key)
    except (Temporary, NeedsAttention):
        return _say(_LATER, 503)
    except Broken:  # its description is damaged
        return _say(_GONE, 410)
    return _say(_GONE, 410) if stored is None else stored


def _headers_of(stored: StoredObject) -> dict[str, str]:
    kind = stored.content_type.partition(";")[0].strip().lower()
    is_shown = kind in _SHOWN
    name = quote(stored.filename or stored.sha256[:16], safe="")
    return {
        **_HEADERS,
        "Content-Type": stored.content_type if is_shown else "application/octet-stream",
        "Content-Length": str(stored.size),
        "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{name}",
        "Content-Security-Policy": _POLICY if kind == "application/pdf" else _POLICY + _SANDBOX,
    }


def _say(words: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(words, status, headers={**_HEADERS, "Content-Security-Policy": _POLICY + _SANDBOX})
