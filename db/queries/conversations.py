"""Conversations: whose they are, which client and booking they belong to, where they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.ids import outside_id
from db.session import Tx
from db.storable import storable_row

_COLUMNS = """id, account_id, lead_id, channel, channel_raw, sa_id, source_real_id, contact_name, login, phone,
    social_id, customer_id, client_id, is_client_chosen, booking_id, branch, language, holder_id, held_since,
    is_consult, state, session_expires_at, last_incoming_at, last_outgoing_at"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A row of ``conversations``; see the model for what the columns mean."""

    id: UUID
    account_id: int
    lead_id: int
    channel: str
    channel_raw: str | None = None
    sa_id: int | None = None
    source_real_id: str | None = None
    contact_name: str | None = None
    login: str | None = None
    phone: str | None = None
    social_id: str | None = None
    customer_id: int | None = None
    client_id: UUID | None = None
    is_client_chosen: bool = False
    booking_id: UUID | None = None
    branch: str | None = None
    language: str | None = None
    holder_id: UUID | None = None
    held_since: datetime | None = None
    is_consult: bool = False
    state: str = "open"
    session_expires_at: datetime | None = None
    last_incoming_at: datetime | None = None
    last_outgoing_at: datetime | None = None

    @property
    def entity(self) -> str:
        """Its name among topics, and its subject among events."""
        return subject_of(self.id)

    @property
    def trust(self) -> str:
        """What its client writes is worth: the label of their own words."""
        return f"client:{self.client_id or self.id}"


def id_of(account_id: int, lead_id: int) -> UUID:
    return outside_id("umnico", "lead", f"{account_id}:{lead_id}")


def subject_of(conversation_id: UUID) -> str:
    return f"conversation:{conversation_id}"


async def lock(tx: Tx, conversation_id: UUID) -> Conversation | None:
    """The row, held until the transaction ends."""
    row = await tx.row(
        f"SELECT {_COLUMNS} FROM conversations WHERE id = %s FOR UPDATE",  # noqa: S608 - constants
        (conversation_id,),
    )
    return None if row is None else Conversation(**row)


async def find(tx: Tx, conversation_id: UUID) -> Conversation | None:
    row = await tx.row(f"SELECT {_COLUMNS} FROM conversations WHERE id = %s", (conversation_id,))  # noqa: S608 - constants
    return None if row is None else Conversation(**row)


async def store(tx: Tx, conversation: Conversation) -> Conversation:
    """Write the whole row; whoever changes one has locked it."""
    await tx.run(_STORE, storable_row({name: getattr(conversation, name) for name in _NAMES}))
    return conversation


_NAMES = [name.strip() for name in _COLUMNS.replace("\n", " ").split(",")]
_STORE = f"""
INSERT INTO conversations ({", ".join(_NAMES)}) VALUES ({", ".join(f"%({name})s" for name in _NAMES)})
ON CONFLICT (id) DO UPDATE SET
    {", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES if name not in {"id", "account_id", "lead_id"})},
    updated_at = now()
"""  # noqa: S608 - names of this module


async def matching_clients(tx: Tx, conversation: Conversation) -> list[UUID]:
    """Who it may be: by phone, else by what a person decided for this account of the channel. Never by name.

    More than one means that a person has to say which.
    """
    if conversation.phone is not None:
        rows = await tx.rows(
            "SELECT id FROM clients WHERE phone_normalised = %s AND deleted_at IS NULL ORDER BY id",
            (conversation.phone,),
        )
        return [row["id"] for row in rows]
    rows = await tx.rows(
        """SELECT entity_id AS id FROM external_refs
           WHERE system = 'umnico' AND entity_type = 'client' AND external_id = %s""",
        (contact_key(conversation),),
    )
    return [row["id"] for row in rows]


def contact_key(conversation: Conversation) -> str:
    """How the channel itself names the contact; a name that people chose is no key."""
    return f"{conversation.channel}:{conversation.social_id or conversation.login or conversation.customer_id}"


async def remember_client(tx: Tx, conversation: Conversation, client_id: UUID) -> None:
    """A person said who it is: the next conversation of this contact is known."""
    await tx.run(
        """INSERT INTO external_refs (id, entity_type, entity_id, system, external_id)
           VALUES (%(id)s, 'client', %(client)s, 'umnico', %(contact)s)
           ON CONFLICT (system, entity_type, external_id) DO UPDATE SET entity_id = EXCLUDED.entity_id""",
        {
            "id": outside_id("umnico", "contact", contact_key(conversation)),
            "client": client_id,
            "contact": contact_key(conversation),
        },
    )


