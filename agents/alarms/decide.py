"""When an open alarm is told again: pure rules (business rules, 12; failure G25)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from core.settings import TelegramSettings

QUIET_GROUPS = 6
"""An alarm that was not heard of for so many group times begins anew."""


@dataclass(frozen=True, slots=True)
class Rules:
    """``chats`` hear everything, in counts only; ``restricted`` may also hear which event it was."""

    now: datetime
    chats: tuple[int, ...]
    restricted: int | None
    group: timedelta

    @classmethod
    def of(cls, settings: TelegramSettings, *, now: datetime) -> Self:
        """Without a chat for alarms the administrators hear them in private."""
        chats = settings.admins if settings.alerts_chat is None else (settings.alerts_chat,)
        group = timedelta(minutes=settings.alert_group_minutes)
        return cls(now=now, chats=chats, restricted=settings.restricted_chat, group=group)

    @property
    def quiet_since(self) -> datetime:
        return self.now - QUIET_GROUPS * self.group


def is_due(rules: Rules, *, opened_at: datetime, told_at: datetime | None) -> bool:
    """Whether to tell now: the first occurrence at once, repeats after a gap.

    While the alarm lasts the gaps double, from the length of a group on: a night of silence is a handful of messages.
    """
    return told_at is None or rules.now - told_at >= max(rules.group, told_at - opened_at)
