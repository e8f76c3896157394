"""The moment and the settings that one run goes by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from core.consent import offer_expires_at
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Frame:
    """``offer_expires_at``: until when a head may consent to an offer of now."""

    now: datetime
    offer_expires_at: datetime

    @classmethod
    def of(cls, settings: Settings, *, now: datetime) -> Self:
        return cls(now=now, offer_expires_at=offer_expires_at(settings.quote, now=now))
