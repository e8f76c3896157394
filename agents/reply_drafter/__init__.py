"""Reply drafter: a client's question comes in; a draft whose every number is a tool's comes out.

Without a model there is no draft and the run's note says so; people answer as they always do.
"""

from datetime import timedelta

from agents.reply_drafter import agent, store
from agents.spec import AgentSpec
from core.commands import SendMessage, SendToClient, ShowDraft
from core.events import ClientWrote, DraftDecided, MessageTranslated

AGENT = AgentSpec(
    name="reply_drafter",
    handles=(ClientWrote, MessageTranslated, DraftDecided),
    causes=(ShowDraft, SendMessage, SendToClient),
    run=agent.run,
    save=store.save,
    time_limit=timedelta(seconds=90),
)
