"""Escalation: what nobody answered comes in; a reminder, a new holder one level up or an alarm come out."""

from agents.escalation import agent
from agents.spec import AgentSpec
from core.events import (
    ApprovalAsked,
    ApprovalEnded,
    ClientWrote,
    ConversationSteered,
    MessageSent,
    OperatorWrote,
    TaskCreated,
    TaskStatusChanged,
    TaskUpdated,
    UnansweredDue,
    WaitRanOut,
)

AGENT = AgentSpec(
    name="escalation",
    handles=(
        ClientWrote,
        OperatorWrote,
        MessageSent,
        ConversationSteered,
        TaskCreated,
        TaskUpdated,
        TaskStatusChanged,
        ApprovalAsked,
        ApprovalEnded,
        UnansweredDue,
        WaitRanOut,
    ),
    causes=(),
    run=agent.run,
)
