"""Bookings and clients that changed: the cards of whoever writes to us about them are stale."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.client_topics.frame import Frame
from agents.client_topics.orders import Commands, cards
from agents.spec import Outcome
from core.events import BookingEvent, ClientUpdated, Event
from db.queries import client_places, conversations
from db.queries.conversations import Conversation
from db.session import Tx


async def booking_changed(tx: Tx, event: Event[BookingEvent], frame: Frame) -> Outcome:
    return await _refreshed(tx, event, await client_places.of_booking(tx, event.body.booking_id), frame)


async def client_changed(tx: Tx, event: Event[ClientUpdated], frame: Frame) -> Outcome:
    return await _refreshed(tx, event, await client_places.of_client(tx, event.body.client_id), frame)


async def _refreshed(tx: Tx, event: Event[Any], touched: Sequence[UUID], frame: Frame) -> Outcome:
    commands: Commands = ()
    for conversation_id in touched:
        conversation = await conversations.lock(tx, conversation_id)
        if conversation is not None:
            now_about = await with_booking(tx, conversation, now=frame.now)
            if now_about != conversation:
                await conversations.store(tx, now_about)
            commands += cards(event, now_about, await client_places.read_by_staff(tx, conversation_id))
    return Outcome(commands=commands, note=None if commands else "nobody is writing about it")


async def with_booking(tx: Tx, conversation: Conversation, *, now: datetime) -> Conversation:
    """The booking the client is likely to write about now, and its branch: any other was a guess."""
    if conversation.client_id is None:
        return conversation
    booking = await conversations.booking_of(tx, conversation.client_id, now=now)
    if booking is None:
        return replace(conversation, booking_id=None)
    return replace(conversation, booking_id=booking["id"], branch=booking["branch"])
