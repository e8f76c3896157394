"""Media keeper: what people post in a branch forum is stored, then cleared away, and they are told where it went.

What comes with words for a client or for Jarvis is stored and goes on with those words.
"""

from agents.media_keeper import agent
from agents.spec import AgentSpec
from core.commands import DeleteMessages, KeepMedia, SendMessage
from core.events import MediaPosted, MediaStored

AGENT = AgentSpec(
    name="media_keeper",
    handles=(MediaPosted, MediaStored),
    causes=(KeepMedia, DeleteMessages, SendMessage),
    run=agent.run,
    quick=(MediaPosted,),
)
