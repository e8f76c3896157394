"""Fluids: a photo of the reservoirs comes in; ok, low, critical or unclear for each comes out."""

from agents.fluids import agent
from agents.spec import AgentSpec
from core.commands import SendMessage
from core.events import (
    FluidsPhotographed,
    ReadingTaken,
)

AGENT = AgentSpec(
    name="fluids",
    handles=(FluidsPhotographed,),
    causes=(ReadingTaken, SendMessage),
    run=agent.run,
)
