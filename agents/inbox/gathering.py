"""Reads what a webhook or a history tells of one lead; files are fetched before anything is written."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from agents.inbox import files, news
from agents.inbox.told import LeadTold, Told
from agents.spec import Deps, Outcome
from core.errors import NeedsAttention
from core.events import Event, LeadBehind, UmnicoDelivered
from db.events import raw_body
from db.queries import conversations, messages
from db.session import Tx
from integrations.umnico import Delivery, UmnicoMessage, Unreadable, parse, walk


async def of_delivery(event: Event[UmnicoDelivered], deps: Deps) -> Outcome:
    """It is parsed again from its raw bytes. One that came without its message sends us to the history."""
    async with deps.db.transaction() as tx:
        raw = await raw_body(tx, event.id)
        delivery = None if raw is None else parse(raw, received_at=event.received_at)
        given = [delivery.message] if isinstance(delivery, Delivery) and delivery.message is not None else []
        known = await _known(tx, event.body.account_id, given)
    if delivery is None:
        return Outcome(note="its raw body is not kept any more")
    if isinstance(delivery, Unreadable):
        return Outcome(note=f"unreadable: {delivery.reason}")
    if (delivery.account_id, delivery.lead_id) != (event.body.account_id, event.body.lead_id):
        return Outcome(note="it speaks of another lead than its envelope")
    if delivery.missing is not None and delivery.lead_id is not None:
        return await _of_history(event, delivery.account_id, delivery.lead_id, deps)
    if delivery.message is None:
        return Outcome(note=f"{delivery.type}: nothing to do")
    message = await _as_it_reads_now(delivery.message, known, deps)
    attachments = await files.fetched(message, event, deps) if known.lacks(message) else ()
    told = [Told(message, attachments=attachments)]
    return Outcome(changes=_lead_told(message.account_id, message.lead_id, told, deps))


async def of_lead(event: Event[LeadBehind], lead: LeadBehind, deps: Deps) -> Outcome:
    return await _of_history(event, lead.account_id, lead.lead_id, deps)


async def _of_history(
    event: Event[UmnicoDelivered] | Event[LeadBehind], account_id: int, lead_id: int, deps: Deps
) -> Outcome:
    read = await _history(account_id, lead_id, deps)
    async with deps.db.transaction() as tx:
        known = await _known(tx, account_id, read)
        conversation = await conversations.find(tx, conversations.id_of(account_id, lead_id))
    fresh = news.news_among(read, known.texts, is_known_lead=conversation is not None, now=deps.clock.now())
    told = [
        Told(
            message,
            is_news=message.message_id in fresh or _is_recent_edit(message, known, deps),
            attachments=await files.fetched(message, event, deps)
            if message.message_id in fresh
            else files.left_where_they_are(message),
        )
        for message in read
        if known.lacks(message) or known.is_told_otherwise(message)
    ]
    return Outcome(changes=_lead_told(account_id, lead_id, told, deps))


def _is_recent_edit(message: UmnicoMessage, known: "_Known", deps: Deps) -> bool:
    return known.is_told_otherwise(message) and message.sent_at > deps.clock.now() - news.NEWS


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of the messages that were told: their words by their ids."""

    texts: dict[str, str]

    def lacks(self, message: UmnicoMessage) -> bool:
        return message.message_id not in self.texts

    def is_told_otherwise(self, message: UmnicoMessage) -> bool:
        return self.texts.get(message.message_id, message.text) != message.text


async def _known(tx: Tx, account_id: int, told: Sequence[UmnicoMessage]) -> _Known:
    return _Known(await messages.known_texts(tx, account_id, [message.message_id for message in told]))


async def _as_it_reads_now(message: UmnicoMessage, known: _Known, deps: Deps) -> UmnicoMessage:
    """Other words under a known id are an edit, or an old webhook that came late: the history knows which."""
    if deps.umnico is None or message.source_real_id is None or not known.is_told_otherwise(message):
        return message
    async for one in walk(deps.umnico, message.lead_id, message.source_real_id):
        if one.message_id == message.message_id:
            return replace(message, text=one.text)
        if one.sent_at < message.sent_at - news.NEWS:
            break
    return message


async def _history(account_id: int, lead_id: int, deps: Deps) -> list[UmnicoMessage]:
    """All channels of the lead, the oldest message first."""
    if deps.umnico is None:
        raise NeedsAttention("Umnico: a history is wanted, and there is no token")
    sources = [source for source in await deps.umnico.sources(lead_id) if source.takes_messages]
    walked = [await _walked(walk(deps.umnico, lead_id, one.real_id), account_id, deps) for one in sources]
    return sorted((message for source in walked for message in source), key=lambda message: message.sent_at)


async def _walked(history: AsyncIterator[UmnicoMessage], account_id: int, deps: Deps) -> list[UmnicoMessage]:
    """Far behind the first that is known, down to the horizon: a message may lie lost behind younger ones."""
    oldest = deps.clock.now() - news.HORIZON
    read: list[UmnicoMessage] = []
    async for message in history:
        if message.sent_at < oldest or len(read) == news.MOST:
            break
        read.append(message)
        if len(read) % news.STRIDE == 0 and await _are_known(deps, account_id, read[-news.STRIDE :]):
            break
    return read


async def _are_known(deps: Deps, account_id: int, read: Sequence[UmnicoMessage]) -> bool:
    """What the client wrote; our own pieces have other ids."""
    wanted = [message.message_id for message in read if message.direction == "incoming"]
    async with deps.db.transaction() as tx:
        return await messages.known_of(tx, account_id, wanted) == set(wanted)


def _lead_told(account_id: int, lead_id: int, told: Sequence[Told], deps: Deps) -> LeadTold:
    umnico = deps.settings.umnico
    return LeadTold(account_id, lead_id, tuple(told), deps.clock.now(), umnico.manager_id, umnico.branches)
