"""Who writes to the bot, and where: what is known at the start of every update, in one read."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.queries.people import Person, person_of
from db.session import Tx


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The inspection that a person has in hand. ``step`` is the one that is asked; None where all had their turn."""

    id: UUID
    step: str | None


@dataclass(frozen=True, slots=True)
class Situation:
    """``purpose`` and ``branch`` are those of the chat; ``entity`` is what its topic is about (``car:<id>``).

    ``owner_id`` is whose group it is. ``form`` is read in a person's private chat only.
    """

    person: Person | None = None
    purpose: str | None = None
    branch: str | None = None
    entity: str | None = None
    owner_id: UUID | None = None
    form: OpenForm | None = None


async def situation(tx: Tx, *, tg_user_id: int | None, chat_id: int | None, thread_id: int | None) -> Situation:
    """Only people who are approved and active count as persons, as of now.

    A client's topic keeps its meaning when it was given up for a newer one: who writes there still means the client.
    """
    row = await tx.row(
        """SELECT p.id, p.name, p.role, p.branch, p.tg_user_id, p.tg_username, p.language, p.approved_at,
                  c.purpose AS chat_purpose, c.branch AS chat_branch, c.person_id AS owner_id, t.entity,
                  form.id AS form_id, form.step AS form_step
           FROM (SELECT 1) AS always
           LEFT JOIN people AS p ON p.tg_user_id = %(user)s AND p.is_active AND p.approved_at IS NOT NULL
           LEFT JOIN chats AS c ON c.chat_id = %(chat)s
           LEFT JOIN LATERAL (
               SELECT entity FROM topics
               WHERE chat_id = %(chat)s AND thread_id = %(thread)s
                 AND (state = 'live' OR entity LIKE 'conversation:%%')
               ORDER BY state = 'live' DESC, version DESC LIMIT 1
           ) AS t ON true
           LEFT JOIN LATERAL (
               SELECT id, steps ->> position::int AS step FROM inspections
               WHERE person_id = p.id AND state = 'open' AND p.tg_user_id = %(chat)s
           ) AS form ON true""",
        {"user": tg_user_id, "chat": chat_id, "thread": thread_id},
    )
    if row is None:
        return Situation()
    chat = {"purpose": row.pop("chat_purpose"), "branch": row.pop("chat_branch"), "owner_id": row.pop("owner_id")}
    form, entity = _form(row), row.pop("entity")
    person = person_of(row) if row["id"] is not None else None
    return Situation(person=person, entity=entity, form=form, **chat)


def _form(row: dict[str, Any]) -> OpenForm | None:
    form_id, step = row.pop("form_id"), row.pop("form_step")
    return None if form_id is None else OpenForm(form_id, step)
