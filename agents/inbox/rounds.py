"""The round over the inbox: it looks at our webhook, and for what Umnico shows and no webhook told."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agents.inbox.news import HORIZON
from agents.spec import Deps, Outcome
from core.errors import JarvisError, Rejected
from core.events import AlarmCleared, AlarmRaised, Event, InboxDue, LeadBehind, NewEvent
from core.settings import Settings
from db.queries import alarms, conversations, messages
from db.session import Tx
from integrations.umnico import Found, Lead, UmnicoApi, ensure_webhook

HOOK_NAME = "jarvis"
HOOK_PATH = "/hooks/umnico/"
ALARM = "umnico-hook"
MOST_PAGES = 40
ROUNDS_BACK = 3
"""A message that is known may hide one before it that is not, so the history of a lively lead is read all the same."""


@dataclass(frozen=True, slots=True)
class Hook:
    """``found`` is None where it could not be looked at: ``trouble`` says why, and without one nobody asked."""

    found: Found | None = None
    trouble: str | None = None

    @property
    def has_gap(self) -> bool:
        return self.found in {Found.OFF, Found.ABSENT}

    @property
    def note(self) -> str:
        if self.found is None and self.trouble is None:
            return "hook not registered: http.public_url or umnico.hook_secret is not set"
        return f"hook {self.trouble or self.found}"


@dataclass(frozen=True, slots=True)
class Round:
    account_id: int
    hook: Hook
    leads: tuple[Lead, ...]
    now: datetime
    lively_since: datetime


async def look(deps: Deps) -> Outcome:
    umnico, settings = deps.umnico, deps.settings.umnico
    if umnico is None or settings.account_id is None:
        return Outcome(note="Umnico is off")
    hook = await _hook(umnico, deps.settings)
    now = deps.clock.now()
    lively_since = now - timedelta(minutes=ROUNDS_BACK * settings.inbox_minutes)
    return Outcome(changes=Round(settings.account_id, hook, await _leads(umnico, now), now, lively_since))


def hook_url(settings: Settings) -> str | None:
    """Where Umnico posts; the newest secret where there are two."""
    if settings.http.public_url is None or not settings.umnico.hook_secret:
        return None
    return f"{settings.http.public_url.rstrip('/')}{HOOK_PATH}{settings.umnico.hook_secret[0].get_secret_value()}"


async def _hook(umnico: UmnicoApi, settings: Settings) -> Hook:
    """Its trouble is told, and the inbox is read all the same: without webhooks it is the only way."""
    url = hook_url(settings)
    if url is None:
        return Hook()
    try:
        return Hook(found=(await ensure_webhook(umnico, url, HOOK_NAME)).found)
    except JarvisError as error:
        return Hook(trouble="refused" if isinstance(error, Rejected) else "trouble")


async def _leads(umnico: UmnicoApi, now: datetime) -> tuple[Lead, ...]:
    found: list[Lead] = []
    offset: int | None = 0
    for _ in range(MOST_PAGES):
        page = await umnico.inbox_page(offset=offset)
        found += [lead for lead in page.leads if _may_matter(lead, now)]
        offset = page.next_offset
        if offset is None:
            break
    return tuple(found)


def _may_matter(lead: Lead, now: datetime) -> bool:
    return lead.last_message is None or lead.last_message.sent_at > now - HORIZON


async def close(tx: Tx, event: Event[InboxDue], found: Round) -> Outcome:
    behind = await _behind(tx, event, found)
    told = [*await _alarms(tx, found), *behind]
    return Outcome(events=tuple(told), note=f"{found.hook.note}; {len(behind)} of {len(found.leads)} leads to read")


async def _alarms(tx: Tx, found: Round) -> Sequence[NewEvent[Any]]:
    """A hook that is absent before anybody wrote was never there; later somebody took it away."""
    why = found.hook.trouble
    if found.hook.found is Found.OFF:
        why = "off"
    if found.hook.found is Found.ABSENT and await conversations.are_known(tx, found.account_id):
        why = "absent"
    if why is not None:
        body = AlarmRaised(key=ALARM, text_key="alarm-umnico-hook", args={"why": why})
        return [NewEvent(body=body, subject=f"alarm:{ALARM}")]
    known = await alarms.find(tx, ALARM)
    if found.hook.found is not Found.ON or known is None or known.cleared_at is not None:
        return []
    return [NewEvent(body=AlarmCleared(key=ALARM), subject=f"alarm:{ALARM}")]


async def _behind(tx: Tx, event: Event[InboxDue], found: Round) -> list[NewEvent[LeadBehind]]:
    """One reading for each state in which the inbox shows a lead; after a gap every lead is read."""
    last = [lead.last_message for lead in found.leads if lead.last_message is not None]
    known = await messages.known_texts(tx, found.account_id, [message.message_id for message in last])
    occasion = f":{event.id}" if found.hook.has_gap else ""
    return [
        NewEvent(
            body=LeadBehind(account_id=found.account_id, lead_id=lead.lead_id),
            subject=f"lead:{found.account_id}:{lead.lead_id}",
            source="umnico.inbox",
            external_id=f"{found.account_id}:{lead.lead_id}:{_state(lead, found.now)}{occasion}",
        )
        for lead in found.leads
        if found.hook.has_gap or _wants_reading(lead, known, found.lively_since)
    ]


def _wants_reading(lead: Lead, known: dict[str, str], lively_since: datetime) -> bool:
    last = lead.last_message
    return last is None or known.get(last.message_id) != last.text or last.sent_at > lively_since


def _state(lead: Lead, now: datetime) -> str:
    """What the inbox shows of it; of a lead without a readable message, the hour."""
    if lead.last_message is None:
        return f"{now:%Y-%m-%dT%H}"
    told = f"{lead.last_message.message_id}:{lead.last_message.text}"
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()[:32]
