"""How updates and files reach the bot: long polling, webhook, download."""

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import DOWNLOAD_LIMIT
from sandbox.telegram.methods.call import Call
from sandbox.telegram.updates import Webhook

Json = dict[str, Any]

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
WEBHOOK_PORTS = {443, 80, 88, 8443}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


async def get_updates(call: Call) -> list[Json]:
    updates = call.state.updates
    updates.allow(call.get("allowed_updates"))
    return await updates.poll(call.get("offset"), call.get("limit", 100), call.get("timeout", 0))


async def set_webhook(call: Call) -> bool:
    url = call.get("url", "")
    if url:
        _check_address(url)
    secret = call.get("secret_token", "")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    updates = call.state.updates
    updates.allow(call.get("allowed_updates"))
    if call.get("drop_pending_updates"):
        updates.drop()
    updates.webhook = Webhook(url, secret, call.get("max_connections", 40))
    updates.wake()
    return True


async def delete_webhook(call: Call) -> bool:
    if call.get("drop_pending_updates"):
        call.state.updates.drop()
    call.state.updates.webhook = Webhook()
    call.state.updates.wake()
    return True


async def get_webhook_info(call: Call) -> Json:
    updates = call.state.updates
    webhook = updates.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.waiting()),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error_date:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error}
    if updates.allowed:
        info["allowed_updates"] = list(updates.allowed)
    return info


def _check_address(url: str) -> None:
    """HTTPS on one of four ports, except on this machine: a local server may be plain."""
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


async def get_file(call: Call) -> Json:
    stored = call.state.files.by_id(call.params["file_id"])
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }
