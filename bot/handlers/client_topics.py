"""What staff write in a client's topic: for the client. Whatever cannot be sent is said at once."""

from uuid import UUID

from aiogram import F, Router
from aiogram.types import Message

from bot.desk import Desk
from bot.filters import InClientTopic, InPersonalGroup, IsStaff
from bot.handlers import staff_words
from bot.handlers.media import HAS_FILE, file_of
from core.commands import Text
from core.events import StaffAnswered

IS_COMMAND = F.text.lstrip().startswith("/") | F.caption.lstrip().startswith("/")
HAS_WORDS = F.text | F.caption
IS_OTHER = F.sticker | F.location | F.venue | F.contact | F.poll | F.dice | F.story | F.paid_media | F.game
"""What a person may post and no client gets."""


def router() -> Router:
    """Asked after all commands that we know."""
    made = Router(name="client_topics")
    made.message.filter(IsStaff())
    made.message.register(say_that_it_is_no_group, InClientTopic(), ~InPersonalGroup(), HAS_WORDS | HAS_FILE)
    made.message.register(command_is_unknown, InClientTopic(), IS_COMMAND)
    made.message.register(answer, InClientTopic(), F.text | HAS_FILE)
    made.message.register(kind_is_not_sent, InClientTopic(), IS_OTHER)
    made.message.register(say_where_to_write, InPersonalGroup(), HAS_WORDS | HAS_FILE)
    made.edited_message.filter(IsStaff(), InClientTopic(), InPersonalGroup())
    made.edited_message.register(command_was_edited, IS_COMMAND)
    made.edited_message.register(edit, HAS_WORDS)
    return made


def nameless() -> Router:
    """An administrator who stays anonymous is nobody we know, and must not believe that the client was answered."""
    made = Router(name="nameless")
    made.message.register(say_that_nobody_is_seen, InClientTopic(), InPersonalGroup(), _writes_as_the_group)
    return made


def _writes_as_the_group(message: Message) -> bool:
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


async def say_that_nobody_is_seen(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="talk-anonymous"))


async def answer(message: Message, desk: Desk) -> None:
    record_answer(message, desk, words_of(message, desk))


async def edit(message: Message, desk: Desk) -> None:
    words = words_of(message, desk).model_copy(update={"is_edit": True})
    desk.record(words, subject=entity_of(desk))


def record_answer(message: Message, desk: Desk, words: StaffAnswered) -> None:
    """Words that came with a file are told once the file is safe."""
    if message.text is not None:
        desk.record(words, subject=entity_of(desk))
    else:
        desk.record(file_of(message, desk, words=words), subject=f"chat:{desk.chat_id}")


def words_of(message: Message, desk: Desk) -> StaffAnswered:
    """The same as their words elsewhere, and which client they are for."""
    return StaffAnswered(**staff_words.words_of(message, desk).model_dump(), conversation_id=conversation_of(desk))


def entity_of(desk: Desk) -> str:
    """The conversation as the subject of its events."""
    assert desk.situation.entity is not None
    return desk.situation.entity


def conversation_of(desk: Desk) -> UUID:
    return UUID(entity_of(desk).removeprefix("conversation:"))


async def command_is_unknown(message: Message, desk: Desk) -> None:
    """It may be a slip of the fingers, and slips do not go to clients."""
    del message
    desk.reply(Text(key="talk-command-unknown"))


async def command_was_edited(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="edit-not-read"))


async def kind_is_not_sent(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="talk-kind-not-sent"))


async def say_that_it_is_no_group(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="talk-group-is-not-bound"))


async def say_where_to_write(message: Message, desk: Desk) -> None:
    """In General and in topics that we did not open nothing goes to a client."""
    del message
    desk.reply(Text(key="talk-write-in-topics"), merge_key=f"talk-write-in-topics:{desk.chat_id}")
