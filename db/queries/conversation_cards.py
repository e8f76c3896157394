"""All that a conversation's topic shows of it, as plain facts in one read, with times in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from db.queries.conversations import subject_of
from db.session import Tx

_FACTS = """
SELECT c.id, c.lead_id, c.channel, c.contact_name, c.login, c.phone, c.language, c.branch, c.holder_id, c.is_consult,
       c.state, c.session_expires_at, c.last_outgoing_at, br.timezone, p.name AS holder,
       nullif(concat_ws(' ', cl.first_name, cl.last_name), '') AS client, cl.debtor IS TRUE AS is_debtor,
       b.number AS booking_number, b.start_at, b.end_at, b.deposit,
       car.rentprog_id AS car_number, car.plate, car.model, t.chat_id AS car_chat_id, t.thread_id AS car_thread_id,
       (SELECT min(m.sent_at) FROM messages AS m
        WHERE m.conversation_id = c.id AND m.direction = 'incoming'
          AND m.sent_at > coalesce(c.last_outgoing_at, '-infinity')) AS unanswered_since
FROM conversations AS c
LEFT JOIN branches AS br ON br.code = c.branch
LEFT JOIN people AS p ON p.id = c.holder_id
LEFT JOIN clients AS cl ON cl.id = c.client_id AND cl.deleted_at IS NULL
LEFT JOIN bookings AS b ON b.id = c.booking_id AND b.deleted_at IS NULL
LEFT JOIN cars AS car ON car.id = b.car_id
LEFT JOIN chats AS forum ON forum.purpose = 'branch_forum' AND forum.branch = car.branch
LEFT JOIN topics AS t ON t.chat_id = forum.chat_id AND t.entity = 'car:' || car.id AND t.state = 'live'
WHERE c.id = %s
"""


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """``client`` is the name that RentProg has, ``contact_name`` the one that the contact gave themselves.

    ``unanswered_since`` is the first of the client's words that nobody has answered yet.
    """

    id: UUID
    lead_id: int
    channel: str
    contact_name: str | None
    login: str | None
    phone: str | None
    language: str | None
    branch: str | None
    holder_id: UUID | None
    is_consult: bool
    state: str
    session_expires_at: datetime | None
    last_outgoing_at: datetime | None
    timezone: str | None
    holder: str | None
    client: str | None
    is_debtor: bool
    booking_number: int | None
    start_at: datetime | None
    end_at: datetime | None
    deposit: Decimal | None
    car_number: int | None
    plate: str | None
    model: str | None
    car_chat_id: int | None
    car_thread_id: int | None
    unanswered_since: datetime | None

    @property
    def entity(self) -> str:
        return subject_of(self.id)

    @property
    def is_closed(self) -> bool:
        return self.state == "closed"

    @property
    def name(self) -> str | None:
        """How staff know them; None where the channel told nothing at all."""
        return self.client or self.contact_name or self.login or self.phone


async def conversation_facts(tx: Tx, conversation_id: UUID) -> ConversationFacts | None:
    row = await tx.row(_FACTS, (conversation_id,))
    return None if row is None else ConversationFacts(**row)


@dataclass(frozen=True, slots=True)
class TopicOfClient:
    """Where the holder of a booking's conversation talks with its client."""

    chat_id: int
    thread_id: int


async def topic_of_client(tx: Tx, booking_ids: Sequence[UUID]) -> TopicOfClient | None:
    """The live topic of the open conversation about one of these bookings, the holder's own before others."""
    row = await tx.row(
        """SELECT t.chat_id, t.thread_id FROM conversations AS c
           JOIN conversation_places AS place ON place.conversation_id = c.id
           JOIN topics AS t ON t.chat_id = place.chat_id AND t.entity = 'conversation:' || c.id AND t.state = 'live'
           WHERE c.booking_id = ANY(%(bookings)s) AND c.state = 'open'
           ORDER BY array_position(%(bookings)s, c.booking_id), place.person_id = c.holder_id DESC NULLS LAST,
                    c.last_incoming_at DESC NULLS LAST, place.since, place.chat_id
           LIMIT 1""",
        {"bookings": list(booking_ids)},
    )
    return None if row is None else TopicOfClient(**row)


async def awaits_approval(tx: Tx, message_id: UUID) -> bool:
    """Whether a head still has to consent before this message leaves."""
    row = await tx.row(
        """SELECT 1 AS one FROM commands
           WHERE state = 'awaiting_approval' AND payload ->> 'message_id' = %s LIMIT 1""",
        (str(message_id),),
    )
    return row is not None
