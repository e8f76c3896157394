"""The faults that only an HTTP API of documents knows: half an answer, another text in its place."""

import asyncio
import json
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.faults import Fault

_HTML = "text/html; charset=utf-8"
_JSON = "application/json; charset=utf-8"


@dataclass(slots=True)
class DocumentFault(Fault):
    """``half`` cuts the true answer in the middle of its JSON and sends it as if it were whole."""

    half: bool = False


class CutResponse(Response):
    """Announces the whole answer, sends the first half, and then the connection is gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})


def reply(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    is_html = text.lstrip().startswith("<")
    return Response(text, status, headers, media_type=_HTML if is_html else _JSON)


async def spoil(fault: Fault | None, status: int, text: str) -> Response:
    """The answer as the caller gets it when ``fault`` has hit it."""
    if fault is None:
        return reply(status, text)
    await asyncio.sleep(fault.latency_s)
    if fault.drop:
        return CutResponse(text, status, media_type=_JSON)
    if isinstance(fault, DocumentFault) and fault.half:
        return reply(status, text[: len(text) // 2])
    if fault.error_code is None:
        return reply(status, text)
    body = fault.body if fault.body is not None else {"error": fault.description or "fault"}
    wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return reply(fault.error_code, body if isinstance(body, str) else json.dumps(body), wait)
