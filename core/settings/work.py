"""How the circle turns, and how long it remembers."""

from pydantic import Field

from core.settings.section import Section


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
    client_messages_days: int = Field(default=730, ge=1)
    """Messages of closed conversations, with what was said in them and the drafts of answers."""
    photos_days: int = Field(default=730, ge=1)
    """Photos of inspections, unless their damage or insurance case is still open."""
    documents_days: int = Field(default=365, ge=1)
    """Photos of documents, after the end of the rent."""
