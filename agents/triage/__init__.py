"""Triage: words of staff come in; a task card or an answer comes out."""

from agents.spec import AgentSpec
from agents.triage import agent
from core.events import StaffWrote

AGENT = AgentSpec(
    name="triage",
    handles=(StaffWrote,),
    causes=(),
    run=agent.run,
)
