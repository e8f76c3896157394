"""What is watched, and whom it is told."""

import re
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from core.settings.section import Section


class MonitoringSettings(Section):
    webhook_silence_minutes: int = Field(default=60, ge=1)
    sync_stale_minutes: int = Field(default=60, ge=1)
    """Four passes of the default rentprog.reconcile_cron; a rarer rule needs a longer time."""
    token_expiry_days: int = Field(default=5, ge=1)
    work_start: str = "09:00"
    work_end: str = "20:00"
    stall_s: float = Field(default=60.0, gt=0)
    """Work that stands still for this long makes /readyz bad."""
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """Where a role without a port of its own (worker, relay, …) shows /metrics."""
    sentry_dsn: SecretStr | None = None
    otlp_endpoint: str | None = None
    otlp_headers: SecretStr | None = None
    trace_share: float = Field(default=1.0, ge=0, le=1)
    healthchecks_url: SecretStr | None = None
    ping_every_s: float = Field(default=60.0, gt=0)

    @field_validator("sentry_dsn", "otlp_endpoint", "healthchecks_url")
    @classmethod
    def _is_web_address(cls, url: SecretStr | str | None) -> SecretStr | str | None:
        text = url.get_secret_value() if isinstance(url, SecretStr) else url
        if text is not None and not text.startswith(("http://", "https://")):
            raise ValueError("an address starts with http:// or https://")
        return url

    @field_validator("work_start", "work_end")
    @classmethod
    def _is_time_of_day(cls, text: str) -> str:
        if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is None:
            raise ValueError(f"{text!r} is not a time of day like 09:00")
        return text

    @model_validator(mode="after")
    def _day_has_hours(self) -> Self:
        if self.work_start >= self.work_end:
            raise ValueError(f"work_start {self.work_start} is not before work_end {self.work_end}")
        return self
