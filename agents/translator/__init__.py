"""Translator: words of clients and staff come in; translations whose facts were checked come out."""

from agents.spec import AgentSpec
from agents.translator import agent
from core.events import ClientWrote, OperatorWrote, StaffAnswered, TranslationsDue, TranslationWanted

AGENT = AgentSpec(
    name="translator",
    handles=(ClientWrote, OperatorWrote, StaffAnswered, TranslationsDue, TranslationWanted),
    causes=(),
    run=agent.run,
)
