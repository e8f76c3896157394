"""Files that people posted, once they are safe in storage."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.commands import KeepMedia
from core.ids import outside_id
from db.session import Tx

STORAGE_TROUBLE = "storage: "
"""How the error of a file begins that waits for the storage."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files that were posted and wait for the storage."""

    count: int
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class StoredMedia:
    id: UUID
    storage_key: str
    sha256: str
    size: int


def media_id(body: KeepMedia) -> UUID:
    """The same file of the same message is one row, however often it is kept."""
    return outside_id("telegram", "media", f"{body.chat_id}:{body.message_id}:{body.file_unique_id}")


async def find(tx: Tx, body: KeepMedia) -> StoredMedia | None:
    row = await tx.row(
        """SELECT id, storage_key, sha256, size FROM media
           WHERE chat_id = %s AND message_id = %s AND file_unique_id = %s""",
        (body.chat_id, body.message_id, body.file_unique_id),
    )
    return None if row is None else StoredMedia(**row)


async def put(tx: Tx, body: KeepMedia, stored: StoredMedia, *, now: datetime) -> None:
    """Add the row, with the entity of the topic where it was posted."""
    await tx.run(
        """INSERT INTO media (id, storage_key, sha256, size, media_kind, mime_type, file_name, chat_id, thread_id,
                              message_id, media_group_id, tg_user_id, file_id, file_unique_id, person_id, stored_at,
                              entity)
           VALUES (%(id)s, %(storage_key)s, %(sha256)s, %(size)s, %(media_kind)s, %(mime_type)s, %(file_name)s,
                   %(chat_id)s, %(thread_id)s, %(message_id)s, %(media_group_id)s, %(tg_user_id)s, %(file_id)s,
                   %(file_unique_id)s, %(person_id)s, %(now)s,
                   (SELECT entity FROM topics WHERE chat_id = %(chat_id)s AND thread_id = %(thread_id)s
                    ORDER BY version DESC LIMIT 1))
           ON CONFLICT (chat_id, message_id, file_unique_id) DO NOTHING""",
        {
            **body.model_dump(),
            "id": stored.id,
            "storage_key": stored.storage_key,
            "sha256": stored.sha256,
            "size": stored.size,
            "now": now,
        },
    )


async def waiting_for_storage(tx: Tx) -> Waiting | None:
    row = await tx.row(
        """SELECT count(*) AS count, min(created_at) AS since, max(error) AS reason FROM commands
           WHERE kind = %s AND state = 'pending' AND starts_with(error, %s)""",
        (KeepMedia.kind, STORAGE_TROUBLE),
    )
    assert row is not None
    return Waiting(**row) if row["count"] else None
