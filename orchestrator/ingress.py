"""The ingress: takes webhooks, answers after the commit, and says honestly whether Jarvis is well."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from core.errors import Temporary
from core.events import NewEvent, RentprogDelivered, WebhookQuarantined
from core.ids import rentprog_id
from core.log import get_logger
from core.settings import BranchSettings, Settings, WrongSettings
from integrations.rentprog import Headline, Unreadable, headline, verify
from orchestrator.doors import BodyRefused, RateGate, read_body
from orchestrator.failpoints import failpoint
from orchestrator.hook_answers import DETAIL_LIMIT, HookAnswers, kept
from orchestrator.inbox import Arrival, Inbox
from orchestrator.signals import metrics
from orchestrator.umnico_door import UMNICO_PATH, UmnicoDoor

log = get_logger(__name__)

RENTPROG_PATH = "/hooks/rentprog/{branch}/{secret}"
OTHER_METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]


class RentprogDoor:
    """``POST /hooks/rentprog/{branch}/{secret}``: one address for each branch, because a body does not name one."""

    def __init__(self, settings: Settings, inbox: Inbox, counts: Counter[str]) -> None:
        self._settings = settings
        self._inbox = inbox
        self._counts = counts
        self._answers = HookAnswers(counts)
        self._gate = RateGate(settings.rentprog.webhook_rps_per_address)
        self._branches: Mapping[str, BranchSettings] = {}
        self._nobodys = [secrets.token_urlsafe(24)]
        self.renew(settings)

    def renew(self, settings: Settings) -> None:
        """Take over branches and secrets that changed while we run; requests in hand keep their door."""
        self._branches = {branch.code: branch for branch in settings.rentprog.branches}

    async def __call__(self, branch: str, secret: str, request: Request) -> Response:
        if not self._is_ours(branch, secret):
            return self._answers.not_found()
        address = request.client.host if request.client is not None else ""
        if not self._gate.admits(address):
            return self._answers.too_many()
        try:
            failpoint("ingress.after_verify")
            body = await read_body(
                request,
                limit=self._settings.rentprog.webhook_max_bytes,
                deadline_s=self._settings.http.request_deadline_s,
            )
        except BodyRefused as refused:
            log.warning("webhook refused", branch=branch, status=refused.response.status_code)
            self._counts[f"refused_{refused.response.status_code}"] += 1
            return refused.response
        return await self._answers.store(self._inbox, read_arrival(branch, body, request.headers))

    async def refuse_method(self) -> Response:
        return self._answers.wrong_method()

    def _is_ours(self, branch: str, secret: str) -> bool:
        """A branch that is unknown, or that has no hook, takes as long as a wrong secret: all compare."""
        known = self._branches.get(branch)
        ours = [one.get_secret_value() for one in known.hook_secret] if known is not None else []
        return verify(secret, ours or self._nobodys)


def read_arrival(branch: str, body: bytes, headers: Mapping[str, str]) -> Arrival:
    """Read a RentProg body just far enough to know its entity; what cannot be read is kept and raised to staff."""
    stored = kept(headers)
    try:
        delivery = headline(body, branch=branch)
    except Exception as error:  # an error 500 would only bring the same body again and again
        log.exception("webhook not read", branch=branch)
        return _unreadable(branch, body, stored, reason="our_fault", detail=type(error).__name__)
    if isinstance(delivery, Unreadable):
        return _unreadable(branch, body, stored, reason=delivery.reason, detail=delivery.detail)
    return _readable(branch, body, stored, delivery)


def _readable(branch: str, body: bytes, headers: Mapping[str, str], delivery: Headline) -> Arrival:
    subject = f"{delivery.entity}:{rentprog_id(delivery.entity, delivery.entity_id)}"

    def build(is_ambiguous: bool) -> NewEvent[Any]:
        return NewEvent(
            body=RentprogDelivered(
                event_name=delivery.event,
                entity=delivery.entity,
                operation=delivery.operation,
                entity_id=delivery.entity_id,
                is_ambiguous=is_ambiguous,
            ),
            subject=subject,
            trust="outside",
            branch=branch,
            raw=body,
            headers=headers,
        )

    return Arrival(subject=subject, content_hash=delivery.content_hash, build=build)


def _unreadable(branch: str, body: bytes, headers: Mapping[str, str], *, reason: str, detail: str) -> Arrival:
    subject = f"webhook:rentprog:{branch}"

    def build(is_ambiguous: bool) -> NewEvent[Any]:  # noqa: ARG001 - there is nothing to apply, so no doubt
        return NewEvent(
            body=WebhookQuarantined(system="rentprog", reason=reason, detail=detail[:DETAIL_LIMIT]),
            subject=subject,
            trust="outside",
            branch=branch,
            raw=body,
            headers=headers,
        )

    digest = hashlib.sha256(branch.encode() + b"\0" + body).hexdigest()
    return Arrival(subject=subject, content_hash=digest, build=build)


class TelegramDoor:
    """``POST /hooks/telegram``: updates, when the bot does not poll. Answered when all they caused is committed."""

    def __init__(self, settings: Settings, feed: Callable[[bytes], Awaitable[None]], counts: Counter[str]) -> None:
        self._secrets: list[str] = []
        self._http = settings.http
        self._feed = feed
        self._counts = counts
        self.renew(settings)

    def renew(self, settings: Settings) -> None:
        """Take over secrets that changed while we run; raises ``WrongSettings`` and keeps the old without a new one."""
        secret, previous = settings.telegram.webhook_secret, settings.telegram.webhook_secret_previous
        if secret is None:
            raise WrongSettings("telegram.webhook_secret (JARVIS_TELEGRAM__WEBHOOK_SECRET) is missing for mode webhook")
        self._secrets = [one.get_secret_value() for one in (secret, previous) if one is not None]

    async def __call__(self, request: Request) -> Response:
        if not verify(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), self._secrets):
            return self._answer(401, "telegram_refused")
        try:
            body = await read_body(request, limit=self._http.max_body_bytes, deadline_s=self._http.request_deadline_s)
        except BodyRefused as refused:
            return refused.response
        try:
            await self._feed(body)
        except Temporary as error:
            log.warning("update not stored", error=error)
            return self._answer(503, "telegram_not_stored", {"Retry-After": "5"})
        return self._answer(200, "telegram_accepted")

    def _answer(self, status: int, name: str, headers: Mapping[str, str] | None = None) -> Response:
        self._counts[name] += 1
        return JSONResponse({"ok": status == 200}, status_code=status, headers=headers)


def hook_router(
    rentprog: RentprogDoor, telegram: TelegramDoor | None = None, umnico: UmnicoDoor | None = None
) -> APIRouter:
    """The webhook doors. A path that carries a secret is never logged.

    They are plain routes: a door reads the body itself, so FastAPI's work on parameters would only cost time.
    """
    router = APIRouter()

    async def enter(request: Request) -> Response:
        given = request.path_params
        return await _counted("rentprog", rentprog(given["branch"], given["secret"], request))

    async def refuse(_request: Request) -> Response:
        return await _counted("rentprog", rentprog.refuse_method())

    router.add_route(RENTPROG_PATH, enter, methods=["POST"])
    router.add_route(RENTPROG_PATH, refuse, methods=OTHER_METHODS)
    if telegram is not None:
        _open_telegram(router, telegram)
    if umnico is not None:
        _open_umnico(router, umnico)
    return router


def _open_telegram(router: APIRouter, door: TelegramDoor) -> None:
    async def update(request: Request) -> Response:
        return await _counted("telegram", door(request))

    router.add_route("/hooks/telegram", update, methods=["POST"])


def _open_umnico(router: APIRouter, door: UmnicoDoor) -> None:
    async def enter(request: Request) -> Response:
        return await _counted("umnico", door(request.path_params["secret"], request))

    async def refuse(_request: Request) -> Response:
        return await _counted("umnico", door.refuse_method())

    router.add_route(UMNICO_PATH, enter, methods=["POST"])
    router.add_route(UMNICO_PATH, refuse, methods=OTHER_METHODS)


async def _counted(door: str, answer: Awaitable[Response]) -> Response:
    try:
        response = await answer
    except Exception:
        metrics.request_answered(door, 500)
        raise
    metrics.request_answered(door, response.status_code)
    return response
