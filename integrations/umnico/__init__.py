"""Umnico, the inbox of clients (WhatsApp, Telegram, Instagram): reads, sends, files, webhooks. Start at api.py."""

from integrations.umnico.api import (
    Account,
    ChannelAccount,
    File,
    FirstMessage,
    HistoryPage,
    InboxPage,
    Lead,
    Operator,
    Outgoing,
    Source,
    UmnicoApi,
    Webhook,
)
from integrations.umnico.attachments import Attachment, AttachmentKind, UploadedMedia
from integrations.umnico.client import UmnicoClient, budget_for
from integrations.umnico.history import walk
from integrations.umnico.models import Channel, Direction, Missing, UmnicoMessage
from integrations.umnico.phones import phone_digits
from integrations.umnico.pieces import LONGEST_TEXT, pieces
from integrations.umnico.refusals import Refused
from integrations.umnico.registration import Found, Registration, ensure_webhook
from integrations.umnico.webhook import MESSAGES, Delivery, Reason, Unreadable, parse, verify

__all__ = [
    "LONGEST_TEXT",
    "MESSAGES",
    "Account",
    "Attachment",
    "AttachmentKind",
    "Channel",
    "ChannelAccount",
    "Delivery",
    "Direction",
    "File",
    "FirstMessage",
    "Found",
    "HistoryPage",
    "InboxPage",
    "Lead",
    "Missing",
    "Operator",
    "Outgoing",
    "Reason",
    "Refused",
    "Registration",
    "Source",
    "UmnicoApi",
    "UmnicoClient",
    "UmnicoMessage",
    "Unreadable",
    "UploadedMedia",
    "Webhook",
    "budget_for",
    "ensure_webhook",
    "parse",
    "phone_digits",
    "pieces",
    "verify",
    "walk",
]
