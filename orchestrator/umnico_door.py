"""``POST /hooks/umnico/{secret}``: what clients write. There is no signature, so path and account are compared."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from core.events import NewEvent, UmnicoDelivered, WebhookQuarantined
from core.log import get_logger
from core.settings import Settings
from integrations.umnico import MESSAGES, Delivery, Unreadable, parse, verify
from orchestrator.doors import BodyRefused, RateGate, read_body
from orchestrator.failpoints import failpoint
from orchestrator.hook_answers import DETAIL_LIMIT, HookAnswers, kept
from orchestrator.inbox import Arrival, Inbox

log = get_logger(__name__)

UMNICO_PATH = "/hooks/umnico/{secret}"
FOREIGN_ACCOUNT = "foreign_account"
UNKNOWN_TYPE = "unknown_type"
NO_LEAD = "no_lead"


class UmnicoDoor:
    """Refused bodies are few: what cannot be understood is kept and raised to staff, for nothing else would find it."""

    def __init__(self, settings: Settings, inbox: Inbox, counts: Counter[str]) -> None:
        self._settings = settings
        self._inbox = inbox
        self._counts = counts
        self._answers = HookAnswers(counts)
        self._gate = RateGate(settings.umnico.webhook_rps_per_address)
        self._secrets: list[str] = []
        self._nobodys = [secrets.token_urlsafe(24)]
        self.renew(settings)

    def renew(self, settings: Settings) -> None:
        """Take over secrets that changed while we run."""
        self._secrets = [one.get_secret_value() for one in settings.umnico.hook_secret]

    async def __call__(self, secret: str, request: Request) -> Response:
        if not verify(secret, self._secrets or self._nobodys):
            return self._answers.not_found()
        if not self._gate.admits(request.client.host if request.client is not None else ""):
            return self._answers.too_many()
        failpoint("ingress.after_verify")
        try:
            body = await read_body(
                request,
                limit=self._settings.umnico.webhook_max_bytes,
                deadline_s=self._settings.http.request_deadline_s,
            )
        except BodyRefused as refused:
            self._counts[f"refused_{refused.response.status_code}"] += 1
            return refused.response
        arrival = read_arrival(body, request.headers, account_id=self._settings.umnico.account_id)
        return await self._answers.store(self._inbox, arrival)

    async def refuse_method(self) -> Response:
        return self._answers.wrong_method()


def read_arrival(body: bytes, headers: Mapping[str, str], *, account_id: int | None) -> Arrival:
    """Read a body just far enough to know its lead. ``account_id``: ours, any other is kept for a person to look at."""
    try:
        delivery = parse(body, received_at=datetime.now(UTC))
    except Exception as error:  # an error 500 would only bring the same body again and again
        log.exception("webhook not read", system="umnico")
        return _quarantined(body, headers, reason="our_fault", detail=type(error).__name__)
    if isinstance(delivery, Unreadable):
        return _quarantined(body, headers, reason=delivery.reason, detail=delivery.detail)
    if delivery.account_id != account_id:
        return _quarantined(body, headers, reason=FOREIGN_ACCOUNT, detail=f"account {delivery.account_id}")
    if not delivery.is_known_type:
        return _quarantined(body, headers, reason=UNKNOWN_TYPE, detail=delivery.type)
    if delivery.lead_id is None and delivery.type in MESSAGES:
        return _quarantined(body, headers, reason=NO_LEAD, detail=delivery.type)
    return _delivered(body, headers, delivery)


def _delivered(body: bytes, headers: Mapping[str, str], delivery: Delivery) -> Arrival:
    lead_id = delivery.lead_id
    subject = f"umnico:{delivery.account_id}" if lead_id is None else f"lead:{delivery.account_id}:{lead_id}"

    def build(is_ambiguous: bool) -> NewEvent[Any]:  # noqa: ARG001 - the delivery has an id of its own
        return NewEvent(
            body=UmnicoDelivered(
                account_id=delivery.account_id,
                lead_id=lead_id,
                event_type=delivery.type,
                message_id=delivery.message.message_id if delivery.message is not None else None,
            ),
            subject=subject,
            trust="outside",
            raw=body,
            headers=kept(headers),
        )

    return Arrival(subject=subject, content_hash=_digest(body), build=build, external_id=delivery.key)


def _quarantined(body: bytes, headers: Mapping[str, str], *, reason: str, detail: str) -> Arrival:
    def build(is_ambiguous: bool) -> NewEvent[Any]:  # noqa: ARG001 - there is nothing to apply, so no doubt
        return NewEvent(
            body=WebhookQuarantined(system="umnico", reason=reason, detail=detail[:DETAIL_LIMIT]),
            subject="webhook:umnico",
            trust="outside",
            raw=body,
            headers=kept(headers),
        )

    return Arrival(subject="webhook:umnico", content_hash=_digest(body), build=build)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
