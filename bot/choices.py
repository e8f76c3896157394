"""What a person has chosen on a message of ours and not sent yet: kept beside it, so that it may be drawn anew.

It is nothing but a look: it is lost with its message, and whatever counts becomes an event.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from db.queries import posts
from db.queries.posts import Post
from db.session import Tx

PURPOSE = "choice"
NO_MESSAGE = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """``page`` is what the message shows instead of its first one, ``about`` the step it belongs to."""

    page: str = ""
    about: str = ""
    chosen: tuple[str, ...] = ()


async def find(tx: Tx, chat_id: int, entity: str, *, about: str = "") -> Choice:
    """What was chosen there about that; an empty choice where nothing was, or where it was about something else."""
    kept = await posts.find(tx, chat_id, entity, PURPOSE)
    if kept is None:
        return Choice(about=about)
    told = json.loads(kept.content_hash)
    choice = Choice(told["page"], told["about"], tuple(told["chosen"]))
    return choice if choice.about == about else Choice(about=about)


async def put(tx: Tx, chat_id: int, entity: str, choice: Choice, *, now: datetime) -> None:
    told = json.dumps({"page": choice.page, "about": choice.about, "chosen": choice.chosen})
    await posts.put(tx, chat_id, entity, PURPOSE, Post(NO_MESSAGE, None, told, is_pinned=False), now=now)


async def forget(tx: Tx, chat_id: int, entity: str) -> None:
    await posts.forget(tx, chat_id, entity, PURPOSE)
