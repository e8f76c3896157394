"""RentProg's webhooks: `verify` compares the secret of the address, `parse` reads one body; both are pure.

A delivery is a hint that something changed: it carries no id, no time and no signature.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.events import Entity, Operation
from integrations.rentprog.content import Content, read_content
from integrations.rentprog.ruby import DEEPEST, BadPayloadError, parse_hash
from integrations.rentprog.states import DEFAULT_STATES, StateTexts
from integrations.rentprog.storable import storable_tree
from integrations.rentprog.values import BadValueError, required_identity
from integrations.rentprog.wire_json import BadJsonError, Parsed, parse_json

EVENTS: Mapping[str, tuple[Entity, Operation]] = {
    "car_create": ("car", "create"),
    "car_update": ("car", "update"),
    "car_destroy": ("car", "destroy"),
    "client_create": ("client", "create"),
    "client_update": ("client", "update"),
    "client_destroy": ("client", "destroy"),
    "booking_create": ("booking", "create"),
    "booking_update": ("booking", "update"),
    "booking_destroy": ("booking", "destroy"),
}
"""All nine; there is no event for payments, cash, prices, maintenance or staff."""


class Reason(StrEnum):
    """Why a body goes to quarantine."""

    EMPTY_BODY = "empty_body"
    BAD_ENCODING = "bad_encoding"
    BAD_JSON = "bad_json"
    NOT_AN_OBJECT = "not_an_object"
    UNKNOWN_EVENT = "unknown_event"
    EMPTY_PAYLOAD = "empty_payload"
    BAD_PAYLOAD_TYPE = "bad_payload_type"
    BAD_PAYLOAD = "bad_payload"
    NO_ID = "no_id"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body for the quarantine. ``detail`` says where it broke and repeats nothing of the body."""

    reason: Reason
    detail: str = ""
    duplicate_keys: int = 0


