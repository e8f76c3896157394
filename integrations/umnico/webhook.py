"""Umnico's webhooks: `verify` compares the secret of the address, `parse` reads one body; both are pure.

There is no signature. A delivery may come again, may lack its message, may be of a type nobody told us of.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from integrations.umnico.models import Direction, Missing, Place, UmnicoMessage, read_message
from integrations.umnico.wire_json import BadJsonError, identity, mapping, read_json, word

MESSAGES: Mapping[str, Direction] = {"message.incoming": "incoming", "message.outgoing": "outgoing"}
OTHER_TYPES = frozenset(
    {
        "lead.created",
        "lead.changed",
        "lead.changed.status",
        "customer.created",
        "customer.changed",
        "integration.created",
        "integration.deleted",
    }
)
LONGEST_KEY = 300
"""A stranger's type or message id may be of any length; an index takes no row of any length."""


class Reason(StrEnum):
    """Why a body goes to quarantine."""

    EMPTY_BODY = "empty_body"
    BAD_JSON = "bad_json"
    NOT_AN_OBJECT = "not_an_object"
    NO_TYPE = "no_type"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body for the quarantine. ``detail`` says where it broke and repeats nothing of the body."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A readable webhook; ``payload`` is all of it in a form that jsonb takes.

    ``message`` is None for what is no message, and for one that cannot be read: then ``missing`` says why and the
    history of the lead is to be asked. ``is_known_type`` False: keep it, count it, answer 200.
    ``key`` is the same for repeats of one delivery; an edited text under the same message id has another.
    """

    type: str
    account_id: int
    lead_id: int | None
    key: str
    is_known_type: bool
    message: UmnicoMessage | None = None
    missing: Missing | None = None
    is_new_lead: bool = False
    is_new_customer: bool = False
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def needs_history(self) -> bool:
        return self.missing is not None and self.lead_id is not None


def verify(secret_given: str, secrets: Iterable[str]) -> bool:
    """Whether the secret of the address is one of ours (two during a rotation), in constant time."""
    given = secret_given.encode(errors="surrogatepass")
    matches = [hmac.compare_digest(given, secret.encode()) for secret in secrets if secret]
    return any(matches)


def parse(body: bytes, *, received_at: datetime) -> Delivery | Unreadable:
    """One body as a delivery, or the reason for quarantine; ``received_at`` stands in for a time that is not told."""
    if not body.strip():
        return Unreadable(Reason.EMPTY_BODY)
    try:
        told = read_json(body)
    except BadJsonError as error:
        return Unreadable(Reason.BAD_JSON, str(error))
    if not isinstance(told, dict):
        return Unreadable(Reason.NOT_AN_OBJECT)
    kind = told.get("type")
    if not isinstance(kind, str) or not kind.strip():
        return Unreadable(Reason.NO_TYPE)
    account_id = identity(told.get("accountId"))
    if account_id is None:
        return Unreadable(Reason.NO_ACCOUNT)
    return _delivery(kind.strip(), account_id, told, received_at)


def _delivery(kind: str, account_id: int, told: Mapping[str, Any], received_at: datetime) -> Delivery:
    lead_id = identity(told.get("leadId"), mapping(told.get("lead")).get("id"))
    message = missing = None
    if kind in MESSAGES:
        place = Place(account_id, lead_id, direction=MESSAGES[kind])
        read = read_message(told.get("message"), place, received_at=received_at)
        message, missing = (None, read) if isinstance(read, Missing) else (read, None)
    return Delivery(
        type=kind,
        account_id=account_id,
        lead_id=lead_id,
        key=_key(kind, account_id, told, message),
        is_known_type=kind in MESSAGES or kind in OTHER_TYPES,
        message=message,
        missing=missing,
        is_new_lead=told.get("isNewLead") is True,
        is_new_customer=told.get("isNewCustomer") is True,
        payload=told,
    )


def _key(kind: str, account_id: int, told: Mapping[str, Any], message: UmnicoMessage | None) -> str:
    """The rest of a message may differ between repeats (form of time and attachments), its words may not."""
    message_id = word(mapping(told.get("message")).get("messageId")) or ""
    content = json.dumps(told, sort_keys=True, separators=(",", ":")) if message is None else message.text
    key = f"{account_id}:{kind}:{message_id}:{_digest(content)}"
    return key if len(key) <= LONGEST_KEY else f"{account_id}:{_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
