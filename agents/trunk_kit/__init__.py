"""Trunk kit: the open trunk and what a person ticked come in; what is missing, and since when, comes out."""

from datetime import timedelta

from agents.spec import AgentSpec
from agents.trunk_kit import agent, store
from core.commands import SendMessage
from core.events import InspectionSubmitted, ReadingTaken, TaskCreated, TrunkPhotographed

AGENT = AgentSpec(
    name="trunk_kit",
    handles=(TrunkPhotographed, InspectionSubmitted),
    causes=(ReadingTaken, TaskCreated, SendMessage),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=2),
)
