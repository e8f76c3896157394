"""Damage: photos that passed the gates come in; new damage, its severity and cost, and a question come out.

Nothing that the machine says has a consequence by itself: a person with the right role decides about every finding.
Without weights, or without eyes, the pairs before and after are for people alone, and the inspection says so.
"""

from datetime import timedelta

from agents.damage import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowCarCard, ShowFinding, ShowInspection
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
    causes=(InspectionExamined, InspectionReviewed, SendMessage, ShowFinding, ShowInspection, ShowCarCard),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=8),
)
