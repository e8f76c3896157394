"""Who writes to the bot, and where: what is known at the start of every update, in one read."""

from dataclasses import dataclass

from db.queries.people import Person, person_of
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Situation:
    """``purpose`` and ``branch`` are those of the chat; ``entity`` is what its topic is about (``car:<id>``)."""

    person: Person | None = None
    purpose: str | None = None
    branch: str | None = None
    entity: str | None = None


async def situation(tx: Tx, *, tg_user_id: int | None, chat_id: int | None, thread_id: int | None) -> Situation:
    """Only people who are approved and active count as persons, as of now."""
    row = await tx.row(
        """SELECT p.id, p.name, p.role, p.branch, p.tg_user_id, p.tg_username, p.language, p.approved_at,
                  c.purpose AS chat_purpose, c.branch AS chat_branch, t.entity
           FROM (SELECT 1) AS always
           LEFT JOIN people AS p ON p.tg_user_id = %(user)s AND p.is_active AND p.approved_at IS NOT NULL
           LEFT JOIN chats AS c ON c.chat_id = %(chat)s
           LEFT JOIN topics AS t ON t.chat_id = %(chat)s AND t.thread_id = %(thread)s AND t.state = 'live'""",
        {"user": tg_user_id, "chat": chat_id, "thread": thread_id},
    )
    if row is None:
        return Situation()
    purpose, branch, entity = row.pop("chat_purpose"), row.pop("chat_branch"), row.pop("entity")
    return Situation(person_of(row) if row["id"] is not None else None, purpose, branch, entity)
