"""Where conversations are shown, what has not been answered there yet, and whose conversations an event touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.chain import Absence, Colleague
from core.roles import Role
from db.queries.conversations import Conversation, Place
from db.queries.people import Person
from db.session import Tx

_WORKS = "c.purpose = 'personal_group' AND c.is_member AND NOT c.missing_rights ? 'can_manage_topics'"
"""A group in which a topic can be opened and read."""
_STAFF = "JOIN people AS s ON s.id = p.person_id AND s.is_active AND s.approved_at IS NOT NULL"
"""Whoever works here no more still sits in a group of their own, and reads no client there."""


def may_assign(conversation: Conversation, person: Person) -> bool:
    """Who may hand a conversation over: whoever holds it, and the heads of its branch."""
    return conversation.holder_id == person.id or person.decides_for(conversation.branch)


async def read_by_staff(tx: Tx, conversation_id: UUID) -> list[Place]:
    """Where to show the conversation: its places, without those of people whose access ended."""
    rows = await tx.rows(
        f"""SELECT p.conversation_id, p.chat_id, p.person_id FROM conversation_places AS p {_STAFF}
            WHERE p.conversation_id = %s ORDER BY p.since, p.chat_id""",  # noqa: S608 - a constant
        (conversation_id,),
    )
    return [Place(**row) for row in rows]


async def has_living(tx: Tx, conversation_id: UUID) -> bool:
    """Whether anybody can read it: a place whose group the bot was thrown out of shows nothing."""
    row = await tx.row(
        f"""SELECT 1 AS one FROM conversation_places AS p {_STAFF}
           JOIN chats AS c ON c.chat_id = p.chat_id AND {_WORKS}
           WHERE p.conversation_id = %s LIMIT 1""",  # noqa: S608 - a constant
        (conversation_id,),
    )
    return row is not None


async def move_places(tx: Tx, old_chat: int, new_chat: int, person_id: UUID) -> list[UUID]:
    """A person took another group: what is still open moves there, the rest is forgotten. Returns what moved."""
    rows = await tx.rows(
        """INSERT INTO conversation_places (conversation_id, chat_id, person_id)
           SELECT p.conversation_id, %(new)s, %(person)s FROM conversation_places AS p
           JOIN conversations AS c ON c.id = p.conversation_id AND c.state = 'open'
           WHERE p.chat_id = %(old)s
           ON CONFLICT (conversation_id, chat_id) DO NOTHING
           RETURNING conversation_id""",
        {"old": old_chat, "new": new_chat, "person": person_id},
    )
    await tx.run("DELETE FROM conversation_places WHERE chat_id = %s", (old_chat,))
    return [row["conversation_id"] for row in rows]


async def shown_nowhere(tx: Tx, *, limit: int) -> list[UUID]:
    """Open conversations that nobody can read, the longest unanswered first."""
    rows = await tx.rows(
        f"""SELECT v.id FROM conversations AS v
           WHERE v.state = 'open' AND NOT EXISTS (
               SELECT 1 FROM conversation_places AS p {_STAFF}
               JOIN chats AS c ON c.chat_id = p.chat_id AND {_WORKS}
               WHERE p.conversation_id = v.id)
           ORDER BY v.last_incoming_at NULLS LAST, v.id LIMIT %s""",  # noqa: S608 - a constant
        (limit,),
    )
    return [row["id"] for row in rows]


async def unanswered(tx: Tx, conversation_id: UUID, *, limit: int, is_shown: bool | None = None) -> list[UUID]:
    """The client's messages since the last word of ours, and whatever was never shown; the oldest first.

    ``is_shown`` narrows it to those that stand in some topic already, or in none.
    """
    rows = await tx.rows(
        """SELECT id FROM (
               SELECT id, sent_at FROM messages
               WHERE conversation_id = %(conversation)s AND direction = 'incoming'
                 AND (%(shown)s::bool IS NULL OR (delivery = 'shown') = %(shown)s)
                 AND (delivery = 'received' OR sent_at > coalesce(
                       (SELECT max(sent_at) FROM messages
                        WHERE conversation_id = %(conversation)s AND direction = 'outgoing' AND delivery = 'sent'),
                       '-infinity'))
               ORDER BY sent_at DESC, id DESC LIMIT %(limit)s) AS newest
           ORDER BY sent_at, id""",
        {"conversation": conversation_id, "shown": is_shown, "limit": limit},
    )
    return [row["id"] for row in rows]


async def of_client(tx: Tx, client_id: UUID) -> list[UUID]:
    """Open conversations with the client, in the order in which they are locked."""
    rows = await tx.rows(
        "SELECT id FROM conversations WHERE client_id = %s AND state = 'open' ORDER BY id", (client_id,)
    )
    return [row["id"] for row in rows]


async def of_booking(tx: Tx, booking_id: UUID) -> list[UUID]:
    """Open conversations with the client of the booking."""
    rows = await tx.rows(
        """SELECT v.id FROM bookings AS b JOIN conversations AS v ON v.client_id = b.client_id AND v.state = 'open'
           WHERE b.id = %s ORDER BY v.id""",
        (booking_id,),
    )
    return [row["id"] for row in rows]


async def car_of_booking(tx: Tx, booking_id: UUID) -> tuple[UUID, str] | None:
    """The car of a booking and the branch where it stands; None while none is given out for it."""
    row = await tx.row(
        """SELECT c.id, c.branch FROM bookings AS b JOIN cars AS c ON c.id = b.car_id AND c.deleted_at IS NULL
           WHERE b.id = %s""",
        (booking_id,),
    )
    return None if row is None else (row["id"], row["branch"])


async def group_owners(tx: Tx, *, now: datetime) -> list[Colleague]:
    """Who works here and has bound a group in which clients can be shown; an absence of now counts."""
    rows = await tx.rows(
        f"""SELECT p.id, p.role, p.branch, a.from_at, a.until_at FROM people AS p
           JOIN chats AS c ON c.person_id = p.id AND {_WORKS}
           LEFT JOIN LATERAL (
               SELECT from_at, until_at FROM absences
               WHERE person_id = p.id AND from_at <= %(now)s AND (until_at IS NULL OR until_at > %(now)s) LIMIT 1
           ) AS a ON true
           WHERE p.is_active AND p.approved_at IS NOT NULL ORDER BY p.name, p.id""",  # noqa: S608 - a constant
        {"now": now},
    )
    return [
        Colleague(
            id=row["id"],
            role=Role(row["role"]),
            branch=row["branch"],
            absences=() if row["from_at"] is None else (Absence(row["from_at"], row["until_at"]),),
        )
        for row in rows
    ]


async def names(tx: Tx, people: Sequence[UUID | None]) -> dict[UUID | None, str]:
    """What people are called, those included who work here no more."""
    rows = await tx.rows("SELECT id, name FROM people WHERE id = ANY(%s)", ([one for one in people if one],))
    return {row["id"]: row["name"] for row in rows}


@dataclass(frozen=True, slots=True)
class Client:
    """A client of RentProg as staff name one. ``number`` is RentProg's."""

    id: UUID
    number: int
    name: str
    phone: str | None


_CLIENT = """SELECT id, rentprog_id AS number, phone,
    coalesce(nullif(concat_ws(' ', first_name, last_name), ''), '—') AS name FROM clients WHERE deleted_at IS NULL"""


async def find_client(tx: Tx, client_id: UUID) -> Client | None:
    row = await tx.row(f"{_CLIENT} AND id = %s", (client_id,))
    return None if row is None else Client(**row)


async def clients_named(tx: Tx, *, number: int | None, phone: str | None, limit: int) -> list[Client]:
    """By RentProg's number, or by the digits of a phone; several share a phone at times."""
    rows = await tx.rows(
        f"{_CLIENT} AND (rentprog_id = %s OR phone_normalised = %s) ORDER BY rentprog_id LIMIT %s",
        (number, phone, limit),
    )
    return [Client(**row) for row in rows]


TRIES = 100


async def next_attempt(tx: Tx, message_id: UUID) -> int:
    """How often the message was ordered to be sent: each try is an effect of its own."""
    keys = [f"client:{message_id}:{attempt}" for attempt in range(TRIES)]
    row = await tx.row("SELECT count(*) AS tries FROM commands WHERE effect_key = ANY(%s)", (keys,))
    assert row is not None
    return int(row["tries"])
