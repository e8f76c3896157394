"""Settings: what may differ between two installations, checked once, wrong ones named in one line."""

import itertools
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from core.settings_sources import (
    OWN_SECTION,
    SecretStore,
    WrongSettings,
    merged,
    parse,
    read_config,
    read_store,
    read_variables,
)

DEFAULT_RENTPROG_URL = "https://rentprog.net/api/v1"
DEFAULT_TELEGRAM_URL = "https://api.telegram.org"
ADDRESS_SCHEMES = {
    "database_url": ("postgresql://", "postgres://"),
    "database_owner_url": ("postgresql://", "postgres://"),
    "redis_url": ("redis://", "rediss://", "unix://"),
    "storage_url": ("file:///", "file://localhost/", "s3://"),
}
MIN_HOOK_SECRET = 16
"""Characters; a hook's secret is the only thing that keeps strangers out of an unsigned webhook."""

MIN_WEB_TOKEN = 16
"""Characters; whoever knows the token sees everything the owner sees."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int) else value


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HttpSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    request_deadline_s: float = Field(default=10.0, gt=0)


class TelegramSettings(Section):
    token: SecretStr | None = None
    api_url: str = DEFAULT_TELEGRAM_URL
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    webhook_secret_previous: SecretStr | None = None
    """Accepted beside webhook_secret during a rotation; Telegram is told the new one."""
    admins: Annotated[tuple[int, ...], BeforeValidator(_as_list)] = ()
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


def _as_secrets(value: object) -> object:
    """One secret, or several as a list; in a variable or a store a list is JSON."""
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except ValueError as error:
            raise ValueError("a list of secrets is a JSON list of texts") from error
    return _as_list(value)


HookSecrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_as_secrets)]


class BranchKeys(Section):
    """The secrets of one branch; what is given here wins over what stands in its place in ``branches``."""

    company_token: SecretStr | None = None
    internal_token: SecretStr | None = None
    hook_secret: HookSecrets = ()

    @field_validator("hook_secret")
    @classmethod
    def _long_enough(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(secret.get_secret_value()) < MIN_HOOK_SECRET for secret in secrets):
            raise ValueError(f"a hook secret needs at least {MIN_HOOK_SECRET} characters")
        return secrets


class BranchSettings(BranchKeys):
    """One branch as RentProg knows it. ``hook_secret`` may be a list: the old and the new one during a rotation."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")
    name: str
    company_id: int = Field(gt=0)
    language: Literal["ru", "en", "ka"] = "ru"
    timezone: str = "Asia/Tbilisi"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is not a time zone") from error
        return name


class RentprogSettings(Section):
    base_url: str = DEFAULT_RENTPROG_URL
    keys: dict[str, BranchKeys] = {}
    """By a branch's code (with _ for - where names allow no dash), so that a store keeps each secret by itself."""
    branches: tuple[BranchSettings, ...] = Field(default=(), validate_default=True)
    rate_share: float = Field(default=0.33, gt=0, le=1)
    is_rate_limited: bool = True
    """False only against a twin whose limits are off (benches)."""
    timeout_s: float = Field(default=12.0, gt=0)
    webhook_max_bytes: int = Field(default=262_144, ge=1024)
    webhook_rps_per_address: int = Field(default=30, ge=1)
    dedup_window_minutes: int = Field(default=15, ge=1)
    reconcile_cron: str = "*/15 * * * *"
    bookings_per_page: int = Field(default=50, ge=1, le=500)
    clients_per_page: int = Field(default=500, ge=1, le=500)

    @field_validator("reconcile_cron")
    @classmethod
    def _has_slots(cls, rule: str) -> str:
        try:
            next(CronSim(rule, datetime.now(UTC)))
        except (CronSimError, StopIteration) as error:
            raise ValueError(f"{rule!r} is not a cron rule: {error or 'it has no slot'}") from error
        return rule

    @field_validator("branches")
    @classmethod
    def _distinct(cls, branches: tuple[BranchSettings, ...]) -> tuple[BranchSettings, ...]:
        for name in ("code", "company_id"):
            values = [getattr(branch, name) for branch in branches]
            if len(values) != len(set(values)):
                raise ValueError(f"two branches share one {name}")
        return branches

    @field_validator("branches")
    @classmethod
    def _with_keys(cls, branches: tuple[BranchSettings, ...], info: ValidationInfo) -> tuple[BranchSettings, ...]:
        given: dict[str, BranchKeys] = info.data.get("keys", {})
        keys = {
            name.replace("_", "-"): {field: getattr(own, field) for field in own.model_fields_set}
            for name, own in given.items()
        }
        if strange := sorted(keys.keys() - {branch.code for branch in branches}):
            raise ValueError(f"rentprog.keys names {strange[0]}, which is no branch")
        return tuple(branch.model_copy(update=keys.get(branch.code)) for branch in branches)

    def branch(self, code: str) -> BranchSettings | None:
        return next((branch for branch in self.branches if branch.code == code), None)

    def branch_of_company(self, company_id: int) -> str | None:
        """The branch code of a RentProg company; None for the parent and for ids nobody configured: never a guess."""
        return next((branch.code for branch in self.branches if branch.company_id == company_id), None)


