"""Commands: what must be done outside, as frozen typed bodies with the rule for a lost answer.

Texts are keys and plain values: bot/send.py renders them in the reader's language and escapes them in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, JsonValue

from core.errors import Broken, without_values


class Repeat(StrEnum):
    """What happens to a command whose answer was lost (state ``unknown``)."""

    SAFE = "safe"  # doing it twice leaves the world as once: edits, deletes, calls with an idempotency key
    MAY_REPEAT = "may_repeat"  # a chat text may rarely appear twice; silence would be worse
    NEVER = "never"  # money and messages to clients: a person looks first


class Priority(IntEnum):
    """Order inside one destination; a lower number goes first (contract page of Telegram, one budget per forum)."""

    ANSWER = 0  # escalations and answers to a person
    CLIENT = 1
    LINE = 2
    CARD = 3
    SEED = 4
    DIGEST = 5


class Text(BaseModel):
    """A text of bot/texts by its key, with plain values. ``parts`` are appended, one a line."""

    model_config = ConfigDict(frozen=True)
    key: str
    args: dict[str, str | int] = {}
    parts: tuple["Text", ...] = ()


class Button(BaseModel):
    """A button is an event waiting to happen: a press records ``event_kind`` with ``event`` as its payload.

    ``min_role`` is read again at the press; ``only`` restricts it to one Telegram user.
    """

    model_config = ConfigDict(frozen=True)
    label: Text
    event_kind: str
    event: dict[str, Any]
    subject: str
    min_role: str = "employee"
    only: int | None = None
    style: str | None = None


class CommandBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    kind: ClassVar[str]
    system: ClassVar[str]
    repeat: ClassVar[Repeat]


@dataclass(frozen=True, slots=True)
class NewCommand:
    """A command not recorded yet.

    ``effect_key`` is unique for ever: the same effect is never ordered twice. Of pending commands with one
    ``merge_key`` only the first stays (it will show the newest state anyway).
    """

    body: CommandBody
    destination: str
    effect_key: str
    priority: Priority = Priority.LINE
    merge_key: str | None = None
    not_before: datetime | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A claimed command as its performer sees it. ``is_repeat``: an earlier try may have reached the outside."""

    id: int
    body: CommandBody
    destination: str
    effect_key: str
    priority: Priority
    attempt: int
    is_repeat: bool
    event_id: int | None
    created_at: datetime


def chat_destination(chat_id: int) -> str:
    """The queue of one Telegram chat: all topics of a forum share its budget."""
    return f"telegram:{chat_id}"


class TelegramCommand(CommandBody):
    system: ClassVar[str] = "telegram"
    chat_id: int


class SendMessage(TelegramCommand):
    """A text into a chat, into the topic of ``entity`` when given (opened when missing), else to ``thread_id``."""

    kind: ClassVar[str] = "telegram.send_message"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    text: Text
    language: str | None = None
    entity: str | None = None
    thread_id: int | None = None
    reply_to: int | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    is_silent: bool = False


class ShowCarCard(TelegramCommand):
    """Bring the pinned card of a car up to date; the state is read when it is performed, so the newest one shows."""

    kind: ClassVar[str] = "telegram.show_car_card"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    car_id: UUID


class CloseTopic(TelegramCommand):
    """Say why in the topic of ``entity`` and close it; nothing happens where no topic is open."""

    kind: ClassVar[str] = "telegram.close_topic"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    entity: str
    farewell: Text
    link_chat_id: int | None = None
    """When set, a link to the topic of the same entity in that chat follows the farewell."""


class KeepMedia(TelegramCommand):
    """Download a file that a person posted and put it into storage; ends in the event ``media.stored``."""

    kind: ClassVar[str] = "telegram.keep_media"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    thread_id: int | None
    message_id: int
    media_group_id: str | None
    tg_user_id: int
    person_id: UUID | None
    file_id: str
    file_unique_id: str
    file_name: str | None
    mime_type: str | None
    size: int | None
    media_kind: str


class DeleteMessages(TelegramCommand):
    kind: ClassVar[str] = "telegram.delete_messages"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    message_ids: tuple[int, ...]


class EditMessage(TelegramCommand):
    """Replace the text of a known message and take its buttons away (a decided request, for example)."""

    kind: ClassVar[str] = "telegram.edit_message"
    repeat: ClassVar[Repeat] = Repeat.SAFE
    message_id: int
    text: Text
    language: str | None = None


class TellAlarm(TelegramCommand):
    """Say an open alarm with its count of that moment. One that was cleared, or opened anew since, is not said."""

    kind: ClassVar[str] = "telegram.tell_alarm"
    repeat: ClassVar[Repeat] = Repeat.MAY_REPEAT
    key: str
    opened_at: datetime


BODIES: tuple[type[CommandBody], ...] = (
    SendMessage,
    ShowCarCard,
    CloseTopic,
    KeepMedia,
    DeleteMessages,
    EditMessage,
    TellAlarm,
)
BODY_OF_KIND: dict[str, type[CommandBody]] = {body.kind: body for body in BODIES}


def read_body(kind: str, payload: Mapping[str, JsonValue]) -> CommandBody:
    """The typed body of a stored command; raises ``Broken`` for an unknown kind or one that no longer fits."""
    body = BODY_OF_KIND.get(kind)
    if body is None:
        raise Broken(f"no command of kind {kind} is known to this version")
    try:
        return body.model_validate(payload)
    except ValueError as error:
        raise Broken(f"command of kind {kind} does not fit {body.__name__}: {without_values(error)}") from error
