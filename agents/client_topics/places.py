"""Where a conversation is shown: its places, its holder's group, and somebody above when there is neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.chain import Chain, Colleague, Found, Level
from core.events import AlarmCleared, AlarmRaised, EventBody, NewEvent
from db.queries import alarms, client_places, conversations
from db.queries.conversations import Conversation, Place
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Shown:
    """All places of the conversation, which of them are new, and the alarm that began or ended with it."""

    places: tuple[Place, ...]
    added: tuple[Place, ...] = ()
    events: tuple[NewEvent[Any], ...] = ()


async def settle(tx: Tx, conversation: Conversation, *, now: datetime) -> Shown:
    """Add the holder's group; where nobody can read the conversation, that of the next one up the chain.

    Places that cannot be read now stay: their queue is parked and shows everything when the bot is let in again.
    """
    known = {place.chat_id for place in await client_places.read_by_staff(tx, conversation.id)}
    if conversation.holder_id is not None:
        await conversations.show_at(tx, conversation.id, conversation.holder_id)
    is_read = await client_places.has_living(tx, conversation.id)
    if not is_read:
        is_read = await _show_above(tx, conversation, now=now)
    places = tuple(await client_places.read_by_staff(tx, conversation.id))
    added = tuple(place for place in places if place.chat_id not in known)
    return Shown(places, added, await _alarm(tx, conversation, is_read=is_read))


async def _show_above(tx: Tx, conversation: Conversation, *, now: datetime) -> bool:
    owner = next_owner(conversation.branch, await client_places.group_owners(tx, now=now), now=now)
    if owner is None:
        return False
    return await conversations.show_at(tx, conversation.id, owner.id) is not None


def next_owner(branch: str | None, owners: Sequence[Colleague], *, now: datetime) -> Colleague | None:
    """The nearest head who has a group; one who is absent rather than nobody at all."""
    levels = range(Level.BRANCH_HEAD, Level.DIRECTOR + 1)
    chain = Chain(branch, tuple(owners))
    found = chain.first_of(levels, now=now)
    if isinstance(found, Found):
        return found.person
    return next((one for level in levels for one in owners if chain.standing(one) == level), None)


async def _alarm(tx: Tx, conversation: Conversation, *, is_read: bool) -> tuple[NewEvent[Any], ...]:
    """Once a conversation: it counts as over when somebody can read it."""
    key = f"client-nowhere:{conversation.id}"
    known = await alarms.find(tx, key)
    is_open = known is not None and known.cleared_at is None
    if is_read == (not is_open):
        return ()
    body: EventBody
    if is_read:
        body = AlarmCleared(key=key)
    else:
        args: dict[str, str | int] = {"lead": str(conversation.lead_id), "channel": conversation.channel}
        body = AlarmRaised(key=key, text_key="alarm-client-nowhere", args=args)
    return (NewEvent(body=body, subject=f"alarm:{key}"),)