@dataclass(frozen=True, slots=True)
class Headline:
    """Which entity a webhook speaks of. ``content_hash`` covers branch, event and the raw payload."""

    event: str
    entity: Entity
    operation: Operation
    entity_id: int
    content_hash: str
    duplicate_keys: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A readable webhook. ``content`` says what changed, ``payload`` is all of it in a form that jsonb takes.

    ``content_hash`` covers branch, event and the raw payload: equal text, equal hash (there is no delivery id).
    """

    branch: str
    event: str
    entity: Entity
    operation: Operation
    entity_id: int
    content: Content
    payload: Mapping[str, Any]
    content_hash: str
    duplicate_keys: int

    @property
    def changes(self) -> Mapping[str, tuple[Any, Any]]:
        """Column -> (old, new), typed; an absent column is unchanged, a new side of None clears it (failure F2)."""
        return self.content.changes

    @property
    def values(self) -> Mapping[str, Any]:
        return self.content.values

    @property
    def unknown(self) -> Mapping[str, Any]:
        return self.content.unknown

    @property
    def company_id(self) -> int | None:
        """The company that a plain ``company_id`` names; the branch of the address may differ: then alert and fetch."""
        return self.content.values.get("company_id")

    @property
    def moves_to_company(self) -> int | None:
        """The company a car moves to (failures F4, G11); whether it is a branch of ours is for the caller to check."""
        old, new = self.changes.get("company_id", (None, None))
        return new if self.entity == "car" and old != new else None

    @property
    def needs_fetch(self) -> bool:
        """A create is never complete; a value that could not be read, or came without its old side, is not guessed."""
        if self.operation == "update":
            return bool(self.content.unreadable or self.content.values.keys() - {"company_id"})
        return self.operation == "create"


def verify(secret_given: str, secrets: Iterable[str]) -> bool:
    """Whether the secret of the address is one of ours (two during a rotation), in constant time."""
    given = secret_given.encode(errors="surrogatepass")
    matches = [hmac.compare_digest(given, secret.encode()) for secret in secrets if secret]
    return any(matches)


def headline(body: bytes, *, branch: str) -> Headline | Unreadable:
    """What a receiver must know before it answers; reading the content is left to whoever applies it."""
    read = _read(body, branch)
    return read if isinstance(read, Unreadable) else read[0]


def parse(body: bytes, *, branch: str, states: StateTexts = DEFAULT_STATES) -> Delivery | Unreadable:
    """One body of at most 256 KiB (the receiver stops reading there) as a delivery, or the reason for quarantine."""
    read = _read(body, branch)
    if isinstance(read, Unreadable):
        return read
    head, payload = read
    return Delivery(
        branch=branch,
        event=head.event,
        entity=head.entity,
        operation=head.operation,
        entity_id=head.entity_id,
        content=read_content(head.entity, head.operation, payload, states),
        payload=storable_tree(payload),
        content_hash=head.content_hash,
        duplicate_keys=head.duplicate_keys,
    )


def _read(body: bytes, branch: str) -> tuple[Headline, Mapping[str, Any]] | Unreadable:
    envelope = _envelope(body)
    if isinstance(envelope, Unreadable):
        return envelope
    event = envelope.value.get("event")
    if not isinstance(event, str) or event not in EVENTS:
        return Unreadable(Reason.UNKNOWN_EVENT, duplicate_keys=envelope.duplicate_keys)
    raw = envelope.value.get("payload")
    parsed = _payload(raw)
    if isinstance(parsed, Unreadable):
        return parsed
    duplicate_keys = envelope.duplicate_keys + parsed.duplicate_keys
    entity, operation = EVENTS[event]
    try:
        entity_id = required_identity(_id_of(parsed.value, operation))
    except BadValueError as error:
        return Unreadable(Reason.NO_ID, error.reason, duplicate_keys)
    content_hash = _content_hash(branch, event, raw)
    return Headline(event, entity, operation, entity_id, content_hash, duplicate_keys), parsed.value


def _envelope(body: bytes) -> Parsed | Unreadable:
    if not body:
        return Unreadable(Reason.EMPTY_BODY)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Unreadable(Reason.BAD_ENCODING, f"at byte {error.start}")
    try:
        # The payload may be as deep as one in Ruby notation, inside the object of the body.
        envelope = parse_json(text, deepest=DEEPEST + 1)
    except BadJsonError as error:
        return Unreadable(Reason.BAD_JSON, str(error))
    if not isinstance(envelope.value, dict):
        return Unreadable(Reason.NOT_AN_OBJECT, duplicate_keys=envelope.duplicate_keys)
    return envelope


def _payload(raw: Any) -> Parsed | Unreadable:
    """The content decides, not the name of a form: an object, or a text with JSON, or a text with a Ruby hash."""
    if raw is None or raw == {} or (isinstance(raw, str) and not raw.strip()):
        return Unreadable(Reason.EMPTY_PAYLOAD)
    if isinstance(raw, dict):
        return Parsed(raw, duplicate_keys=0)
    if not isinstance(raw, str):
        return Unreadable(Reason.BAD_PAYLOAD_TYPE)
    try:
        parsed = _hash_in(raw)
    except BadPayloadError as error:
        return Unreadable(Reason.BAD_PAYLOAD, str(error))
    return parsed if parsed.value else Unreadable(Reason.EMPTY_PAYLOAD)


def _hash_in(text: str) -> Parsed:
    try:
        parsed = parse_json(text, deepest=DEEPEST)
    except BadJsonError:
        return parse_hash(text)
    if not isinstance(parsed.value, dict):
        raise BadPayloadError("not a hash")
    return parsed


def _id_of(payload: Mapping[str, Any], operation: Operation) -> Any:
    """A plain id; in an update even that may come as a diff, whose sides must then not name two objects."""
    given = payload.get("id")
    if operation == "update" and isinstance(given, list) and len(given) == 2:
        old, new = given
        return new if old is None or str(old) == str(new) else None
    return given


def _content_hash(branch: str, event: str, raw: Any) -> str:
    text = raw if isinstance(raw, str) else json.dumps(raw, default=str, separators=(",", ":"))
    joined = json.dumps([branch, event, text])
    return hashlib.sha256(joined.encode()).hexdigest()
