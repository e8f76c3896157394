"""Wash: outside photos of a hand-over come in; clean, dirty or unclear comes out."""

from agents.spec import AgentSpec
from agents.wash import agent
from core.commands import SendMessage
from core.events import (
    BodyPhotographed,
    ReadingTaken,
)

AGENT = AgentSpec(
    name="wash",
    handles=(BodyPhotographed,),
    causes=(ReadingTaken, SendMessage),
    run=agent.run,
)
