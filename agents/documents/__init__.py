"""Documents: the photo of the registration comes in; present and readable, or not, comes out."""

from agents.documents import agent
from agents.spec import AgentSpec
from core.commands import SendMessage, ShowForm
from core.events import (
    DocumentPhotographed,
    ReadingTaken,
)

AGENT = AgentSpec(
    name="documents",
    handles=(DocumentPhotographed,),
    causes=(ReadingTaken, SendMessage, ShowForm),
    run=agent.run,
)
