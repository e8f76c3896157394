"""The front desk of the twin: token, faults, journal of every call, before its answer."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from sandbox.faults import Fault, FaultQueue, suffer_latency
from sandbox.journal import Journal
from sandbox.rentprog.faults import CutResponse, reply
from sandbox.umnico.account import TOKEN

SYSTEM = "umnico"
_JSON = "application/json; charset=utf-8"
_SECRET_FIELDS = frozenset({"url", "pass", "accessToken", "refreshToken"})


class Refused(Exception):  # noqa: N818 - an answer of the twin, not a failure of it
    """Umnico answers with this status instead of data."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in a form."""

    name: str
    mime: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted call; ``origin`` is the address under which the caller knows the twin."""

    path: Mapping[str, Any]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    origin: str
    file: Received | None = None

    def number(self, name: str, default: int) -> int:
        text = self.query.get(name, "")
        return int(text) if text.isdigit() else default


Answer = Callable[[Call], Awaitable[Any]]
"""What is answered with 200, or None for 204; raises Refused."""


@dataclass
class Desk:
    faults: FaultQueue
    journal: Journal
    token: str = TOKEN

    def endpoint(self, name: str, answer: Answer, *, is_open: bool = False) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            params: dict[str, Any] = dict(request.path_params)
            fault = self.faults.take(SYSTEM, name, str(params["lead"]) if "lead" in params else None)
            await suffer_latency(fault)
            if fault is not None and fault.refuses and not fault.effect:
                return self._suffer(fault, name, params)
            try:
                if not is_open:
                    self._check_token(request)
                call = await _read(request)
                params |= {key: value for key, value in call.body.items() if key not in _SECRET_FIELDS}
                told = await answer(call)
            except Refused as refusal:
                self.journal.record(SYSTEM, name, params, error=f"{refusal.status}: {refusal}")
                return reply(refusal.status, _text({"message": str(refusal)}))
            if fault is not None and fault.refuses:
                return self._suffer(fault, name, params)
            self.journal.record(SYSTEM, name, params, result=_without_secrets(told))
            return Response(status_code=204) if told is None else reply(200, _text(told))

        return handle

    def _check_token(self, request: Request) -> None:
        """The scheme word in any case, or none at all."""
        given = request.headers.get("authorization", "").strip()
        scheme, _, rest = given.partition(" ")
        if (rest.strip() if scheme.lower() == "bearer" else given) != self.token:
            raise Refused(401, "Unauthorized")

    def _suffer(self, fault: Fault, name: str, params: dict[str, Any]) -> Response:
        self.journal.record(SYSTEM, name, params, error="dropped" if fault.drop else str(fault.error_code))
        if fault.drop:
            return CutResponse(_text({"message": "cut"}), 200, media_type=_JSON)
        body = fault.body if fault.body is not None else {"message": fault.description or "fault"}
        wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return reply(fault.error_code or 500, body if isinstance(body, str) else _text(body), wait)


async def _read(request: Request) -> Call:
    origin = f"{request.url.scheme}://{request.url.netloc}"
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            beside = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get("media")
            received = await _received(file) if isinstance(file, UploadFile) else None
        return Call(request.path_params, request.query_params, beside, origin, received)
    body = await request.body()
    try:
        told = json.loads(body) if body else {}
    except ValueError:
        raise Refused(400, "Bad request") from None
    if not isinstance(told, dict):
        raise Refused(400, "Bad request")
    return Call(request.path_params, request.query_params, told, origin)


async def _received(file: UploadFile) -> Received:
    return Received(file.filename or "file", file.content_type or "application/octet-stream", await file.read())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _without_secrets(told: Any) -> Any:
    """Webhook addresses hold a secret; the journal is read by anybody."""
    if isinstance(told, list):
        return [_without_secrets(row) for row in told]
    return {key: value for key, value in told.items() if key not in _SECRET_FIELDS} if isinstance(told, dict) else told
