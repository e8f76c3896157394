"""Client topics: what was said comes in; topics of clients in the groups of staff come out."""

from agents.client_topics import agent
from agents.spec import AgentSpec
from core.commands import (
    SendMessage,
    SendToClient,
    ShowCarCard,
    ShowClientMessage,
    ShowConversationCard,
    ShowDraft,
    ShowSending,
)
from core.events import (
    AlarmCleared,
    AlarmRaised,
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

OF_THE_FLEET = (BookingCreated, BookingIssued, BookingReturned, BookingUpdated, BookingCancelled, ClientUpdated)
"""Thousands of these come with a reconcile, and nearly none concerns anybody who is writing now."""

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
        *OF_THE_FLEET,
    ),
    causes=(
        ShowClientMessage,
        ShowSending,
        ShowConversationCard,
        ShowCarCard,
        ShowDraft,
        SendMessage,
        SendToClient,
        AlarmRaised,
        AlarmCleared,
    ),
    run=agent.run,
    save=agent.save,
    quick=OF_THE_FLEET,
)
