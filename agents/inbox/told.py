"""What Umnico told of one lead, read and ready to be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from db.queries.messages import Attachment
from integrations.umnico import UmnicoMessage


@dataclass(frozen=True, slots=True)
class Told:
    """``is_news``: somebody has to hear of it; what is only history is kept and starts nothing."""

    message: UmnicoMessage
    is_news: bool = True
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadTold:
    """In the order in which it was written.

    ``operator_id``: in whose name Jarvis itself sends. ``branches``: of our accounts of channels, by their ``sa_id``.
    """

    account_id: int
    lead_id: int
    told: tuple[Told, ...]
    now: datetime
    operator_id: int | None = None
    branches: Mapping[int, str] = field(default_factory=dict[int, str])
