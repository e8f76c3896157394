"""Triage: words of staff come in; a task, an answer or nothing comes out."""

from datetime import timedelta

from agents.spec import AgentSpec
from agents.triage import agent, store
from core.commands import SendMessage
from core.events import StaffWrote, TaskCreated, TaskUpdated

AGENT = AgentSpec(
    name="triage",
    handles=(StaffWrote,),
    causes=(TaskCreated, TaskUpdated, SendMessage),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=2),
)
