"""Messages of conversations, in both directions and both languages."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core.ids import outside_id
from db.session import Tx
from db.storable import storable_json, storable_row

_COLUMNS = """id, conversation_id, account_id, umnico_id, custom_id, direction, author, person_id, operator_id, sent_at,
    original, language, translation, translated_to, translation_state, translation_note, transcript, confidence,
    attachments, delivery, delivery_note, needs_approval, chat_id, message_id, edited_at"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. ``state``: stored, or lost with the reason in ``why``."""

    kind: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None
    storage_key: str | None = None
    state: str = "stored"
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A row of ``messages``; see the model for what the columns mean."""

    id: UUID
    conversation_id: UUID
    account_id: int
    direction: str
    author: str
    sent_at: datetime
    original: str
    delivery: str
    umnico_id: str | None = None
    custom_id: str | None = None
    person_id: UUID | None = None
    operator_id: int | None = None
    language: str | None = None
    translation: str | None = None
    translated_to: str | None = None
    translation_state: str = "none"
    translation_note: str | None = None
    transcript: str | None = None
    confidence: float | None = None
    attachments: tuple[Attachment, ...] = field(default=())
    delivery_note: str | None = None
    needs_approval: bool = False
    chat_id: int | None = None
    message_id: int | None = None
    edited_at: datetime | None = None

    @property
    def words(self) -> str:
        """What is to be read and translated: the text, else what was said."""
        return self.original or self.transcript or ""


def id_of_incoming(account_id: int, umnico_id: str) -> UUID:
    """Webhook and history name a message alike, so both lead to one row."""
    return outside_id("umnico", "message", f"{account_id}:{umnico_id}")


def id_of_outgoing(chat_id: int, message_id: int) -> UUID:
    """What a member of staff wrote, by where it stands in Telegram."""
    return outside_id("telegram", "message", f"{chat_id}:{message_id}")


def custom_id_of(message_id: UUID) -> str:
    """The id we give Umnico when sending; its echo and its history bring it back."""
    return f"jarvis:{message_id}"


def client_words(message: Message) -> str:
    """What the client reads of a message of ours: its translation, else what was written."""
    return message.words if message.translation is None else message.translation


async def find(tx: Tx, message_id: UUID) -> Message | None:
    return _read(await tx.row(f"SELECT {_COLUMNS} FROM messages WHERE id = %s", (message_id,)))  # noqa: S608 - constants


async def lock(tx: Tx, message_id: UUID) -> Message | None:
    """The row, held until the transaction ends."""
    return _read(await tx.row(f"SELECT {_COLUMNS} FROM messages WHERE id = %s FOR UPDATE", (message_id,)))  # noqa: S608 - constants


async def store(tx: Tx, message: Message) -> None:
    """Write the whole row; whoever changes one has locked it or its conversation."""
    values = storable_row({name: getattr(message, name) for name in _NAMES})
    values["attachments"] = storable_json([asdict(one) for one in message.attachments])
    await tx.run(_STORE, values)


_NAMES = [name.strip() for name in _COLUMNS.replace("\n", " ").split(",")]
_STORE = f"""
INSERT INTO messages ({", ".join(_NAMES)}) VALUES ({", ".join(f"%({name})s" for name in _NAMES)})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES if name != "id")}
"""  # noqa: S608 - names of this module


async def known_of(tx: Tx, account_id: int, umnico_ids: Sequence[str]) -> set[str]:
    """Which of these ids of Umnico are stored."""
    rows = await tx.rows(
        "SELECT umnico_id FROM messages WHERE account_id = %s AND umnico_id = ANY(%s)", (account_id, list(umnico_ids))
    )
    return {row["umnico_id"] for row in rows}


async def by_umnico(tx: Tx, account_id: int, umnico_id: str) -> Message | None:
    return _read(
        await tx.row(
            f"SELECT {_COLUMNS} FROM messages WHERE account_id = %s AND umnico_id = %s",  # noqa: S608 - constants
            (account_id, umnico_id),
        )
    )


async def by_custom(tx: Tx, custom_id: str) -> Message | None:
    """Our own message, by the id that we gave it."""
    return _read(await tx.row(f"SELECT {_COLUMNS} FROM messages WHERE custom_id = %s", (custom_id,)))  # noqa: S608 - constants


async def shown_as(tx: Tx, chat_id: int, message_id: int) -> Message | None:
    """The message that a member of staff wrote there."""
    return _read(
        await tx.row(
            f"SELECT {_COLUMNS} FROM messages WHERE chat_id = %s AND message_id = %s",  # noqa: S608 - constants
            (chat_id, message_id),
        )
    )


async def waiting_for_translation(tx: Tx, *, limit: int) -> list[tuple[UUID, UUID]]:
    """Conversation and message, the oldest first, of what was shown without its translation."""
    rows = await tx.rows(
        """SELECT conversation_id, id FROM messages WHERE translation_state = 'waiting'
           ORDER BY sent_at, id LIMIT %s""",
        (limit,),
    )
    return [(row["conversation_id"], row["id"]) for row in rows]


async def last_of(tx: Tx, conversation_id: UUID, *, limit: int) -> list[Message]:
    """The newest messages of a conversation, the oldest of them first."""
    rows = await tx.rows(
        f"""SELECT * FROM (SELECT {_COLUMNS} FROM messages WHERE conversation_id = %s
                           ORDER BY sent_at DESC, created_at DESC LIMIT %s) AS newest
            ORDER BY sent_at, id""",  # noqa: S608 - constants
        (conversation_id, limit),
    )
    return [message for row in rows if (message := _read(row)) is not None]


def _read(row: dict[str, Any] | None) -> Message | None:
    if row is None:
        return None
    return Message(**{**row, "attachments": tuple(Attachment(**one) for one in row["attachments"])})
