"""What staff or the engineer must see."""

from typing import ClassVar

from pydantic import Field

from core.events.envelope import EventBody


class WebhookQuarantined(EventBody):
    """A delivery nobody could read: kept raw, not applied, raised to staff."""

    kind: ClassVar[str] = "webhook.quarantined"
    system: str
    reason: str
    detail: str = ""


class HealthDue(EventBody):
    """Tick: look for silence, staleness and tokens that run out."""

    kind: ClassVar[str] = "check.health"


class AlarmRaised(EventBody):
    """Something staff or the engineer must see. Alarms of one ``key`` are grouped while one is open."""

    kind: ClassVar[str] = "alarm.raised"
    key: str
    text_key: str
    args: dict[str, str | int] = Field(default_factory=dict[str, str | int])


class AlarmCleared(EventBody):
    kind: ClassVar[str] = "alarm.cleared"
    key: str