async def booking_of(tx: Tx, client_id: UUID, *, now: datetime) -> dict[str, Any] | None:
    """The booking a client is likely to write about: the one under way, else the next, else the last of the month."""
    return await tx.row(
        """SELECT id, branch, responsible_rentprog_id FROM bookings
           WHERE client_id = %(client)s AND deleted_at IS NULL AND archive IS NOT TRUE
             AND state NOT IN ('cancelled', 'refused') AND end_at > %(now)s - interval '30 days'
           ORDER BY in_rent IS TRUE DESC, (end_at > %(now)s) DESC,
                    CASE WHEN end_at > %(now)s THEN start_at END, end_at DESC, id
           LIMIT 1""",
        {"client": client_id, "now": now},
    )


async def open_of(tx: Tx, *, holder_id: UUID | None = None, client_id: UUID | None = None) -> list[Conversation]:
    """Open conversations of one person, or of one client; the longest unanswered first."""
    rows = await tx.rows(
        f"""SELECT {_COLUMNS} FROM conversations
            WHERE state = 'open' AND (%(holder)s::uuid IS NULL OR holder_id = %(holder)s)
              AND (%(client)s::uuid IS NULL OR client_id = %(client)s)
            ORDER BY last_incoming_at NULLS LAST, id""",  # noqa: S608 - constants
        {"holder": holder_id, "client": client_id},
    )
    return [Conversation(**row) for row in rows]


async def responsible_of(tx: Tx, booking_id: UUID) -> tuple[str, int] | None:
    """Branch and RentProg's number of the person who is responsible for a booking."""
    row = await tx.row("SELECT branch, responsible_rentprog_id FROM bookings WHERE id = %s", (booking_id,))
    if row is None or row["responsible_rentprog_id"] is None:
        return None
    return row["branch"], row["responsible_rentprog_id"]


async def are_known(tx: Tx, account_id: int) -> bool:
    """Whether anybody ever wrote to this account while we listened."""
    return await tx.row("SELECT 1 FROM conversations WHERE account_id = %s LIMIT 1", (account_id,)) is not None


async def open_counts(tx: Tx) -> dict[UUID, int]:
    """How many open conversations each person holds."""
    rows = await tx.rows(
        """SELECT holder_id, count(*) AS held FROM conversations
           WHERE state = 'open' AND holder_id IS NOT NULL GROUP BY holder_id"""
    )
    return {row["holder_id"]: row["held"] for row in rows}


@dataclass(frozen=True, slots=True)
class Place:
    """A topic's home: the personal group of one member of staff."""

    conversation_id: UUID
    chat_id: int
    person_id: UUID


async def places(tx: Tx, conversation_id: UUID) -> list[Place]:
    rows = await tx.rows(
        """SELECT conversation_id, chat_id, person_id FROM conversation_places WHERE conversation_id = %s
           ORDER BY since, chat_id""",
        (conversation_id,),
    )
    return [Place(**row) for row in rows]


async def show_at(tx: Tx, conversation_id: UUID, person_id: UUID) -> Place | None:
    """Show the conversation in a person's own group too; None when that person has not bound one."""
    row = await tx.row(
        """INSERT INTO conversation_places (conversation_id, chat_id, person_id)
           SELECT %(conversation)s, chat_id, person_id FROM chats
           WHERE purpose = 'personal_group' AND person_id = %(person)s AND is_member
           ON CONFLICT (conversation_id, chat_id) DO UPDATE SET person_id = EXCLUDED.person_id
           RETURNING conversation_id, chat_id, person_id""",
        {"conversation": conversation_id, "person": person_id},
    )
    return None if row is None else Place(**row)


async def by_thread(tx: Tx, chat_id: int, thread_id: int) -> Conversation | None:
    """The conversation whose topic this thread is, dead versions of the topic included."""
    row = await tx.row(
        f"""SELECT {", ".join(f"c.{name}" for name in _NAMES)} FROM topics AS t
            JOIN conversations AS c ON t.entity = 'conversation:' || c.id
            WHERE t.chat_id = %s AND t.thread_id = %s ORDER BY t.version DESC LIMIT 1""",  # noqa: S608 - constants
        (chat_id, thread_id),
    )
    return None if row is None else Conversation(**row)


def prolonged(conversation: Conversation, *, now: datetime, hours: float = 1.0) -> Conversation:
    """A session lasts an hour after the last word (Umnico page, section 4); the time is in the row, not in memory."""
    return replace(conversation, session_expires_at=now + timedelta(hours=hours))


async def expired(tx: Tx, *, now: datetime, limit: int = 100) -> Sequence[UUID]:
    rows = await tx.rows(
        """SELECT id FROM conversations WHERE state = 'open' AND session_expires_at < %s
           ORDER BY session_expires_at LIMIT %s""",
        (now, limit),
    )
    return [row["id"] for row in rows]
