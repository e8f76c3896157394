"""Wash: outside photos of a hand-over come in; clean, dirty or unclear comes out."""

from datetime import timedelta

from agents.spec import AgentSpec
from agents.wash import agent, store
from core.commands import SendMessage
from core.events import BodyPhotographed, ReadingTaken

AGENT = AgentSpec(
    name="wash",
    handles=(BodyPhotographed,),
    causes=(ReadingTaken, SendMessage),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=2),
)
