"""Transcriber: voice messages come in; what was said comes out."""

from agents.spec import AgentSpec
from agents.transcriber import agent
from core.events import ClientWrote, StaffAnswered, StaffWrote

AGENT = AgentSpec(
    name="transcriber",
    handles=(ClientWrote, StaffAnswered, StaffWrote),
    causes=(),
    run=agent.run,
)