class WorkSettings(Section):
    """How the circle turns. The defaults suit one small server."""

    concurrency: int = Field(default=16, ge=1)
    system_share: float = Field(default=0.5, gt=0, le=1)
    """How much of a deliverer's places one outside system may take; all of them where it serves only one."""
    lease_s: float = Field(default=30.0, gt=1)
    poll_s: float = Field(default=1.0, gt=0)
    """How often the loops look into Postgres by themselves: the doorbell may be missing."""
    batch: int = Field(default=256, ge=1)
    """How many runs that need no thinking are claimed and saved together, when so many wait."""
    max_attempts: int = Field(default=8, ge=1)
    """Tries of what fails for a time: a network, a time-out, a system that is down."""
    max_surprises: int = Field(default=3, ge=1)
    """Tries of what fails by an error nobody foresaw."""
    max_crashes: int = Field(default=5, ge=1)
    """Tries of what its worker dies of."""
    backoff_first_s: float = Field(default=0.5, gt=0)
    backoff_max_s: float = Field(default=300.0, gt=0)
    stop_grace_s: float = Field(default=10.0, gt=0)
    database_pool: int = Field(default=10, ge=2)


class RetentionSettings(Section):
    """How long what is finished is kept; what still needs somebody stays, and the audit stays for ever."""

    raw_days: int = Field(default=30, ge=1)
    """Raw bodies and headers of webhooks; afterwards a webhook cannot be replayed."""
    history_days: int = Field(default=365, ge=1)
    """Events with their runs and commands; afterwards a repeat of such an event would count as new."""


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


class WebSettings(Section):
    """The panel and the REST interface. Without ``token`` one is made once and kept in JARVIS_HOME/web-token."""

    token: SecretStr | None = None
    session_hours: float = Field(default=24.0, gt=0)

    @field_validator("token")
    @classmethod
    def _long_enough(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and len(token.get_secret_value()) < MIN_WEB_TOKEN:
            raise ValueError(f"a token of the panel needs at least {MIN_WEB_TOKEN} characters")
        return token


class SecretsSettings(Section):
    """Stores that may keep any setting but these: AWS SSM and, over it, Vault (KV version 2)."""

    ssm_path: str | None = Field(default=None, pattern=r"^(/[A-Za-z0-9_.-]+)+$")
    """``/jarvis``: the parameter ``/jarvis/telegram/token`` is telegram.token. Region and credentials are AWS's own."""
    vault_url: str | None = Field(default=None, pattern=r"^https?://[A-Za-z0-9.:\[\]-]+/?$")
    vault_mount: str = Field(default="secret", pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")
    vault_path: str = Field(default="jarvis", pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")
    vault_token: SecretStr | None = None
    vault_role_id: str | None = None
    vault_secret_id: SecretStr | None = None
    patience_s: float = Field(default=15.0, gt=0)
    """How long a start waits for a store that does not answer."""
    reread_s: float = Field(default=300.0, gt=0)
    """How often a running process looks for new hook secrets."""

    @field_validator("vault_token", "vault_secret_id")
    @classmethod
    def _is_one_word(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and re.fullmatch(r"[!-~]+", secret.get_secret_value()) is None:
            raise ValueError("it has characters that no token of Vault has")
        return secret

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        has_role = self.vault_role_id is not None and self.vault_secret_id is not None
        if self.vault_url is not None and has_role == (self.vault_token is not None):
            raise ValueError("vault_url needs either vault_token, or vault_role_id and vault_secret_id")
        return self


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
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    http: HttpSettings = HttpSettings()
    telegram: TelegramSettings = TelegramSettings()
    rentprog: RentprogSettings = RentprogSettings()
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
