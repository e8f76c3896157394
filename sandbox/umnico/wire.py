"""How Umnico writes things down: messages in their several forms, leads, sources, bodies of webhooks."""

from dataclasses import dataclass
from typing import Any

from sandbox.umnico.account import ACCOUNT_ID
from sandbox.umnico.inbox import Lead, Message, Sent, Source

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """``iso``: the time as a naive ISO text instead of milliseconds. ``flat``: attachments without an inner object.

    ``sa_in_source``: our account is named only inside the source; ``bare``: the webhook comes without its message.
    ``nameless``: the ``customId`` that was given is not told again.
    """

    iso: bool = False
    flat: bool = False
    sa_in_source: bool = False
    bare: bool = False
    nameless: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """``origin`` is the twin's own address, before the paths of files."""

    origin: str

    def message(self, lead: Lead, message: Message, form: Form) -> Json:
        body: Json = {
            "messageId": message.id,
            "datetime": _moment(message, form),
            "incoming": message.incoming,
            "message": {"text": message.text, "attachments": [self._attachment(s, form) for s in message.attachments]},
            "source": _source(message.source) | {"saId": message.source.account.sa_id},
            "sa": _account(message.source),
        }
        if form.sa_in_source:
            del body["sa"]
        elif form.flat:
            del body["source"]["saId"]
        if message.incoming:
            return body | {"sender": _sender(lead, message.source)}
        mine = {"userId": message.user_id}
        is_named = message.custom_id is not None and not form.nameless
        return body | mine | ({"customId": message.custom_id} if is_named else {})

    def lead(self, lead: Lead) -> Json:
        """A row of the inbox, with its last message."""
        last = lead.messages[-1] if lead.messages else None
        return {
            "id": lead.id,
            "customerId": lead.customer.id,
            "customer": customer(lead),
            "statusId": 1,
            "amount": 0,
            "tags": lead.tags,
            "message": last and self.message(lead, last, Form()),
        }

    def message_webhook(self, lead: Lead, message: Message, form: Form, *, is_new: bool = False) -> Json:
        kind = "message.incoming" if message.incoming else "message.outgoing"
        body: Json = {"type": kind, "accountId": ACCOUNT_ID, "leadId": lead.id}
        if message.incoming:
            body |= {"isNewLead": is_new, "isNewCustomer": is_new}
        return body if form.bare else body | {"message": self.message(lead, message, form)}

    def _attachment(self, sent: Sent, form: Form) -> Json:
        src = self.origin + sent.file.path
        if form.flat:
            return {"type": sent.type, "url": src, "name": sent.file.name}
        return {"type": sent.type, "media": {"type": sent.file.mime, "filename": sent.file.name, "src": src}}


def customer(lead: Lead) -> Json:
    told = lead.customer
    return {"id": told.id, "name": told.name, "login": told.login, "phone": told.phone, "avatar": None}


def source_row(source: Source) -> Json:
    return _source(source) | {"saId": source.account.sa_id}


def new_lead_webhooks(lead: Lead) -> list[Json]:
    told = customer(lead)
    return [
        {"type": "customer.created", "accountId": ACCOUNT_ID, "customerId": told["id"], "customer": told},
        {
            "type": "lead.created",
            "accountId": ACCOUNT_ID,
            "leadId": lead.id,
            "lead": {"id": lead.id, "statusId": 1, "amount": 0, "customer": told},
        },
    ]


def _moment(message: Message, form: Form) -> int | str:
    if form.iso:
        return message.at.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return round(message.at.timestamp() * 1000)


def _source(source: Source) -> Json:
    return {
        "id": f"{source.identifier}@{source.account.type}",
        "realId": source.real_id,
        "type": "message",
        "identifier": source.account.login,
    }


def _account(source: Source) -> Json:
    return {"id": source.account.sa_id, "type": source.account.type, "login": source.account.login}


def _sender(lead: Lead, source: Source) -> Json:
    told = lead.customer
    body: Json = {
        "id": 60_000 + told.id,
        "customerId": told.id,
        "login": source.identifier,
        "socialId": told.social_id,
        "type": source.account.type,
        "avatar": None,
    }
    return body if told.name is None else body | {"name": told.name}
