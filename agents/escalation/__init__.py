"""Escalation: what nobody answered comes in; a reminder, a new holder one level up or an alarm come out."""

from agents.escalation import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowApproval, ShowTaskCard
from core.events import (
    AlarmCleared,
    AlarmRaised,
    ApprovalAsked,
    ApprovalEnded,
    ClientWrote,
    ConversationMoved,
    ConversationSteered,
    FindingAdded,
    InspectionExamined,
    InspectionNoLongerMissing,
    InspectionOverdue,
    InspectionReviewed,
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
        InspectionOverdue,
        InspectionNoLongerMissing,
        InspectionExamined,
        FindingAdded,
        InspectionReviewed,
        UnansweredDue,
        WaitRanOut,
    ),
    causes=(WaitRanOut, ConversationMoved, AlarmRaised, AlarmCleared, SendMessage, ShowTaskCard, ShowApproval),
    run=agent.run,
    save=store.save,
)
