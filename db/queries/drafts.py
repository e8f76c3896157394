"""Drafts of answers: what Jarvis proposes to say to a client, decided once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.session import Tx
from db.storable import storable_json, storable_row

_COLUMNS = """id, conversation_id, question_id, staff_text, client_text, language, facts, state, why_held, is_shadow,
    decided_by, decided_at"""
UNDECIDED = ("open", "held")


@dataclass(frozen=True, slots=True)
class Draft:
    """A row of ``drafts``. Each of ``facts``: id, tool, text, is_used."""

    id: UUID
    conversation_id: UUID
    question_id: UUID
    staff_text: str
    client_text: str
    language: str
    state: str
    facts: Sequence[dict[str, Any]] = ()
    why_held: str | None = None
    is_shadow: bool = False
    decided_by: UUID | None = None
    decided_at: datetime | None = None

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED


async def add(tx: Tx, draft: Draft) -> None:
    values = storable_row({name: getattr(draft, name) for name in _NAMES})
    values["facts"] = storable_json(list(draft.facts))
    await tx.run(_ADD, values)


_NAMES = [name.strip() for name in _COLUMNS.replace("\n", " ").split(",")]
_ADD = f"INSERT INTO drafts ({', '.join(_NAMES)}) VALUES ({', '.join(f'%({name})s' for name in _NAMES)})"  # noqa: S608 - names of this module


async def find(tx: Tx, draft_id: UUID) -> Draft | None:
    row = await tx.row(f"SELECT {_COLUMNS} FROM drafts WHERE id = %s", (draft_id,))  # noqa: S608 - constants
    return None if row is None else Draft(**row)


async def lock(tx: Tx, draft_id: UUID) -> Draft | None:
    """The row, held until the transaction ends."""
    row = await tx.row(f"SELECT {_COLUMNS} FROM drafts WHERE id = %s FOR UPDATE", (draft_id,))  # noqa: S608 - constants
    return None if row is None else Draft(**row)


async def has_of(tx: Tx, question_id: UUID) -> bool:
    """Whether this question, or a later one of its conversation, has been drafted already."""
    row = await tx.row(
        """SELECT 1 AS found FROM drafts AS d
           JOIN messages AS asked ON asked.id = d.question_id
           JOIN messages AS this ON this.id = %s AND this.conversation_id = d.conversation_id
           WHERE asked.sent_at >= this.sent_at LIMIT 1""",
        (question_id,),
    )
    return row is not None


async def decide(tx: Tx, draft_id: UUID, state: str, *, person_id: UUID | None, now: datetime) -> None:
    """Whoever decides has locked the row and seen that it was undecided."""
    await tx.run(
        "UPDATE drafts SET state = %s, decided_by = %s, decided_at = %s WHERE id = %s",
        (state, person_id, now, draft_id),
    )


async def outdate(tx: Tx, conversation_id: UUID, *, until: datetime | None = None) -> list[UUID]:
    """Drafts that nobody decided on, to questions asked by then, or to any: they are not needed any more."""
    rows = await tx.rows(
        """UPDATE drafts AS d SET state = 'outdated' FROM messages AS asked
           WHERE d.question_id = asked.id AND d.conversation_id = %(conversation)s AND d.state = ANY(%(undecided)s)
             AND (%(until)s::timestamptz IS NULL OR asked.sent_at <= %(until)s)
           RETURNING d.id""",
        {"conversation": conversation_id, "undecided": list(UNDECIDED), "until": until},
    )
    return [row["id"] for row in rows]


async def client_wrote_after(tx: Tx, question_id: UUID) -> bool:
    """Whether the client has written anything since."""
    row = await tx.row(
        """SELECT 1 AS found FROM messages AS newer JOIN messages AS asked ON asked.id = %s
           WHERE newer.conversation_id = asked.conversation_id AND newer.direction = 'incoming'
             AND (newer.sent_at, newer.id) > (asked.sent_at, asked.id) LIMIT 1""",
        (question_id,),
    )
    return row is not None


@dataclass(frozen=True, slots=True)
class OwnReplies:
    """What Jarvis itself said to a client since some moment."""

    number: int
    last_at: datetime | None


async def own_replies(tx: Tx, conversation_id: UUID, *, since: datetime) -> OwnReplies:
    """Those that failed count too: a night's cap is one of attempts."""
    row = await tx.row(
        """SELECT count(*) AS number, max(sent_at) AS last_at FROM messages
           WHERE conversation_id = %s AND author = 'jarvis' AND sent_at >= %s""",
        (conversation_id, since),
    )
    assert row is not None
    return OwnReplies(row["number"], row["last_at"])


async def shown_in(tx: Tx, draft_ids: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """Draft and chat of every card that stands somewhere and has to be brought up to date."""
    rows = await tx.rows(
        """SELECT drafts.id, posts.chat_id FROM drafts JOIN posts ON posts.entity = 'draft:' || drafts.id
           WHERE drafts.id = ANY(%s) ORDER BY drafts.created_at, posts.chat_id""",
        (list(draft_ids),),
    )
    return [(row["id"], row["chat_id"]) for row in rows]
