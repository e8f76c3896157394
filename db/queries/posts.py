"""Messages of ours that will be edited, deleted or not said twice: by chat, entity and what they are for."""

from dataclasses import dataclass
from datetime import datetime

from core.ids import new_id
from db.session import Tx

CARD = "card"
FAREWELL = "farewell"


@dataclass(frozen=True, slots=True)
class Post:
    message_id: int
    thread_id: int | None
    content_hash: str
    is_pinned: bool


async def find(tx: Tx, chat_id: int, entity: str, purpose: str) -> Post | None:
    row = await tx.row(
        """SELECT message_id, thread_id, content_hash, is_pinned FROM posts
           WHERE chat_id = %s AND entity = %s AND purpose = %s""",
        (chat_id, entity, purpose),
    )
    return None if row is None else Post(**row)


async def put(tx: Tx, chat_id: int, entity: str, purpose: str, post: Post, *, now: datetime) -> None:
    """Remember the newest message of that purpose in place of the one before."""
    await tx.run(
        """INSERT INTO posts (id, chat_id, entity, purpose, thread_id, message_id, content_hash, is_pinned, updated_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (chat_id, entity, purpose) DO UPDATE SET thread_id = excluded.thread_id,
                  message_id = excluded.message_id, content_hash = excluded.content_hash,
                  is_pinned = excluded.is_pinned, updated_at = excluded.updated_at""",
        (
            new_id(),
            chat_id,
            entity,
            purpose,
            post.thread_id,
            post.message_id,
            post.content_hash,
            post.is_pinned,
            now,
        ),
    )


async def newest(tx: Tx, chat_id: int, purpose: str, prefix: str, *, since: datetime) -> str | None:
    """What the newest post of that purpose is about, among what begins so and is not older."""
    row = await tx.row(
        """SELECT entity FROM posts WHERE chat_id = %s AND purpose = %s AND starts_with(entity, %s) AND updated_at >= %s
           ORDER BY updated_at DESC LIMIT 1""",
        (chat_id, purpose, prefix, since),
    )
    return None if row is None else str(row["entity"])


async def forget(tx: Tx, chat_id: int, entity: str, purpose: str) -> None:
    await tx.run("DELETE FROM posts WHERE chat_id = %s AND entity = %s AND purpose = %s", (chat_id, entity, purpose))
