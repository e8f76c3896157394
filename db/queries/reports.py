"""Reports as they were made, and what a report tells that no other query knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.session import Tx

_COLUMNS = "id, inspection_id, language, html_key, pdf_key, chain_hash, made_at"


@dataclass(frozen=True, slots=True)
class MadeReport:
    """``pdf_key`` of None: it could not be printed, the page alone is the report."""

    id: UUID
    inspection_id: UUID
    language: str
    html_key: str
    pdf_key: str | None
    chain_hash: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """Who and where: names that the rows of an inspection only point to."""

    branch: str | None
    client: str | None
    client_language: str | None
    reviewer: str | None
    conversation_id: UUID | None


async def put(tx: Tx, made: Sequence[MadeReport]) -> None:
    """Add them; a newer report never replaces an older one."""
    for one in made:
        await tx.run(
            """INSERT INTO reports (id, inspection_id, language, html_key, pdf_key, chain_hash, made_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING""",
            (one.id, one.inspection_id, one.language, one.html_key, one.pdf_key, one.chain_hash, one.made_at),
        )


async def newest(tx: Tx, inspection_id: UUID) -> list[MadeReport]:
    """The newest one in each language."""
    rows = await tx.rows(
        f"""SELECT DISTINCT ON (language) {_COLUMNS} FROM reports
            WHERE inspection_id = %s ORDER BY language, made_at DESC""",  # noqa: S608 - constants
        (inspection_id,),
    )
    return [MadeReport(**row) for row in rows]


async def setting(tx: Tx, inspection_id: UUID) -> Setting | None:
    row = await tx.row(
        """SELECT b.name AS branch, r.name AS reviewer,
                  coalesce(nullif(concat_ws(' ', cl.first_name, cl.last_name), ''), k.client_name) AS client,
                  coalesce(v.language, cl.language) AS client_language, v.id AS conversation_id
           FROM inspections AS i
           LEFT JOIN branches AS b ON b.code = i.branch
           LEFT JOIN people AS r ON r.id = i.reviewed_by
           LEFT JOIN bookings AS k ON k.id = i.booking_id
           LEFT JOIN clients AS cl ON cl.id = k.client_id
           LEFT JOIN LATERAL (
               SELECT id, language FROM conversations
               WHERE booking_id = i.booking_id OR (client_id = k.client_id AND state = 'open')
               ORDER BY booking_id = i.booking_id DESC NULLS LAST, state = 'open' DESC,
                        last_incoming_at DESC NULLS LAST, id LIMIT 1
           ) AS v ON true
           WHERE i.id = %s""",
        (inspection_id,),
    )
    return None if row is None else Setting(**row)


async def names(tx: Tx, people: Sequence[UUID]) -> dict[UUID, str]:
    """Names of people, also of those who work here no more: they are on the record."""
    rows = await tx.rows("SELECT id, name FROM people WHERE id = ANY(%s)", (list(people),))
    return {row["id"]: row["name"] for row in rows}


async def places(tx: Tx, branch: str | None) -> dict[str, int]:
    """The chats a report is told in, by purpose: the forum of the branch, headquarters, the archive."""
    rows = await tx.rows(
        """SELECT DISTINCT ON (purpose) purpose, chat_id FROM chats
           WHERE is_member AND (purpose IN ('headquarters', 'archive')
                                OR (purpose = 'branch_forum' AND branch = %s AND is_forum))
           ORDER BY purpose, updated_at DESC""",
        (branch,),
    )
    return {row["purpose"]: row["chat_id"] for row in rows}


async def client_places(tx: Tx, conversation_id: UUID) -> list[int]:
    """The groups of staff in which the client has a topic."""
    rows = await tx.rows(
        """SELECT p.chat_id FROM conversation_places AS p
           JOIN people AS s ON s.id = p.person_id AND s.is_active AND s.approved_at IS NOT NULL
           WHERE p.conversation_id = %s ORDER BY p.since, p.chat_id""",
        (conversation_id,),
    )
    return [row["chat_id"] for row in rows]
