"""What cannot be computed: a value that goes to a person, and never becomes 0 or a guess."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why there is no value; the words that staff read are made of it in their language."""

    NO_TARIFF = "no_tariff"
    NO_AIRPORT = "no_airport"
    NO_SEASON = "no_season"
    SEASONS_DISAGREE = "seasons_disagree"
    NO_PRICE = "no_price"
    NO_BUCKET = "no_bucket"
    BAD_PRICE_LIST = "bad_price_list"
    NO_EXTRA_PRICE = "no_extra_price"
    HOME_BRANCH_UNKNOWN = "home_branch_unknown"
    NO_RATE = "no_rate"
    RATE_OUTDATED = "rate_outdated"


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value, and why. ``about`` names the thing in plain English: a place and a branch, an extra, a season."""

    reason: Reason
    about: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: {self.about}" if self.about else str(self.reason)
