"""Inbox: what Umnico tells comes in; conversations, messages and their holders come out."""

from agents.inbox import agent
from agents.spec import AgentSpec
from core.events import InboxDue, LeadBehind, UmnicoDelivered

AGENT = AgentSpec(
    name="inbox",
    handles=(UmnicoDelivered, LeadBehind, InboxDue),
    causes=(),
    run=agent.run,
)
