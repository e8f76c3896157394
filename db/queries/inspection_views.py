"""What showing an inspection needs beside its own rows: pictures of findings, photos on their way, the archive."""

from uuid import UUID

from db.queries.findings import Finding
from db.session import Tx

UNFINISHED_RUNS = ("queued", "running", "waiting")


async def pictures_of_finding(tx: Tx, finding: Finding) -> tuple[str, ...]:
    """Keys of pictures that show it, the best one first: from near, framed and enlarged, marked, the whole photo."""
    row = await tx.row(
        """SELECT o.overlay_key, o.working_key, near.working_key AS near_key FROM (SELECT 1) AS always
           LEFT JOIN inspection_photos AS o ON o.id = %(photo)s
           LEFT JOIN LATERAL (
               SELECT working_key FROM inspection_photos
               WHERE inspection_id = %(inspection)s AND finding_id = %(finding)s AND state IN ('accepted', 'extra')
               ORDER BY ordinal DESC LIMIT 1
           ) AS near ON true""",
        {"photo": finding.photo_id, "inspection": finding.inspection_id, "finding": finding.id},
    )
    assert row is not None
    keys = (row["near_key"], finding.crop_key, row["overlay_key"], row["working_key"])
    return tuple(key for key in keys if key is not None)


async def photos_below(tx: Tx, inspection_id: UUID, *, chat_id: int, message_id: int) -> int:
    """How many photos were sent into the chat after that message."""
    row = await tx.row(
        """SELECT count(*) AS photos FROM inspection_photos
           WHERE inspection_id = %s AND chat_id = %s AND message_id > %s""",
        (inspection_id, chat_id, message_id),
    )
    assert row is not None
    return int(row["photos"])


async def photos_waiting(tx: Tx, subject: str) -> int:
    """How many photos came and were not looked at yet."""
    row = await tx.row(
        """SELECT count(*) AS photos FROM runs JOIN events ON events.id = runs.event_id
           WHERE runs.subject = %s AND runs.agent = 'inspections' AND runs.state = ANY(%s)
             AND events.kind = 'inspection.photo_given'""",
        (subject, list(UNFINISHED_RUNS)),
    )
    assert row is not None
    return int(row["photos"])


async def archived(tx: Tx, chat_id: int, entity: str, *, purpose: str) -> frozenset[str]:
    """The names of the parts that stand in the archive, as its posts remember them (``purpose:…``)."""
    rows = await tx.rows(
        "SELECT content_hash FROM posts WHERE chat_id = %s AND entity = %s AND starts_with(purpose, %s)",
        (chat_id, entity, f"{purpose}:"),
    )
    return frozenset(name for row in rows for name in row["content_hash"].split())


async def archive_chat(tx: Tx) -> int | None:
    row = await tx.row("SELECT chat_id FROM chats WHERE purpose = 'archive' ORDER BY updated_at DESC, chat_id LIMIT 1")
    return None if row is None else int(row["chat_id"])


async def bind_archive(tx: Tx, chat_id: int, *, title: str, is_forum: bool, bound_by: str) -> None:
    """Make the chat the one archive; the one before stays known and is bound to nothing."""
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended('archive', 3))")
    await tx.run(
        "UPDATE chats SET purpose = 'unbound', updated_at = now() WHERE purpose = 'archive' AND chat_id <> %s",
        (chat_id,),
    )
    await tx.run(
        """INSERT INTO chats (chat_id, purpose, title, is_forum, bound_by)
           VALUES (%s, 'archive', %s, %s, %s)
           ON CONFLICT (chat_id) DO UPDATE SET purpose = excluded.purpose, title = excluded.title, branch = NULL,
                  person_id = NULL, is_forum = excluded.is_forum, is_member = true, bound_by = excluded.bound_by,
                  updated_at = now()""",
        (chat_id, title, is_forum, bound_by),
    )
