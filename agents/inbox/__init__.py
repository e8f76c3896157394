"""Inbox: what Umnico tells comes in; conversations, messages and their first holders come out."""

from datetime import timedelta

from agents.inbox import agent
from agents.spec import AgentSpec
from core.events import (
    AlarmCleared,
    AlarmRaised,
    ClientWrote,
    ConversationMoved,
    InboxDue,
    LeadBehind,
    MessageSent,
    OperatorWrote,
    UmnicoDelivered,
)

AGENT = AgentSpec(
    name="inbox",
    handles=(UmnicoDelivered, LeadBehind, InboxDue),
    causes=(ConversationMoved, ClientWrote, OperatorWrote, MessageSent, LeadBehind, AlarmRaised, AlarmCleared),
    run=agent.run,
    save=agent.save,
    time_limit=timedelta(minutes=2),
)
