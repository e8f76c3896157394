"""Playing with the sandbox needs only its addresses: Jarvis asks it for the invented credentials it was not given.

Only a sandbox on this machine is asked, and only for what no setting names. A real installation names its branches and
its token, or its addresses are not on loopback, so nothing of this happens there.
"""

import json
from ipaddress import ip_address
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from pydantic import SecretStr

from core.settings import BranchSettings, Settings, TelegramSettings, WrongSettings

TIMEOUT_S = 5.0


def with_sandbox_credentials(settings: Settings) -> Settings:
    """The settings with token, admins and branches of the sandbox where both base addresses are on loopback."""
    needs_token = settings.telegram.token is None and _is_loopback(settings.telegram.api_url)
    needs_branches = not settings.rentprog.branches and _is_loopback(settings.rentprog.base_url)
    if not (needs_token or needs_branches):
        return settings
    telegram, rentprog = settings.telegram, settings.rentprog
    if needs_token:
        told = _ask(telegram.api_url, "telegram")
        given = telegram.model_dump(exclude_defaults=True)
        telegram = TelegramSettings.model_validate(told | given)
    if needs_branches:
        branches = tuple(_branch(told) for told in _ask(rentprog.base_url, "rentprog"))
        rentprog = rentprog.model_copy(update={"branches": branches})
    return settings.model_copy(update={"telegram": telegram, "rentprog": rentprog})


def _branch(told: dict[str, Any]) -> BranchSettings:
    return BranchSettings(
        code=told["code"],
        name=told["code"].replace("-", " ").title(),
        company_id=told["company_id"],
        company_token=SecretStr(told["company_token"]),
        internal_token=SecretStr(told["web_token"]),
        hook_secret=(SecretStr(told["hook_secret"]),),
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ask(base: str, system: str) -> Any:
    parts = urlsplit(base)
    address = f"{parts.scheme}://{parts.netloc}/_sandbox/{system}/credentials"
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=TIMEOUT_S) as answer:  # a proxy is not on loopback
            return json.load(answer)
    except (URLError, TimeoutError, ValueError) as error:
        raise WrongSettings(
            f"no credentials are set and no sandbox answers at {address} ({error}); start `jarvis sandbox`, or set "
            "telegram.token and rentprog.branches"
        ) from None
