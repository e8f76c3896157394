"""From an event to the topics it touches; no model, and everything is read where it is written."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from agents.client_topics import answers, fleet, groups, moving, news, sending, steering
from agents.client_topics.frame import Frame
from agents.spec import Deps, Outcome
from core.events import (
    BookingCancelled,
    BookingCreated,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    ClientUpdated,
    ClientWrote,
    ConversationMoved,
    ConversationSteered,
    Event,
    EventBody,
    MessageNotSent,
    MessageSent,
    MessageTranslated,
    OperatorWrote,
    PersonalGroupBound,
    SendConfirmed,
    SendRetried,
    StaffAnswered,
)
from db.session import Tx

_REACTIONS: Mapping[type[EventBody], Callable[[Tx, Any, Frame], Awaitable[Outcome]]] = {
    ClientWrote: news.client_wrote,
    MessageTranslated: news.translated,
    OperatorWrote: news.operator_wrote,
    MessageSent: news.sent,
    MessageNotSent: news.not_sent,
    StaffAnswered: answers.answered,
    SendConfirmed: sending.confirmed,
    SendRetried: sending.retried,
    ConversationSteered: steering.steered,
    ConversationMoved: moving.moved,
    PersonalGroupBound: groups.bound,
    BookingCreated: fleet.booking_changed,
    BookingIssued: fleet.booking_changed,
    BookingReturned: fleet.booking_changed,
    BookingUpdated: fleet.booking_changed,
    BookingCancelled: fleet.booking_changed,
    ClientUpdated: fleet.client_changed,
}


async def run(event: Event[Any], deps: Deps) -> Outcome:
    """What the settings and the clock say; the rest is read in the transaction that ends the run."""
    del event
    return Outcome(changes=Frame.of(deps.settings, now=deps.clock.now()))


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    return await _REACTIONS[type(event.body)](tx, event, outcome.changes)
