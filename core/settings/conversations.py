"""Talking with clients: the inbox, languages, voice, escalation, tasks, and what may be answered at night."""

import re
from datetime import time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator, model_validator

from core.hours import QuietHours, WorkingHours
from core.money import Currency
from core.settings.rentprog import HookSecrets
from core.settings.section import Section

DEFAULT_UMNICO_URL = "https://api.umnico.com/v1.3"
LONGEST_VOICE_S = 180


class UmnicoSettings(Section):
    """The inbox. Without a token it is off; without a manager nothing is sent."""

    base_url: str = DEFAULT_UMNICO_URL
    token: SecretStr | None = None
    account_id: int | None = Field(default=None, gt=0)
    """Webhooks of any other account are refused: they carry no signature."""
    manager_id: int | None = Field(default=None, gt=0)
    """In whose name Jarvis sends."""
    hook_secret: HookSecrets = ()
    branches: dict[int, str] = Field(default_factory=dict[int, str])
    """Codes of the branches that our accounts of channels belong to, by Umnico's number of the account (``saId``)."""
    send_enabled: bool = True
    timeout_s: float = Field(default=15.0, gt=0)
    calls_per_s: float = Field(default=5.0, gt=0)
    """No limit is documented; a modest one of our own."""
    inbox_minutes: int = Field(default=5, ge=1)
    """How often the inbox is compared with what webhooks told."""
    webhook_max_bytes: int = Field(default=262_144, ge=1024)
    webhook_rps_per_address: int = Field(default=200, ge=1)
    """All clients write from one address: Umnico's."""
    attachment_max_bytes: int = Field(default=20_000_000, ge=1024)

    @property
    def is_on(self) -> bool:
        return self.token is not None and self.account_id is not None

    @property
    def may_send(self) -> bool:
        return self.is_on and self.send_enabled and self.manager_id is not None


class TranslationSettings(Section):
    languages: tuple[str, ...] = ("en", "ru", "ka", "he", "ar", "tr", "de")
    staff_language: Literal["ru", "en", "ka"] = "ru"
    fallback: str = "en"
    """Into which language, when the client's is not known or not one of ``languages``."""
    tone: str = "polite, short, no promises"
    show_original: bool = True
    confirm_before_send: bool = False
    """Staff see the translation and let it go; a text in which something locked did not survive always waits."""
    detect_min_chars: int = Field(default=12, ge=1)
    """Below it the last known language of the conversation is taken."""
    check_language: bool = True
    """A result that is surely in another language than wanted counts as wrong; a model that only echoes is one."""

    @model_validator(mode="after")
    def _languages_are_known(self) -> Self:
        for name in (self.fallback, self.staff_language):
            if name not in self.languages:
                raise ValueError(f"{name} is not one of translation.languages")
        return self


class SpeechSettings(Section):
    """An OpenAI-compatible server that writes down what was said; without one a voice message stays a file."""

    base_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    api_key: SecretStr | None = None
    model: str = "gpt-transcribe"
    longest_s: int = Field(default=LONGEST_VOICE_S, ge=1)
    timeout_s: float = Field(default=60.0, gt=0)
    min_confidence: float = Field(default=0.6, ge=0, le=1)
    """Below it the text is marked as doubtful."""


Minutes = tuple[Annotated[float, Field(ge=0)], ...]


class EscalationSettings(Section):
    """Working minutes without an answer, until each step is asked: the employee, then up the chain."""

    chat_minutes: Annotated[Minutes, Field(min_length=4, max_length=4)] = (5, 10, 20, 40)
    task_minutes: Annotated[Minutes, Field(min_length=3, max_length=3)] = (0, 60, 1440)
    approval_minutes: Annotated[Minutes, Field(min_length=4, max_length=4)] = (15, 30, 60, 120)
    look_every_s: int = Field(default=30, ge=1, le=59)
    """How often it is looked whose time is over."""

    @field_validator("chat_minutes", "task_minutes", "approval_minutes")
    @classmethod
    def _climbs(cls, minutes: Minutes) -> Minutes:
        if list(minutes) != sorted(set(minutes)):
            raise ValueError("each step comes later than the one before")
        return minutes


def _time_of_day(text: str) -> str:
    if re.fullmatch(r"([01]\d|2[0-3])(:[0-5]\d){1,2}", text) is None:
        raise ValueError(f"{text!r} is not a time of day like 22:00")
    return text


TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]


class HoursSettings(Section):
    """Wall-clock times of every branch, in its own zone, as HH:MM (or HH:MM:SS)."""

    work_from: TimeOfDay = "09:00"
    work_until: TimeOfDay = "20:00"
    """Clocks of escalation stand still outside; the same time as ``work_from`` means round the clock."""
    quiet_from: TimeOfDay = "22:00"
    quiet_until: TimeOfDay = "08:00"
    """In between only what is critical is said."""

    def working(self, zone: ZoneInfo) -> WorkingHours:
        return WorkingHours(zone, time.fromisoformat(self.work_from), time.fromisoformat(self.work_until))

    def quiet(self, zone: ZoneInfo) -> QuietHours:
        return QuietHours(zone, time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until))


class QuoteSettings(Section):
    """The owner's rules of price that are not rows of a table."""

    currency: Currency = Currency.USD
    """Of the price lists, which tell none, and of every quote."""
    city_fee_usd: Annotated[int, Field(ge=0)] = 10
    airport_fee_usd: Annotated[int, Field(ge=0)] = 20
    out_of_hours_fee_usd: Annotated[int, Field(ge=0)] = 20
    table_wins: bool = True
    """A tariff of the delivery table goes before the two general fees."""
    window_requires_same_branch: bool = True
    staff_trip_blocks: bool = True
    valid_hours: int = Field(default=12, ge=1)
    """As long may a head consent to an offer that a colleague wrote (``core.consent``)."""
    rates_max_age_hours: int = Field(default=24, ge=1)


def _as_words(value: object) -> object:
    return tuple(value.split(",")) if isinstance(value, str) and not value.startswith("[") else value


class NightSettings(Section):
    """What may be answered while nobody works."""

    mode: Literal["off", "shadow", "live"] = "shadow"
    """``shadow`` writes the answer for a person and sends nothing."""
    window_from: TimeOfDay = "20:00"
    window_until: TimeOfDay = "09:00"
    max_replies: int = Field(default=5, ge=0)
    """For one conversation in one night."""
    min_gap_minutes: int = Field(default=3, ge=0)
    min_score: float = Field(default=0.75, ge=0, le=1)
    stop_words: Annotated[tuple[str, ...], BeforeValidator(_as_words)] = (
        *("price", "discount", "deposit", "refund", "accident", "police", "court", "complaint"),
        *("цена", "стоимость", "скидка", "залог", "возврат", "авария", "дтп", "полиция", "суд", "жалоба"),
        *("ფასი", "ფასდაკლება", "დეპოზიტი", "ავარია", "პოლიცია", "სასამართლო", "საჩივარი"),
        *("מחיר", "הנחה", "פיקדון", "החזר", "תאונה", "משטרה", "תלונה"),
        *("سعر", "خصم", "تأمين", "استرداد", "حادث", "شرطة", "محكمة", "شكوى"),
        *("fiyat", "indirim", "depozito", "iade", "kaza", "polis", "mahkeme", "şikayet"),
        *("preis", "rabatt", "kaution", "erstattung", "unfall", "polizei", "gericht", "beschwerde"),
    )
