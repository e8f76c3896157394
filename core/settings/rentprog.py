"""RentProg and its branches."""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import NoDecode

from core.settings.section import Section, as_list

DEFAULT_RENTPROG_URL = "https://rentprog.net/api/v1"


MIN_HOOK_SECRET = 16
"""Characters; a hook's secret is the only thing that keeps strangers out of an unsigned webhook."""


def _as_secrets(value: object) -> object:
    """One secret, or several as a list; in a variable or a store a list is JSON."""
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except ValueError as error:
            raise ValueError("a list of secrets is a JSON list of texts") from error
    return as_list(value)


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
    address: str | None = Field(default=None, max_length=300)
    """As clients are told it; without one a person answers where the office is."""
    map_url: str | None = Field(default=None, pattern=r"^https://\S+$", max_length=300)

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
    keys: dict[str, BranchKeys] = Field(default_factory=dict[str, BranchKeys])
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
