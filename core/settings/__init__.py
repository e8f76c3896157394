"""Settings: what may differ between two installations, checked once, wrong ones named in one line."""

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.settings.conversations import (
    DEFAULT_UMNICO_URL,
    EscalationSettings,
    HoursSettings,
    NightSettings,
    QuoteSettings,
    SpeechSettings,
    TranslationSettings,
    UmnicoSettings,
)
from core.settings.doors import MIN_WEB_TOKEN, HttpSettings, WebSettings
from core.settings.inspection import (
    DamageSettings,
    FuelSettings,
    OperationsSettings,
    PhotosSettings,
    ReportSettings,
    VisionSettings,
)
from core.settings.llm import LlmSettings
from core.settings.monitoring import MonitoringSettings
from core.settings.rentprog import (
    DEFAULT_RENTPROG_URL,
    MIN_HOOK_SECRET,
    BranchKeys,
    BranchSettings,
    HookSecrets,
    RentprogSettings,
)
from core.settings.secrets import SecretsSettings
from core.settings.section import Section
from core.settings.sources import (
    OWN_SECTION,
    SecretStore,
    WrongSettings,
    merged,
    parse,
    read_config,
    read_store,
    read_variables,
)
from core.settings.telegram import DEFAULT_TELEGRAM_URL, TelegramSettings
from core.settings.work import RetentionSettings, WorkSettings

__all__ = [
    "DEFAULT_RENTPROG_URL",
    "DEFAULT_TELEGRAM_URL",
    "DEFAULT_UMNICO_URL",
    "MIN_HOOK_SECRET",
    "MIN_WEB_TOKEN",
    "BranchKeys",
    "BranchSettings",
    "DamageSettings",
    "EscalationSettings",
    "FuelSettings",
    "HookSecrets",
    "HoursSettings",
    "HttpSettings",
    "LlmSettings",
    "MonitoringSettings",
    "NightSettings",
    "OpenStores",
    "OperationsSettings",
    "PhotosSettings",
    "QuoteSettings",
    "RentprogSettings",
    "ReportSettings",
    "RetentionSettings",
    "SecretsSettings",
    "Section",
    "Settings",
    "SpeechSettings",
    "TelegramSettings",
    "TranslationSettings",
    "UmnicoSettings",
    "VisionSettings",
    "WebSettings",
    "WorkSettings",
    "WrongSettings",
    "load_settings",
]

ADDRESS_SCHEMES = {
    "database_url": ("postgresql://", "postgres://"),
    "database_owner_url": ("postgresql://", "postgres://"),
    "redis_url": ("redis://", "rediss://", "unix://"),
    "storage_url": ("file:///", "file://localhost/", "s3://"),
}

MIN_LINK_SECRET = 32
"""Characters; whoever knows it opens every stored file."""

OpenStores = Callable[[SecretsSettings], Sequence[SecretStore]]
"""Opens the stores that are named, the last on top. They are outside, so whoever may reach there gives this."""


class Settings(BaseSettings):
    """Everything that may differ between two installations."""

    model_config = SettingsConfigDict(
        env_prefix="JARVIS_", env_nested_delimiter="__", env_ignore_empty=True, frozen=True, extra="forbid"
    )

    home: Path = Path(".jarvis")
    database_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    """The same database as the owner of its tables, for migrations; without one database_url does both."""
    redis_url: SecretStr | None = None
    storage_url: str | None = None
    storage_link_secret: SecretStr | None = Field(default=None, min_length=MIN_LINK_SECRET)
    """Signs links to files on a disk; without one it is made once and kept in JARVIS_HOME/link-secret."""
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    http: HttpSettings = HttpSettings()
    telegram: TelegramSettings = TelegramSettings()
    rentprog: RentprogSettings = RentprogSettings()
    umnico: UmnicoSettings = UmnicoSettings()
    llm: LlmSettings = LlmSettings()
    translation: TranslationSettings = TranslationSettings()
    speech: SpeechSettings = SpeechSettings()
    hours: HoursSettings = HoursSettings()
    escalation: EscalationSettings = EscalationSettings()
    quote: QuoteSettings = QuoteSettings()
    night: NightSettings = NightSettings()
    photos: PhotosSettings = PhotosSettings()
    damage: DamageSettings = DamageSettings()
    vision: VisionSettings = VisionSettings()
    fuel: FuelSettings = FuelSettings()
    operations: OperationsSettings = OperationsSettings()
    reports: ReportSettings = ReportSettings()
    work: WorkSettings = WorkSettings()
    retention: RetentionSettings = RetentionSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    web: WebSettings = WebSettings()
    secrets: SecretsSettings = SecretsSettings()

    @field_validator("database_url", "database_owner_url", "redis_url", "storage_url")
    @classmethod
    def _is_address(cls, url: SecretStr | str | None, info: ValidationInfo) -> SecretStr | str | None:
        schemes = ADDRESS_SCHEMES[info.field_name or ""]
        text = url.get_secret_value() if isinstance(url, SecretStr) else url
        if text is not None and not text.startswith(schemes):
            raise ValueError(f"an address starts with one of {', '.join(schemes)}")
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is made with: ``load_settings`` does the reading."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @property
    def dedup_window(self) -> timedelta:
        return timedelta(minutes=self.rentprog.dedup_window_minutes)


def load_settings(open_stores: OpenStores | None = None, **overrides: Any) -> Settings:
    """Read every source; raises ``WrongSettings`` with one readable line that names the first wrong setting.

    Each lies over the one before: the file, AWS SSM, Vault, variables (with their files), ``overrides``. Without
    ``open_stores`` the stores are left out; that is for whoever needs no secrets.
    """
    config, variables = read_config(Settings), parse(Settings, read_variables())
    kept: dict[str, str] = {}
    if open_stores is not None:
        for store in open_stores(_where_secrets_are(merged([config, variables]))):
            kept |= read_store(Settings, store)
    return _checked(merged([config, parse(Settings, kept), variables, overrides]))


def _where_secrets_are(known: dict[str, Any]) -> SecretsSettings:
    """The one section that must be known before the stores are read; the rest is checked when they are."""
    part = {name: value for name, value in known.items() if name == OWN_SECTION}
    return _checked(part).secrets


def _checked(tree: dict[str, Any]) -> Settings:
    try:
        return Settings(**tree)
    except ValidationError as error:
        raise WrongSettings(_first_line(error)) from None


def _first_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"]) or "settings"
    named = itertools.takewhile(lambda part: not isinstance(part, int), first["loc"])
    variable = "JARVIS_" + "__".join(str(part).upper() for part in named)
    more = len(error.errors()) - 1
    told = "there is no such setting" if first["type"] == "extra_forbidden" else first["msg"]
    return f"{path} ({variable}): {told.removeprefix('Value error, ')}" + (f" (and {more} more)" if more else "")
