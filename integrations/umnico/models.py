"""The normal form of Umnico: one shape of a message, whether it came by webhook, in a history or beside a lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from integrations.umnico.attachments import Attachment, read_attachments
from integrations.umnico.times import moment
from integrations.umnico.wire_json import identity, mapping, word

Direction = Literal["incoming", "outgoing"]


class Channel(StrEnum):
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    INSTAGRAM = "instagram"
    OTHER = "other"


CHANNELS: Mapping[str, Channel] = {
    "whatsapp2": Channel.WHATSAPP,
    "waba": Channel.WHATSAPP,
    "telegram": Channel.TELEGRAM,
    "telegramV2": Channel.TELEGRAM,
    "telebot": Channel.TELEGRAM,
    "instagramV3": Channel.INSTAGRAM,
}
"""Umnico's types of accounts; a type that is not here is OTHER and stays readable in ``channel_type``."""


class Missing(StrEnum):
    """Why something that was received is no message."""

    NO_BODY = "no_body"
    NO_MESSAGE_ID = "no_message_id"
    NO_LEAD = "no_lead"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True, slots=True)
class UmnicoMessage:
    """One message of one lead; key (``account_id``, ``message_id``).

    ``sent_at`` is aware; ``has_own_time`` is False where the wire told none and the moment of receiving stands in.
    ``source_real_id`` and ``sa_id`` are where an answer goes. ``custom_id`` is what we gave when we sent it.
    """

    message_id: str
    lead_id: int
    account_id: int
    direction: Direction
    channel: Channel
    channel_type: str | None
    sa_id: int | None
    source_real_id: str | None
    sent_at: datetime
    has_own_time: bool
    text: str = field(repr=False)
    attachments: tuple[Attachment, ...] = field(repr=False)
    sender_login: str | None = field(repr=False)
    sender_name: str | None = field(repr=False)
    social_id: str | None = field(repr=False)
    customer_id: int | None
    operator_id: int | None
    custom_id: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """What the surroundings of a message tell: a history entry names neither its account nor its lead."""

    account_id: int | None
    lead_id: int | None
    source_real_id: str | None = None
    sa_id: int | None = None
    direction: Direction | None = None


def read_message(raw: Any, place: Place, *, received_at: datetime) -> UmnicoMessage | Missing:
    """Never raises on a shape: what cannot be read is missing, and what makes a message no message is the answer."""
    if not isinstance(raw, dict) or not raw:
        return Missing.NO_BODY
    message_id = word(raw.get("messageId"))
    if message_id is None:
        return Missing.NO_MESSAGE_ID
    if place.lead_id is None:
        return Missing.NO_LEAD
    if place.account_id is None:
        return Missing.NO_ACCOUNT
    content, sender = mapping(raw.get("message")), mapping(raw.get("sender"))
    source, account = mapping(raw.get("source")), mapping(raw.get("sa"))
    direction = _direction(raw, place)
    channel_type = word(account.get("type"), sender.get("type"))
    sent_at = moment(raw.get("datetime"))
    text = content.get("text")
    return UmnicoMessage(
        message_id=message_id,
        lead_id=place.lead_id,
        account_id=place.account_id,
        direction=direction,
        channel=CHANNELS.get(channel_type or "", Channel.OTHER),
        channel_type=channel_type,
        sa_id=identity(source.get("saId"), account.get("id"), place.sa_id),
        source_real_id=word(source.get("realId"), place.source_real_id),
        sent_at=sent_at or received_at,
        has_own_time=sent_at is not None,
        text=text if isinstance(text, str) else "",
        attachments=read_attachments(content.get("attachments", content.get("attachment"))),
        sender_login=word(sender.get("login")),
        sender_name=word(sender.get("name")),
        social_id=word(sender.get("socialId")),
        customer_id=identity(sender.get("customerId")),
        operator_id=_operator(raw) if direction == "outgoing" else None,
        custom_id=word(raw.get("customId"), content.get("customId")),
    )


def _direction(raw: Mapping[str, Any], place: Place) -> Direction:
    """The type of the webhook decides; a history entry has only its flag. An unmarked one with an operator is ours."""
    if place.direction is not None:
        return place.direction
    if isinstance(raw.get("incoming"), bool):
        return "incoming" if raw["incoming"] else "outgoing"
    return "incoming" if _operator(raw) is None else "outgoing"


def _operator(raw: Mapping[str, Any]) -> int | None:
    """The name of the field varies (domain rule); each may be an id or an object with one."""
    told = [raw.get(name) for name in ("userId", "managerId", "operatorId", "user", "manager", "operator")]
    return identity(*(mapping(value).get("id") if isinstance(value, dict) else value for value in told))
