"""Trunk kit: the open trunk and what a person ticked come in; what is missing, and since when, comes out."""

from agents.spec import AgentSpec
from agents.trunk_kit import agent
from core.commands import SendMessage, ShowInspection
from core.events import InspectionSubmitted, ReadingTaken, TaskCreated, TrunkPhotographed

AGENT = AgentSpec(
    name="trunk_kit",
    handles=(TrunkPhotographed, InspectionSubmitted),
    causes=(ReadingTaken, TaskCreated, SendMessage, ShowInspection),
    run=agent.run,
)
