"""Our webhook: there, switched on, and known when it was not, for then messages were missed."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NeedsAttention
from integrations.umnico.api import UmnicoApi, Webhook
from integrations.umnico.refusals import Refused

MOST_WEBHOOKS = 10


class Found(StrEnum):
    """How our webhook was found. After anything but ON the inbox and the histories are to be read."""

    ON = "on"
    OFF = "off"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Registration:
    webhook: Webhook
    found: Found

    @property
    def has_gap(self) -> bool:
        return self.found is not Found.ON


async def ensure_webhook(api: UmnicoApi, url: str, name: str) -> Registration:
    """Create it or switch it on; other people's webhooks are left alone. Safe to call at any time."""
    known = await api.webhooks()
    ours = _ours(known, url)
    if ours is not None:
        return await _switched_on(api, ours)
    if len(known) >= MOST_WEBHOOKS:
        raise NeedsAttention(f"Umnico takes at most {MOST_WEBHOOKS} webhooks, and all of them are others'")
    try:
        return Registration(await api.create_webhook(url, name), Found.ABSENT)
    except Refused as refused:
        ours = _ours(await api.webhooks(), url) if refused.is_same_address else None
        if ours is None:
            raise
        return await _switched_on(api, ours)


async def _switched_on(api: UmnicoApi, webhook: Webhook) -> Registration:
    if webhook.is_on:
        return Registration(webhook, Found.ON)
    await api.switch_on_webhook(webhook.webhook_id)
    return Registration(Webhook(webhook.webhook_id, webhook.url, webhook.name, is_on=True), Found.OFF)


def _ours(known: tuple[Webhook, ...], url: str) -> Webhook | None:
    """Of two with our address the one that is on."""
    same = sorted((webhook for webhook in known if webhook.url == url), key=lambda webhook: not webhook.is_on)
    return same[0] if same else None
