"""Fluids: a photo of the reservoirs and what a person ticked come in; ok, low, critical or unclear comes out."""

from agents.fluids import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage
from core.events import FluidsPhotographed, InspectionSubmitted, ReadingTaken, TaskCreated

AGENT = AgentSpec(
    name="fluids",
    handles=(FluidsPhotographed, InspectionSubmitted),
    causes=(ReadingTaken, TaskCreated, SendMessage),
    run=agent.run,
    save=store.save,
)
