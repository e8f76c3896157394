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

from core.settings import BranchSettings, LlmSettings, Section, Settings, TelegramSettings, WrongSettings

TIMEOUT_S = 5.0


def with_sandbox_credentials(settings: Settings) -> Settings:
    """The settings with what the sandbox tells, for each system whose base address is on loopback."""
    found: dict[str, Any] = {}
    if settings.telegram.token is None and _is_loopback(settings.telegram.api_url):
        told = _ask(settings.telegram.api_url, "telegram/credentials")
        given = settings.telegram.model_dump(exclude_defaults=True)
        found["telegram"] = TelegramSettings.model_validate(told | given)
    if not settings.rentprog.branches and _is_loopback(settings.rentprog.base_url):
        branches = tuple(_branch(told) for told in _ask(settings.rentprog.base_url, "rentprog/credentials"))
        found["rentprog"] = settings.rentprog.model_copy(update={"branches": branches})
    if settings.umnico.token is None and _is_loopback(settings.umnico.base_url):
        found |= _conversations(settings, _ask(settings.umnico.base_url, "settings"))
    return settings.model_copy(update=found) if found else settings


def _conversations(settings: Settings, told: dict[str, Any]) -> dict[str, Any]:
    """Sections of the talk with clients: the inbox, the model and the ear where none is set, where webhooks go."""
    found: dict[str, Any] = {
        "umnico": _beneath(settings.umnico, told["umnico"]),
        "http": _beneath(settings.http, told["http"]),
        "translation": _beneath(settings.translation, told["translation"]),
    }
    if settings.speech.base_url is None:
        found["speech"] = _beneath(settings.speech, told["speech"])
    if not (settings.llm.providers or settings.llm.models):
        given = settings.llm.model_dump(exclude_defaults=True)
        prices = told["llm"]["prices"] | given.get("prices", {})
        found["llm"] = LlmSettings.model_validate(told["llm"] | given | {"prices": prices})
    return found


def _beneath(given: Section, told: dict[str, Any]) -> Section:
    """What was set wins over what is told."""
    return type(given).model_validate(told | given.model_dump(exclude_defaults=True))


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


def _ask(base: str, what: str) -> Any:
    parts = urlsplit(base)
    address = f"{parts.scheme}://{parts.netloc}/_sandbox/{what}"
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=TIMEOUT_S) as answer:  # a proxy is not on loopback
            return json.load(answer)
    except (URLError, TimeoutError, ValueError) as error:
        raise WrongSettings(
            f"no credentials are set and no sandbox answers at {address} ({error}); start `jarvis sandbox`, or set "
            "telegram.token, rentprog.branches and umnico.token"
        ) from None
