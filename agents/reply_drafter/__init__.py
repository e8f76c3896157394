"""Reply drafter: a client's question comes in; a draft whose every number is a tool's comes out."""

from agents.reply_drafter import agent
from agents.spec import AgentSpec
from core.events import ClientWrote, DraftDecided, MessageTranslated

AGENT = AgentSpec(
    name="reply_drafter",
    handles=(ClientWrote, MessageTranslated, DraftDecided),
    causes=(),
    run=agent.run,
)
