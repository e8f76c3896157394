"""Where this process listens, and who may look in."""

from pydantic import Field, SecretStr, field_validator

from core.settings.section import Section

MIN_WEB_TOKEN = 16
"""Characters; whoever knows the token sees everything the owner sees."""


class HttpSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    request_deadline_s: float = Field(default=10.0, gt=0)


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
