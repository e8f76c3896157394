"""The moment and the settings that one run goes by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Frame:
    """``offer_life``: how long a head may consent to an offer."""

    now: datetime
    offer_life: timedelta

    @classmethod
    def of(cls, settings: Settings, *, now: datetime) -> Self:
        return cls(now=now, offer_life=timedelta(hours=settings.quote.valid_hours))
