"""Umnico's answers as our words; an unexpected shape is an error, never an empty list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.errors import AnswerLost, Broken
from integrations.umnico.api import (
    Account,
    ChannelAccount,
    HistoryPage,
    InboxPage,
    Lead,
    Operator,
    Source,
    Webhook,
)
from integrations.umnico.models import CHANNELS, Channel, Missing, Place, UmnicoMessage, read_message
from integrations.umnico.wire_json import identity, mapping, word


def read_account(told: Any) -> Account:
    inner = mapping(told.get("data", told)) if isinstance(told, dict) else {}
    account_id = identity(inner.get("id"), inner.get("accountId"))
    if account_id is None:
        raise Broken("Umnico: the account has no id")
    return Account(account_id, word(inner.get("name"), inner.get("login")))


def read_operators(told: Any) -> tuple[Operator, ...]:
    return tuple(
        Operator(
            operator_id=_required(row, "an operator"),
            role=word(row.get("role")),
            name=word(row.get("name")),
            login=word(row.get("login")),
            is_confirmed=row.get("confirmed") is not False,
        )
        for row in _rows(told, "operators")
    )


def read_channel_accounts(told: Any) -> tuple[ChannelAccount, ...]:
    return tuple(
        ChannelAccount(
            sa_id=_required(row, "a channel account"),
            channel=CHANNELS.get(row.get("type", ""), Channel.OTHER),
            channel_type=word(row.get("type")),
            login=word(row.get("login")),
            is_active=row.get("status") in {"active", 1},
        )
        for row in _rows(told, "channel accounts")
    )


def read_sources(told: Any) -> tuple[Source, ...]:
    """One without a ``realId`` cannot be answered or read, as those of calls are."""
    rows = [(word(row.get("realId")), row) for row in _rows(told, "sources")]
    return tuple(Source(real_id, identity(row.get("saId")), word(row.get("type"))) for real_id, row in rows if real_id)


def read_webhooks(told: Any) -> tuple[Webhook, ...]:
    return tuple(read_webhook(row) for row in _rows(told, "webhooks"))


def read_webhook(told: Any) -> Webhook:
    row = mapping(told)
    url = row.get("url")
    if not isinstance(url, str):
        raise Broken("Umnico: a webhook has no address")
    return Webhook(_required(row, "a webhook"), url, word(row.get("name")), is_on=row.get("status") in {1, "1"})


def read_inbox(told: Any, *, account_id: int, offset: int, now: datetime) -> InboxPage:
    rows = _list(told, "leads")
    leads = [lead for row in rows if (lead := _lead(mapping(row), account_id, now)) is not None]
    return InboxPage(tuple(leads), len(rows) - len(leads), offset + len(rows) if rows else None)


def read_history(told: Any, place: Place, *, now: datetime) -> HistoryPage:
    """204 and an empty page without a cursor are the beginning of the dialogue."""
    if told is None:
        return HistoryPage((), (), None)
    if not isinstance(told, dict) or not isinstance(told.get("messages"), list):
        raise Broken("Umnico: a history has an unknown shape")
    read = [read_message(raw, place, received_at=now) for raw in told["messages"]]
    messages = tuple(entry for entry in read if not isinstance(entry, Missing))
    missing = tuple(entry for entry in read if isinstance(entry, Missing))
    cursor = told.get("cursor")
    if isinstance(cursor, dict | list | float):
        raise Broken("Umnico: the cursor of a history has an unknown shape")
    return HistoryPage(messages, missing, word(cursor))


def sent_message_id(told: Any) -> str | None:
    """The answer to a send is not documented: an object, or a list of one."""
    inner = mapping(told[0]) if isinstance(told, list) and told else mapping(told)
    return word(inner.get("messageId"), mapping(inner.get("message")).get("messageId"))


def uploaded_src(told: Any) -> str:
    inner = mapping(told)
    places = [inner.get("src"), mapping(inner.get("media")).get("src"), mapping(inner.get("data")).get("src")]
    src = next((place for place in places if isinstance(place, str) and place), None)
    if src is None:
        raise Broken("Umnico: an upload was answered without an address")
    return src


def begun_lead(told: Any) -> int:
    lead_id = identity(mapping(told).get("leadId"))
    if lead_id is None:
        raise AnswerLost("Umnico: a first message was answered without a lead")
    return lead_id


def _lead(row: Mapping[str, Any], account_id: int, now: datetime) -> Lead | None:
    lead_id = identity(row.get("id"), row.get("leadId"))
    if lead_id is None:
        return None
    customer = mapping(row.get("customer"))
    read = read_message(row.get("message"), Place(account_id, lead_id), received_at=now)
    return Lead(
        lead_id=lead_id,
        customer_id=identity(row.get("customerId"), customer.get("id")),
        customer_name=word(customer.get("name")),
        customer_login=word(customer.get("login")),
        customer_phone=word(customer.get("phone")),
        last_message=read if isinstance(read, UmnicoMessage) else None,
        raw=row,
    )


def _rows(told: Any, what: str) -> Sequence[Mapping[str, Any]]:
    rows = _list(told, what)
    if not all(isinstance(row, dict) for row in rows):
        raise Broken(f"Umnico: the list of {what} has an unknown shape")
    return rows


def _list(told: Any, what: str) -> list[Any]:
    """204 means that there is nothing."""
    inner = told.get("data") if isinstance(told, dict) else told
    if inner is None and not isinstance(told, dict):
        return []
    if not isinstance(inner, list):
        raise Broken(f"Umnico: the list of {what} has an unknown shape")
    return inner


def _required(row: Mapping[str, Any], what: str) -> int:
    number = identity(row.get("id"))
    if number is None:
        raise Broken(f"Umnico: {what} has no id")
    return number
