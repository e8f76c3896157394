"""What a scene looks for in the database to believe that a client was heard, and answered, once."""

from datetime import datetime
from typing import Any

from db.session import Tx

Row = dict[str, Any]


async def conversation_of_lead(tx: Tx, lead_id: int) -> Row | None:
    return await tx.row(
        """SELECT c.id, c.language, c.state, c.is_consult, p.tg_user_id AS holder
           FROM conversations AS c LEFT JOIN people AS p ON p.id = c.holder_id WHERE c.lead_id = %s""",
        (lead_id,),
    )


async def messages_of_lead(tx: Tx, lead_id: int, direction: str) -> list[Row]:
    """Oldest first: what was said, heard and made of it, and how far it came."""
    return await tx.rows(
        """SELECT m.original, m.transcript, m.language, m.translation, m.translation_state, m.delivery, m.author
           FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
           WHERE c.lead_id = %s AND m.direction = %s ORDER BY m.sent_at, m.id""",
        (lead_id, direction),
    )


async def drafts_of_lead(tx: Tx, lead_id: int) -> list[Row]:
    return await tx.rows(
        """SELECT d.state, d.is_shadow, d.staff_text, d.client_text, d.why_held, d.facts
           FROM drafts AS d JOIN conversations AS c ON c.id = d.conversation_id
           WHERE c.lead_id = %s ORDER BY d.created_at""",
        (lead_id,),
    )


async def wait_of_lead(tx: Tx, lead_id: int) -> Row | None:
    """The newest wait of a client: how far it climbed, when it is looked at, which steps were taken, how it ended."""
    return await tx.row(
        """SELECT w.level, w.since, w.next_at, w.told, w.ended_at, w.ended_why
           FROM waits AS w JOIN conversations AS c ON w.subject = 'conversation:' || c.id
           WHERE c.lead_id = %s ORDER BY w.since DESC LIMIT 1""",
        (lead_id,),
    )


async def moves_of_lead(tx: Tx, lead_id: int) -> list[Row]:
    """Every holder in turn, with the level and the reason."""
    return await tx.rows(
        """SELECT p.tg_user_id AS holder, (e.payload ->> 'level')::int AS level, e.payload ->> 'why' AS why
           FROM events AS e JOIN conversations AS c ON e.subject = 'conversation:' || c.id
           JOIN people AS p ON p.id = (e.payload ->> 'to_person')::uuid
           WHERE c.lead_id = %s AND e.kind = 'conversation.moved' ORDER BY e.id""",
        (lead_id,),
    )


async def open_waits(tx: Tx) -> int:
    row = await tx.row("SELECT count(*) AS n FROM waits WHERE ended_at IS NULL")
    assert row is not None
    return row["n"]


async def hand_over_of(tx: Tx, client_rentprog_id: int) -> datetime | None:
    """When the client's next booking begins."""
    row = await tx.row(
        """SELECT min(start_at) AS at FROM bookings
           WHERE client_rentprog_id = %s AND deleted_at IS NULL AND start_at > now()""",
        (client_rentprog_id,),
    )
    return None if row is None else row["at"]
