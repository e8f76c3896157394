"""What the account knows: clients, leads, their sources and every message; the acts that change it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from core.clock import Clock
from sandbox.umnico.account import ChannelAccount
from sandbox.umnico.files import StoredFile


@dataclass(frozen=True, slots=True)
class Sent:
    """An attachment: what the channel calls it, and the file."""

    type: str
    file: StoredFile


@dataclass(slots=True)
class Customer:
    id: int
    name: str | None
    login: str
    phone: str | None
    social_id: str


@dataclass(frozen=True, slots=True)
class Source:
    real_id: int
    account: ChannelAccount
    identifier: str


@dataclass(slots=True)
class Message:
    seq: int
    id: str
    source: Source
    at: datetime
    incoming: bool
    text: str
    attachments: Sequence[Sent]
    user_id: int | None = None
    custom_id: str | None = None
    edited_at: datetime | None = None


@dataclass(slots=True)
class Lead:
    """``sources`` holds one for each channel through which this client wrote."""

    id: int
    customer: Customer
    sources: list[Source] = field(default_factory=list[Source])
    messages: list[Message] = field(default_factory=list[Message])
    tags: list[str] = field(default_factory=list[str])

    def source(self, real_id: str) -> Source | None:
        return next((source for source in self.sources if str(source.real_id) == real_id), None)


class Inbox:
    def __init__(self, clock: Clock) -> None:
        self.leads: dict[int, Lead] = {}
        self._clock = clock
        self._lead_ids, self._customer_ids, self._real_ids, self._seqs = count(7001), count(4001), count(250), count(1)

    def find(self, account: ChannelAccount, login: str) -> Lead | None:
        """The lead of who writes from this address in this channel."""
        return next((lead for lead in self.leads.values() if _is_reached(lead, account, login)), None)

    def begin(self, account: ChannelAccount, login: str, name: str | None, phone: str | None) -> Lead:
        number = next(self._customer_ids)
        lead = Lead(next(self._lead_ids), Customer(number, name, login, phone, f"user_{number}"))
        self.leads[lead.id] = lead
        self.add_source(lead, account, login)
        return lead

    def add_source(self, lead: Lead, account: ChannelAccount, login: str) -> Source:
        """The same client, through this channel too."""
        known = next((source for source in lead.sources if source.account is account), None)
        if known is None:
            known = Source(next(self._real_ids), account, login)
            lead.sources.append(known)
        return known

    def write(
        self,
        lead: Lead,
        source: Source,
        text: str,
        attachments: Sequence[Sent] = (),
        *,
        user_id: int | None = None,
        custom_id: str | None = None,
    ) -> Message:
        """Of the client, or with ``user_id`` of the company."""
        seq = next(self._seqs)
        message = Message(
            seq=seq,
            id=f"{source.account.type}.{seq:06d}",
            source=source,
            at=self._clock.now(),
            incoming=user_id is None,
            text=text,
            attachments=tuple(attachments),
            user_id=user_id,
            custom_id=custom_id,
        )
        lead.messages.append(message)
        return message

    def message(self, message_id: str) -> tuple[Lead, Message] | None:
        every = ((lead, message) for lead in self.leads.values() for message in lead.messages)
        return next((found for found in every if found[1].id == message_id), None)

    def edit(self, message: Message, text: str) -> None:
        message.text = text
        message.edited_at = self._clock.now()

    def newest_first(self) -> list[Lead]:
        """Leads with a message, the one that was written to last before the others."""
        spoken = [lead for lead in self.leads.values() if lead.messages]
        return sorted(spoken, key=lambda lead: -lead.messages[-1].seq)


def _is_reached(lead: Lead, account: ChannelAccount, login: str) -> bool:
    return any(source.account is account and source.identifier == login for source in lead.sources)
