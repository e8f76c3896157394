"""Client topics: what was said comes in; topics of clients in the groups of staff come out."""

from agents.client_topics import agent
from agents.spec import AgentSpec
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
    MessageNotSent,
    MessageSent,
    MessageTranslated,
    OperatorWrote,
    PersonalGroupBound,
    SendConfirmed,
    SendRetried,
    StaffAnswered,
)

AGENT = AgentSpec(
    name="client_topics",
    handles=(
        ClientWrote,
        OperatorWrote,
        MessageSent,
        MessageNotSent,
        MessageTranslated,
        StaffAnswered,
        ConversationSteered,
        ConversationMoved,
        PersonalGroupBound,
        SendConfirmed,
        SendRetried,
        BookingCreated,
        BookingIssued,
        BookingReturned,
        BookingUpdated,
        BookingCancelled,
        ClientUpdated,
    ),
    causes=(),
    run=agent.run,
)
