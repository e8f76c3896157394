"""What a translation needs to know of its conversation beside the messages themselves."""

from datetime import datetime
from uuid import UUID

from db.queries.messages import Message
from db.session import Tx


async def names_of(tx: Tx, conversation_id: UUID) -> list[str]:
    """How the client is called, and the car of the booking: names and plates that stay as they are written."""
    row = await tx.row(
        """SELECT conversations.contact_name, clients.first_name, clients.last_name, cars.model, cars.plate
           FROM conversations
           LEFT JOIN clients ON clients.id = conversations.client_id
           LEFT JOIN bookings ON bookings.id = conversations.booking_id
           LEFT JOIN cars ON cars.id = bookings.car_id
           WHERE conversations.id = %s""",
        (conversation_id,),
    )
    if row is None:
        return []
    whole = " ".join(part for part in (row["first_name"], row["last_name"]) if part)
    return [name for name in dict.fromkeys([row["contact_name"], whole, *row.values()]) if name]


async def is_behind_another(tx: Tx, message: Message, *, since: datetime) -> bool:
    """Whether an older answer of staff, not older than ``since``, waits to be translated and sent by itself.

    The client reads answers in their order; within a second it is the order of Telegram.
    """
    row = await tx.row(
        """SELECT 1 AS one FROM messages
           WHERE conversation_id = %(conversation)s AND id <> %(id)s AND author = 'staff'
             AND translation_state = 'waiting' AND delivery = 'pending'
             AND (sent_at, message_id) < (%(sent_at)s, %(place)s) AND sent_at >= %(since)s
           LIMIT 1""",
        {
            "conversation": message.conversation_id,
            "id": message.id,
            "sent_at": message.sent_at,
            "place": message.message_id,
            "since": since,
        },
    )
    return row is not None
