"""Messages of conversations, in both directions and both languages."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from core.ids import outside_id
from db.session import Tx
from db.storable import storable_json, storable_row

_COLUMNS = """id, conversation_id, account_id, umnico_id, custom_id, direction, author, person_id, operator_id, sent_at,
    original, language, translation, translated_to, translation_state, translation_note, transcript, confidence,
    attachments, delivery, delivery_note, sending, needs_approval, chat_id, message_id, edited_at"""


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
class Sending:
    """How far a message of ours is on its way: its pieces leave one after another, each under an id of its own.

    ``begun`` pieces were handed to Umnico and ``sent`` of them arrived for sure: one that is begun and not sent is in
    doubt, and is looked up before anything is done about it. ``attempt`` is the last one a person wanted, ``since`` the
    first one with these words; ``umnico_ids`` are what Umnico called the pieces.
    """

    attempt: int
    text_hash: str
    since: int = 0
    pieces: int = 0
    begun: int = 0
    sent: int = 0
    begun_at: str | None = None
    source_real_id: str | None = None
    umnico_ids: tuple[str, ...] = ()

    @property
    def is_in_doubt(self) -> bool:
        return self.begun > self.sent

    @property
    def is_whole(self) -> bool:
        return 0 < self.pieces <= self.sent

    @property
    def begun_since(self) -> datetime | None:
        return None if self.begun_at is None else datetime.fromisoformat(self.begun_at)

    def arrived(self, piece: int, umnico_id: str | None) -> "Sending":
        """The piece reached the client, and so did those before it: they leave in their order."""
        ids = (*self.umnico_ids, *(() if umnico_id is None else (umnico_id,)))
        sent = max(self.sent, piece + 1)
        return replace(self, sent=sent, begun=max(self.begun, sent), umnico_ids=tuple(dict.fromkeys(ids)))

    def merged(self, stored: "Sending | None") -> "Sending":
        """With what an echo wrote into the row meanwhile."""
        if stored is None or stored.text_hash != self.text_hash:
            return self
        sent = max(self.sent, stored.sent)
        ids = dict.fromkeys((*self.umnico_ids, *stored.umnico_ids))
        return replace(self, sent=sent, begun=max(self.begun, sent), umnico_ids=tuple(ids))


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
    sending: Sending | None = None
    needs_approval: bool = False
    chat_id: int | None = None
    message_id: int | None = None
    edited_at: datetime | None = None

    @property
    def words(self) -> str:
        """What is to be read and translated: the text, else what was said."""
        return self.original or self.transcript or ""

    @property
    def client_words(self) -> str:
        """What the client is to read: the translation where there is one, else the words themselves."""
        return self.words if self.translation is None else self.translation

    @property
    def pieces_sent(self) -> int:
        return self.sending.sent if self.sending is not None else 0


_OURS = "jarvis:"
_PIECE = re.compile(_OURS + r"([0-9a-f-]{36}):([0-9]{1,4}):([0-9]{1,4})")


def id_of_incoming(account_id: int, umnico_id: str) -> UUID:
    """Webhook and history name a message alike, so both lead to one row."""
    return outside_id("umnico", "message", f"{account_id}:{umnico_id}")


def id_of_outgoing(chat_id: int, message_id: int) -> UUID:
    """What a member of staff wrote, by where it stands in Telegram."""
    return outside_id("telegram", "message", f"{chat_id}:{message_id}")


def custom_id_of(message_id: UUID) -> str:
    """What the ids begin with that we give Umnico when sending; its echo and its history bring them back."""
    return f"{_OURS}{message_id}"


def piece_id_of(message_id: UUID, attempt: int, piece: int) -> str:
    return f"{custom_id_of(message_id)}:{attempt}:{piece}"


class Piece(NamedTuple):
    message_id: UUID
    attempt: int
    number: int


def piece_of(custom_id: str) -> Piece | None:
    """The piece that an id of ours names; None for an id that is not ours."""
    found = _PIECE.fullmatch(custom_id)
    return None if found is None else Piece(UUID(found[1]), int(found[2]), int(found[3]))


def is_ours(custom_id: str | None) -> bool:
    return custom_id is not None and custom_id.startswith(_OURS)


def client_words(message: Message) -> str:
    """What the client reads of a message of ours: its translation, else what was written."""
    return message.client_words


async def find(tx: Tx, message_id: UUID) -> Message | None:
    return _read(await tx.row(f"SELECT {_COLUMNS} FROM messages WHERE id = %s", (message_id,)))  # noqa: S608 - constants


async def lock(tx: Tx, message_id: UUID) -> Message | None:
    """The row, held until the transaction ends."""
    return _read(await tx.row(f"SELECT {_COLUMNS} FROM messages WHERE id = %s FOR UPDATE", (message_id,)))  # noqa: S608 - constants


async def store(tx: Tx, message: Message) -> None:
    """Write the whole row; whoever changes one has locked it or its conversation."""
    values = storable_row({name: getattr(message, name) for name in _NAMES})
    values["attachments"] = storable_json([asdict(one) for one in message.attachments])
    values["sending"] = None if message.sending is None else storable_json(asdict(message.sending))
    await tx.run(_STORE, values)


_NAMES = [name.strip() for name in _COLUMNS.replace("\n", " ").split(",")]
_STORE = f"""
INSERT INTO messages ({", ".join(_NAMES)}) VALUES ({", ".join(f"%({name})s" for name in _NAMES)})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES if name != "id")}
"""  # noqa: S608 - names of this module


async def note_shown(tx: Tx, message_id: UUID) -> None:
    """A client's message stands in somebody's topic."""
    await tx.run("UPDATE messages SET delivery = 'shown' WHERE id = %s AND delivery = 'received'", (message_id,))


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


async def known_texts(tx: Tx, account_id: int, umnico_ids: Sequence[str]) -> dict[str, str]:
    """The words under each of these ids of Umnico that is stored."""
    rows = await tx.rows(
        "SELECT umnico_id, original FROM messages WHERE account_id = %s AND umnico_id = ANY(%s)",
        (account_id, list(umnico_ids)),
    )
    return {row["umnico_id"]: row["original"] for row in rows}


async def on_their_way(tx: Tx, conversation_id: UUID, *, since: datetime) -> list[Message]:
    """Our own messages of a conversation that were handed to Umnico, the newest first."""
    rows = await tx.rows(
        f"""SELECT {_COLUMNS} FROM messages
            WHERE conversation_id = %s AND direction = 'outgoing' AND sending IS NOT NULL AND sent_at >= %s
            ORDER BY sent_at DESC, id FOR UPDATE""",  # noqa: S608 - constants
        (conversation_id, since),
    )
    return [message for row in rows if (message := _read(row)) is not None]


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


async def waiting_for_translation(tx: Tx, *, limit: int, has_words: bool) -> list[Message]:
    """The oldest first, of what was shown without its translation; a recording has no words until it is read.

    The two are read apart, so that neither waits behind the other.
    """
    rows = await tx.rows(
        f"""SELECT {_COLUMNS} FROM messages
            WHERE translation_state = 'waiting' AND (original <> '' OR coalesce(transcript, '') <> '') = %s
            ORDER BY sent_at, id LIMIT %s""",  # noqa: S608 - constants
        (has_words, limit),
    )
    return [message for row in rows if (message := _read(row)) is not None]


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
    sending = row["sending"]
    return Message(
        **{
            **row,
            "attachments": tuple(Attachment(**one) for one in row["attachments"]),
            "sending": None if sending is None else Sending(**{**sending, "umnico_ids": tuple(sending["umnico_ids"])}),
        }
    )
