"""The Bot API over HTTP: addresses, envelopes, faults, limits, the journal, and the check of every answer."""

import json
import logging
import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi import Request as HttpRequest
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.faults import Fault, FaultQueue, suffer_latency
from sandbox.journal import Journal
from sandbox.telegram.errors import ApiError, bad_request, entity_too_large, method_not_found, ordered, unauthorized
from sandbox.telegram.files import MEGABYTE, UPLOAD_LIMIT
from sandbox.telegram.methods import HANDLERS
from sandbox.telegram.methods.call import Call
from sandbox.telegram.schema import METHODS, RETURNS, SchemaError, check
from sandbox.telegram.state import TelegramState
from sandbox.telegram.validation import Request, Upload, validate

Json = dict[str, Any]

SYSTEM = "telegram"
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
# The form around a file of the largest size needs a little more.
BODY_LIMIT = UPLOAD_LIMIT + MEGABYTE

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BotApi:
    """The bot's door into the simulated Telegram."""

    state: TelegramState
    token: str
    faults: FaultQueue
    journal: Journal

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/telegram", include_in_schema=False)
        router.add_api_route("/file/bot{token}/{path:path}", self.download, methods=["GET"])
        router.add_api_route("/bot{token}/{method}", self.respond, methods=["GET", "POST"])
        return router

    async def download(self, token: str, path: str) -> Response:
        stored = self.state.files.by_path(path) if token == self.token else None
        if stored is None:
            return _answer(ApiError(404, "Not Found"))
        return Response(stored.data, media_type="application/octet-stream")

    async def respond(self, token: str, method: str, http: HttpRequest) -> Response:
        """One call; whatever it ends in is in the journal."""
        request = Request(method, {}, {})
        try:
            self._check_address(token, method)
            request = await _read(method, http)
            fault = self.faults.take(SYSTEM, method, _text(request.values.get("chat_id")))
            await suffer_latency(fault)
            result = await self._perform(request, fault)
        except ApiError as error:
            self.journal.record(SYSTEM, method, _described(request), error=error.description)
            return _answer(error)
        except ConnectionAbortedError:
            self.journal.record(SYSTEM, method, _described(request), error="the connection was dropped")
            return Dropped()
        self.journal.record(SYSTEM, method, _described(request), result=result)
        return _json(200, {"ok": True, "result": result})

    async def perform_webhook_answer(self, body: Json) -> None:
        """A call that came as the answer to a webhook; nobody hears how it went."""
        values = dict(body)
        request = Request(str(values.pop("method")), values)
        try:
            self.journal.record(SYSTEM, request.method, values, result=await self._perform(request, None))
        except ApiError as error:
            self.journal.record(SYSTEM, request.method, values, error=error.description)

    def _check_address(self, token: str, method: str) -> None:
        if not TOKEN.fullmatch(token):
            raise unauthorized("invalid token specified")
        if token != self.token:
            raise unauthorized()
        if method not in METHODS:
            raise method_not_found()

    async def _perform(self, request: Request, fault: Fault | None) -> Any:
        """The true result, unless a fault puts an error in its place, before or after the call took effect."""
        if fault is not None and fault.refuses and not fault.effect:
            raise _suffered(fault)
        call = Call(self.state, request.method, validate(request), request.uploads)
        self._spend(call)
        result = await HANDLERS[request.method](call)
        _check_result(request.method, result)
        if fault is not None and fault.refuses:
            raise _suffered(fault)
        return result

    def _spend(self, call: Call) -> None:
        """What a call costs of the sending limits."""
        chat = self.state.chats.get(call.get("chat_id", 0))
        is_edit = call.method.startswith("editMessage")
        is_sending = call.method.startswith(("send", "copy", "forward")) and call.method != "sendChatAction"
        if chat is None or not (is_edit or is_sending or call.method == "createForumTopic"):
            return
        messages = len(call.get("media", ()) if call.method == "sendMediaGroup" else call.get("message_ids", ())) or 1
        self.state.limiter.spend(chat.id, messages, is_group=chat.kind != "private", is_edit=is_edit)


class Dropped(Response):
    """Announces an answer and never sends it: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
        await send({"type": "http.response.body", "body": b"", "more_body": True})


def _check_result(method: str, result: Any) -> None:
    """A result that is not what the schema promises is our defect, told as the server's."""
    try:
        check(RETURNS[method], result, method)
    except SchemaError as error:
        log.exception("the emulator made an invalid answer")
        raise ApiError(500, f"Internal Server Error: {error}") from error


def _suffered(fault: Fault) -> Exception:
    if fault.drop:
        return ConnectionAbortedError()
    return ordered(fault.error_code or 500, fault.description, fault.retry_after)


async def _read(method: str, http: HttpRequest) -> Request:
    """Parameters from the address, a form, or JSON."""
    if int(http.headers.get("content-length") or 0) > BODY_LIMIT:
        raise entity_too_large()
    values: Json = dict(http.query_params)
    uploads: dict[str, Upload] = {}
    try:
        if http.headers.get("content-type", "").startswith("application/json"):
            values |= await _read_json(http)
        else:
            async with http.form() as form:
                for name, value in form.multi_items():
                    if isinstance(value, UploadFile):
                        data = await value.read()
                        uploads[name] = Upload(value.filename or name, value.content_type or "", data)
                    else:
                        values[name] = value
    except ClientDisconnect as error:
        raise ConnectionAbortedError from error
    return Request(method, values, uploads)


async def _read_json(http: HttpRequest) -> Json:
    try:
        body = await http.json()
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body


def _described(request: Request) -> Json:
    """The parameters for the journal: as sent, JSON inside forms opened, files by name and size."""
    shown = {name: _opened(value) for name, value in request.values.items()}
    if request.uploads:
        shown["uploads"] = {
            name: {"file_name": upload.file_name, "size": len(upload.data)} for name, upload in request.uploads.items()
        }
    return shown


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < 20:
        return int(value)
    return value


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _answer(error: ApiError) -> Response:
    response = _json(error.code, error.envelope())
    if "retry_after" in error.parameters:
        response.headers["Retry-After"] = str(error.parameters["retry_after"])
    return response


def _json(status: int, body: Json) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, media_type="application/json")
