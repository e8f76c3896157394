"""Stores that may keep the other settings."""

import re
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from core.settings.section import Section


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
