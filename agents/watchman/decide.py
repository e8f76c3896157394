"""When silence is an alarm: pure rules (failures F7, F12, F14; monitoring.* of the owner's decisions)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agents.spec import Outcome
from agents.watchman.context import BranchSigns, Context
from core.events import AlarmCleared, AlarmRaised, NewEvent
from core.settings import MonitoringSettings

PASS_STUCK = timedelta(minutes=30)
FILES_WAIT = timedelta(minutes=5)
OURS = ("webhook-silence:", "sync-stale:", "sync-stuck:", "token-expires:", "storage-away")
"""Alarm keys that this agent opens, and therefore may close."""
PRICE = "model-price:"
"""Opened by a run whose model nobody has a price for; over when the settings name one."""


def decide(context: Context, *, now: datetime, rules: MonitoringSettings) -> Outcome:
    """Raise what is wrong now, clear what was wrong and is not. In both directions (failure G3)."""
    wrong = {alarm.key: alarm for branch in context.branches for alarm in _signs(branch, now, rules)}
    wrong |= {alarm.key: alarm for alarm in _storage(context, now)}
    over = [key for key in sorted(context.open_keys) if key.startswith(OURS) and key not in wrong]
    quiet = {key for key in over if key.startswith("webhook-silence:") and not _is_known_over(key, context, now, rules)}
    priced = [key for key in sorted(context.open_keys) if key.removeprefix(PRICE) in context.priced_models]
    ended = [*(key for key in over if key not in quiet), *context.mended, *priced]
    news: list[NewEvent[Any]] = [NewEvent(body=alarm, subject=f"alarm:{alarm.key}") for alarm in wrong.values()]
    news += [NewEvent(body=AlarmCleared(key=key), subject=f"alarm:{key}") for key in ended]
    return Outcome(events=tuple(news), note=f"{len(wrong)} wrong, {len(ended)} over")


def _signs(branch: BranchSigns, now: datetime, rules: MonitoringSettings) -> Iterator[AlarmRaised]:
    if _is_silent(branch, now, rules):
        yield AlarmRaised(
            key=f"webhook-silence:{branch.code}",
            text_key="alarm-webhook-silence",
            args={"branch": branch.code, "minutes": rules.webhook_silence_minutes},
        )
    if branch.synced_at is not None and now - branch.synced_at > timedelta(minutes=rules.sync_stale_minutes):
        yield AlarmRaised(
            key=f"sync-stale:{branch.code}",
            text_key="alarm-sync-stale",
            args={"branch": branch.code, "minutes": int((now - branch.synced_at).total_seconds() // 60)},
        )
    if branch.pass_heartbeat_at is not None and now - branch.pass_heartbeat_at > PASS_STUCK:
        yield AlarmRaised(key=f"sync-stuck:{branch.code}", text_key="alarm-sync-stuck", args={"branch": branch.code})
    if branch.token_expires_at is not None and branch.token_expires_at - now < timedelta(days=rules.token_expiry_days):
        yield AlarmRaised(
            key=f"token-expires:{branch.code}",
            text_key="alarm-token-expires",
            args={"branch": branch.code, "days": max(0, (branch.token_expires_at - now).days)},
        )


def _storage(context: Context, now: datetime) -> Iterator[AlarmRaised]:
    if context.files is not None and now - context.files.since > FILES_WAIT:
        minutes = int((now - context.files.since).total_seconds() // 60)
        yield AlarmRaised(
            key="storage-away",
            text_key="alarm-storage-away",
            args={"count": context.files.count, "minutes": minutes, "reason": context.files.reason},
        )


def _is_silent(branch: BranchSigns, now: datetime, rules: MonitoringSettings) -> bool:
    """No webhook for too long, counted only inside working hours of the branch (a night without events is normal)."""
    heard = branch.last_webhook_at or branch.first_synced_at
    if heard is None:
        return False
    since = max(heard, _work_began(branch, now, rules))
    return _is_working(branch, now, rules) and now - since > timedelta(minutes=rules.webhook_silence_minutes)


def _is_known_over(key: str, context: Context, now: datetime, rules: MonitoringSettings) -> bool:
    """Outside working hours silence proves nothing: an open alarm stays open until an event really comes."""
    branch = next((b for b in context.branches if key.endswith(f":{b.code}")), None)
    if branch is None:
        return True
    if branch.last_webhook_at is None:
        return False
    return now - branch.last_webhook_at <= timedelta(minutes=rules.webhook_silence_minutes)


def _is_working(branch: BranchSigns, now: datetime, rules: MonitoringSettings) -> bool:
    local = now.astimezone(ZoneInfo(branch.zone)).time()
    return time.fromisoformat(rules.work_start) <= local < time.fromisoformat(rules.work_end)


def _work_began(branch: BranchSigns, now: datetime, rules: MonitoringSettings) -> datetime:
    local = now.astimezone(ZoneInfo(branch.zone))
    return datetime.combine(local.date(), time.fromisoformat(rules.work_start), local.tzinfo)
