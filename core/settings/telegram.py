"""The bot."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator

from core.settings.section import Section, as_list

DEFAULT_TELEGRAM_URL = "https://api.telegram.org"


class TelegramSettings(Section):
    token: SecretStr | None = None
    api_url: str = DEFAULT_TELEGRAM_URL
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    webhook_secret_previous: SecretStr | None = None
    """Accepted beside webhook_secret during a rotation; Telegram is told the new one."""
    admins: Annotated[tuple[int, ...], BeforeValidator(as_list)] = ()
    alerts_chat: int | None = None
    restricted_chat: int | None = None
    """Where raw payloads with personal data may be named; alerts_chat is used for counts only."""
    topic_pace_s: float = Field(default=5.0, ge=0)
    """Least gap between two new topics over the whole bot: bots that opened many within seconds were banned."""
    per_chat_per_s: float = Field(default=1.0, gt=0)
    per_group_per_min: int = Field(default=20, ge=1)
    overall_per_s: float = Field(default=30.0, gt=0)
    delete_user_media: bool = True
    media_note_gap_s: int = Field(default=600, ge=0)
    alert_group_minutes: int = Field(default=10, ge=0)

    @field_validator("token")
    @classmethod
    def _is_bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and re.fullmatch(r"\d+:\S+", token.get_secret_value()) is None:
            raise ValueError("a bot's token is its number, a colon and a key, as @BotFather wrote it")
        return token
