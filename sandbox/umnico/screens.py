"""What a client has on their own screen, and what became of the webhooks about what they wrote."""

import json
from typing import Any, Literal

from sandbox.umnico.hooks import Courier
from sandbox.umnico.inbox import Lead, Message

Fate = Literal["taken", "waiting", "lost"]
"""Of a webhook: answered with 200; not yet; tried and refused, or there was nobody to tell."""


def screen_of(lead: Lead) -> dict[str, Any]:
    return {
        "lead_id": lead.id,
        "name": lead.customer.name,
        "login": lead.customer.login,
        "channels": [source.account.channel for source in lead.sources],
        "saw": [_seen(message) for message in lead.messages],
    }


def fate_of_webhooks(lead: Lead, courier: Courier) -> dict[str, Fate]:
    """By the id of each message of the client."""
    fates: dict[str, Fate] = {message.id: "lost" for message in lead.messages if message.incoming}
    mark = f'"leadId":{lead.id},'
    for delivery in courier.deliveries:
        if delivery.event != "message.incoming" or mark not in delivery.body:
            continue
        message_id = json.loads(delivery.body).get("message", {}).get("messageId")
        if fates.get(message_id) == "taken":
            continue
        if delivery.status == 200:
            fates[message_id] = "taken"
        elif courier.is_posting:
            fates[message_id] = "waiting"
    return fates


def _seen(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.id,
        "from": "client" if message.incoming else "company",
        "channel": message.source.account.channel,
        "at": message.at.isoformat(),
        "edited_at": message.edited_at and message.edited_at.isoformat(),
        "text": message.text,
        "attachments": [
            {"type": sent.type, "name": sent.file.name, "mime": sent.file.mime, "path": sent.file.path}
            for sent in message.attachments
        ],
        "user_id": message.user_id,
        "custom_id": message.custom_id,
    }
