"""Damage: photos that passed the gates come in; new damage, its severity and cost, and a question come out."""

from agents.damage import agent
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowCarCard, ShowFinding, ShowForm, ShowInspection
from core.events import (
    BodyPhotographed,
    FindingAdded,
    FindingDecided,
    HoldDecided,
    InspectionExamined,
    InspectionReviewed,
    InspectionSubmitted,
    ReviewFinished,
)

AGENT = AgentSpec(
    name="damage",
    handles=(BodyPhotographed, InspectionSubmitted, FindingDecided, FindingAdded, ReviewFinished, HoldDecided),
    causes=(InspectionExamined, InspectionReviewed, SendMessage, ShowFinding, ShowInspection, ShowCarCard, ShowForm),
    run=agent.run,
)
