"""Documents: the photo of the registration comes in; present and readable, or not, comes out."""

from datetime import timedelta

from agents.documents import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage
from core.events import DocumentPhotographed, ReadingTaken

AGENT = AgentSpec(
    name="documents",
    handles=(DocumentPhotographed,),
    causes=(ReadingTaken, SendMessage),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(minutes=2),
)
