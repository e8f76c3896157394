"""Telegram: the token, how updates come, the chats the settings name, and the clock of its servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from bot.checkup import BotSigns, ask_telegram
from bot.webhook import PATH
from core.settings import Settings
from orchestrator.doctor.diagnosis import Diagnosis, apart, ill, skew_of, well

SKEW = timedelta(seconds=10)
"""A busy web server may send the Date of some seconds ago."""


@dataclass(slots=True)
class Asked:
    """What Telegram said of each chat that was asked for; empty until, or unless, it answers."""

    problems: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])


async def look(settings: Settings, forums: list[int], asked: Asked, http: httpx.AsyncClient) -> list[Diagnosis]:
    telegram = settings.telegram
    if telegram.token is None:
        return [ill("telegram", "no token is set: nobody can talk to Jarvis", "set JARVIS_TELEGRAM__TOKEN")]
    named = {"alerts_chat": telegram.alerts_chat, "restricted_chat": telegram.restricted_chat}
    chats = {name: chat_id for name, chat_id in named.items() if chat_id is not None}
    signs = await ask_telegram(settings, forums=forums, chats=[*chats.values()])
    asked.problems = signs.problems
    found = [well("telegram", f"the token is that of @{signs.username}"), webhook(settings, signs)]
    found += [_chat(name, signs.problems[chat_id]) for name, chat_id in chats.items()]
    return [*found, *await _clock(telegram.api_url, http)]


def webhook(settings: Settings, signs: BotSigns) -> Diagnosis:
    """What Telegram has registered against how the settings want updates to come."""
    waiting = f"{signs.waiting_updates} updates wait"
    if settings.telegram.mode == "polling":
        if signs.webhook_url:
            text = f"one is registered, so polling hears nothing ({waiting})"
            mend = "`jarvis up` removes it; see that no other program sets it again"
            return ill("telegram webhook", text, mend)
        return well("telegram webhook", f"none, as polling needs ({waiting})")
    public_url = settings.http.public_url
    if public_url is None:
        return ill("telegram webhook", "telegram.mode is webhook and no address is known", "set http.public_url")
    wanted = public_url.rstrip("/") + PATH
    if signs.webhook_url != wanted:
        text = f"registered is {signs.webhook_url or 'none'}, wanted is {wanted}"
        return ill("telegram webhook", text, "start `jarvis bot` (or up) of these settings: it registers the address")
    if signs.last_error:
        text = f"Telegram cannot deliver: {signs.last_error} ({waiting})"
        return ill("telegram webhook", text, "mend the certificate, proxy or ingress that answers at http.public_url")
    return well("telegram webhook", f"registered: {wanted} ({waiting})")


def _chat(name: str, problems: tuple[str, ...]) -> Diagnosis:
    if problems:
        return ill(f"telegram.{name}", ", ".join(problems), "add the bot to the chat, or correct the id")
    return well(f"telegram.{name}", "the bot is in it")


async def _clock(api_url: str, http: httpx.AsyncClient) -> list[Diagnosis]:
    """By the Date header of Telegram's web server, which is exact to a second; a server without one tells nothing."""
    parts = urlsplit(api_url)
    asked = datetime.now(UTC)
    try:
        answer = await http.get(f"{parts.scheme}://{parts.netloc}/", follow_redirects=False)
        told = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return [well("telegram clock", "not told by its server")]
    skew = apart(told, asked=asked, answered=datetime.now(UTC), precision=timedelta(seconds=1))
    return [skew_of("telegram clock", skew, "Telegram's", allowed=SKEW)]
