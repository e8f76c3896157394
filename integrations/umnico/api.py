"""What Jarvis wants from Umnico, in our words; one object speaks for one account. Read this first.

Every method may raise the four errors of core/errors.py. What Umnico said when it refused is in ``Refused.said``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from integrations.umnico.attachments import UploadedMedia
from integrations.umnico.models import Channel, Missing, UmnicoMessage


@dataclass(frozen=True, slots=True)
class Account:
    account_id: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Operator:
    """Umnico's "manager": who answers. Its id is needed to send; a client's id in its place is refused."""

    operator_id: int
    role: str | None
    name: str | None
    login: str | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class ChannelAccount:
    """One of our own numbers or pages; ``login`` is our number, never the client's."""

    sa_id: int
    channel: Channel
    channel_type: str | None
    login: str | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One way to reach the client of a lead. Only one whose ``type`` is ``message`` takes an answer."""

    real_id: str
    sa_id: int | None
    type: str | None

    @property
    def takes_messages(self) -> bool:
        return self.type == "message"


@dataclass(frozen=True, slots=True)
class Lead:
    """``last_message`` is None where Umnico told none that can be read: ask the history."""

    lead_id: int
    customer_id: int | None
    customer_name: str | None = field(repr=False)
    customer_login: str | None = field(repr=False)
    customer_phone: str | None = field(repr=False)
    last_message: UmnicoMessage | None
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)


@dataclass(frozen=True, slots=True)
class InboxPage:
    """``next_offset`` is None only after an empty page: a page that is merely short may be a lower limit of theirs."""

    leads: tuple[Lead, ...]
    unreadable: int
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Newest first. ``missing`` says why entries that came are no messages; ``cursor`` is None at the beginning."""

    messages: tuple[UmnicoMessage, ...]
    missing: tuple[Missing, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message of ours. ``custom_id`` comes back in the echo and in the history: by it a lost answer is settled."""

    source_real_id: str
    operator_id: int
    custom_id: str
    sa_id: int | None = None
    text: str = field(default="", repr=False)
    attachment: UploadedMedia | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FirstMessage:
    """A message to a phone that has no lead yet: digits only, from one of our channel accounts."""

    phone: str = field(repr=False)
    sa_id: int
    custom_id: str
    text: str = field(default="", repr=False)
    attachment: UploadedMedia | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    content: bytes = field(repr=False)
    filename: str = field(repr=False)
    mime: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """A switched-off one gets nothing; the address holds a secret."""

    webhook_id: int
    url: str = field(repr=False)
    name: str | None
    is_on: bool


class UmnicoApi(Protocol):
    async def account(self) -> Account:
        """The cheap call that tells whether the token is good."""
        ...

    async def operators(self) -> tuple[Operator, ...]: ...

    async def channel_accounts(self) -> tuple[ChannelAccount, ...]: ...

    async def inbox_page(self, *, offset: int = 0, limit: int = 50) -> InboxPage:
        """Open leads with their last message; go on until ``next_offset`` is None."""
        ...

    async def sources(self, lead_id: int) -> tuple[Source, ...]: ...

    async def history_page(self, lead_id: int, source_real_id: str, *, cursor: str | None = None) -> HistoryPage:
        """One page; `history.walk` reads them all."""
        ...

    async def send(self, lead_id: int, message: Outgoing) -> str | None:
        """Its message id where Umnico told one. `AnswerLost` means that it may have left: look for ``custom_id``."""
        ...

    async def write_first(self, message: FirstMessage) -> int:
        """The id of the lead that it began."""
        ...

    async def upload(self, file: File, *, sa_id: int) -> UploadedMedia:
        """Give a file to Umnico; sending it is another call. Repeating it is harmless."""
        ...

    async def download(self, src: str) -> File:
        """The file of an attachment; `Rejected` where the link is dead or leads to a place it must not."""
        ...

    async def is_reachable(self, sa_id: int, chat_id: str) -> bool:
        """Whether this contact exists in that channel."""
        ...

    async def add_tag(self, lead_id: int, tag: str) -> None: ...

    async def webhooks(self) -> tuple[Webhook, ...]: ...

    async def create_webhook(self, url: str, name: str) -> Webhook: ...

    async def switch_on_webhook(self, webhook_id: int) -> None: ...
