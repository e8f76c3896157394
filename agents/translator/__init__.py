"""Translator: words of clients and staff come in; translations whose facts were checked come out."""

from datetime import timedelta

from agents.spec import AgentSpec
from agents.translator import agent, store
from core.commands import SendToClient, ShowSending
from core.events import (
    ClientWrote,
    MessageTranslated,
    OperatorWrote,
    StaffAnswered,
    TranslationsDue,
    TranslationWanted,
)

AGENT = AgentSpec(
    name="translator",
    handles=(ClientWrote, OperatorWrote, StaffAnswered, TranslationsDue, TranslationWanted),
    causes=(SendToClient, ShowSending, MessageTranslated, TranslationWanted),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(seconds=40),
)
