"""What an answer of Telegram means in our four words, and the refusals that a flow may mend."""

import re
from datetime import timedelta
from enum import Enum, auto

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError
from pydantic import ValidationError

from core.errors import AnswerLost, Broken, JarvisError, NeedsAttention, Rejected, Temporary


class Fault(Enum):
    """Why Telegram said 400, as far as somebody can do something about it."""

    NOT_MODIFIED = auto()
    TOPIC_GONE = auto()
    TOPIC_CLOSED = auto()
    NOT_A_FORUM = auto()
    UNPARSABLE = auto()
    MESSAGE_GONE = auto()
    NO_TEXT = auto()
    UNDELETABLE = auto()
    FILE_TOO_BIG = auto()
    FILE_GONE = auto()
    NO_RIGHT = auto()
    NO_VOICE = auto()
    CHAT_UNKNOWN = auto()
    OURS = auto()


_TEXTS: tuple[tuple[str, Fault], ...] = (
    ("message is not modified", Fault.NOT_MODIFIED),
    ("topic_not_modified", Fault.NOT_MODIFIED),
    ("message thread not found", Fault.TOPIC_GONE),
    ("topic_deleted", Fault.TOPIC_GONE),
    ("topic_id_invalid", Fault.TOPIC_GONE),
    ("topic_closed", Fault.TOPIC_CLOSED),
    ("the chat is not a forum", Fault.NOT_A_FORUM),
    ("can't parse entities", Fault.UNPARSABLE),
    ("there is no text in the message", Fault.NO_TEXT),
    ("there is no caption in the message", Fault.NO_TEXT),
    ("message can't be deleted", Fault.UNDELETABLE),
    ("file is too big", Fault.FILE_TOO_BIG),
    ("invalid file_id", Fault.FILE_GONE),
    ("wrong file identifier", Fault.FILE_GONE),
    ("wrong remote file", Fault.FILE_GONE),
    ("wrong file_id", Fault.FILE_GONE),
    ("not enough rights to send", Fault.NO_VOICE),
    ("have no rights to send", Fault.NO_VOICE),
    ("chat_write_forbidden", Fault.NO_VOICE),
    ("not enough rights", Fault.NO_RIGHT),
    ("chat_admin_required", Fault.NO_RIGHT),
    ("chat not found", Fault.CHAT_UNKNOWN),
    ("chat_id is empty", Fault.CHAT_UNKNOWN),
)
"""Matched by substring, because the texts of the server differ per method (contract page of Telegram)."""

_MESSAGE_GONE = re.compile(r"message to \w+( \w+)? not found")


class RefusedError(JarvisError):
    """Telegram refused with a reason that the flow may mend; ``meaning`` is what it means where nobody does."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault

    @property
    def meaning(self) -> JarvisError:
        match self.fault:
            case Fault.NO_RIGHT | Fault.NO_VOICE:
                return NeedsAttention(str(self), scope="destination")
            case Fault.CHAT_UNKNOWN | Fault.MESSAGE_GONE | Fault.FILE_GONE | Fault.FILE_TOO_BIG | Fault.UNDELETABLE:
                return Rejected(str(self))
            case _:
                return Broken(str(self))


class MigratedError(JarvisError):
    """The group became a supergroup with another id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the chat is {chat_id} now")
        self.chat_id = chat_id


class NotYetError(JarvisError):
    """A pace to keep, and nobody's fault: the command is postponed."""

    def __init__(self, delay: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.delay = delay


def meaning_of(error: AiogramError) -> JarvisError:  # noqa: PLR0911 - one visible table
    """Our word for an exception of the client library; a 400 becomes ``RefusedError``."""
    match error:
        case TelegramRetryAfter():
            return Temporary(error.message, retry_after=error.retry_after)
        case TelegramMigrateToChat():
            return MigratedError(error.migrate_to_chat_id)
        case TelegramBadRequest():
            return RefusedError(fault_of(error.message), error.message)
        case TelegramEntityTooLarge():
            return RefusedError(Fault.FILE_TOO_BIG, error.message)
        case TelegramForbiddenError():
            return NeedsAttention(error.message, scope="destination")
        case TelegramUnauthorizedError():
            return NeedsAttention(f"Telegram does not accept the bot's token: {error.message}")
        case TelegramNotFound() if "method not found" not in error.message.lower():
            return NeedsAttention(f"Telegram does not know the bot's token: {error.message}")
        case TelegramServerError():
            return Temporary(error.message)
        case TelegramNetworkError():
            return _network(error)
        case ClientDecodeError():
            return _unreadable(error)
        case _:
            return Broken(f"{type(error).__name__}: {error}")


def fault_of(description: str) -> Fault:
    lowered = description.lower()
    if _MESSAGE_GONE.search(lowered):
        return Fault.MESSAGE_GONE
    return next((fault for text, fault in _TEXTS if text in lowered), Fault.OURS)


def _network(error: TelegramNetworkError) -> Temporary:
    """No connection means that nothing was sent; after any later trouble nobody knows."""
    if isinstance(error.__cause__, ClientConnectorError):
        return Temporary(error.message)
    return AnswerLost(error.message)


def _unreadable(error: ClientDecodeError) -> JarvisError:
    """A page of a gateway hides the answer; an answer that does not fit the types is a changed contract."""
    if isinstance(error.original, ValidationError):
        return Broken(f"Telegram answered something else than promised: {error.original}")
    return AnswerLost(f"the answer is no JSON: {error.original}")
