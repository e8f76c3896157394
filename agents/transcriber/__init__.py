"""Transcriber: voice messages come in; what was said comes out."""

from datetime import timedelta

from agents.spec import AgentSpec
from agents.transcriber import agent, store
from core.events import AlarmCleared, AlarmRaised, ClientWrote, StaffAnswered, StaffWrote, TranslationWanted

AGENT = AgentSpec(
    name="transcriber",
    handles=(ClientWrote, StaffAnswered, StaffWrote, TranslationWanted),
    causes=(AlarmRaised, AlarmCleared),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=2),
)
