"""The invented account: who answers in it, its own numbers and pages, and the token that opens it."""

from dataclasses import dataclass
from typing import Any

ACCOUNT_ID = 100200
ACCOUNT_NAME = "Example Rental"
TOKEN = "umnico.invented.token"  # noqa: S105 - the twin's own, it opens nothing else
LOGIN, PASSWORD = "inbox@example.test", "invented"


@dataclass(frozen=True, slots=True)
class ChannelAccount:
    sa_id: int
    channel: str
    type: str
    login: str


WHATSAPP = ChannelAccount(88, "whatsapp", "whatsapp2", "995500000001")
TELEGRAM = ChannelAccount(89, "telegram", "telegram", "example_rental")
INSTAGRAM = ChannelAccount(90, "instagram", "instagramV3", "example.rental")
CHANNELS = (WHATSAPP, TELEGRAM, INSTAGRAM)
BY_SA_ID = {channel.sa_id: channel for channel in CHANNELS}
BY_CHANNEL = {channel.channel: channel for channel in CHANNELS}

MANAGERS: tuple[dict[str, Any], ...] = (
    {"id": 15, "login": LOGIN, "name": "Owner", "role": "owner", "confirmed": True},
    {"id": 16, "login": "jarvis@example.test", "name": "Jarvis", "role": "manager", "confirmed": True},
)
MANAGER_IDS = frozenset(manager["id"] for manager in MANAGERS)
STATUSES: tuple[dict[str, Any], ...] = (
    {"id": 1, "type": "primary", "name": "New", "order": 1, "color": "#ffcc00"},
    {"id": 2, "type": "completed", "name": "Done", "order": 2, "color": "#00cc66"},
)
