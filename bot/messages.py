"""Plain messages: said, edited, deleted; and alarms, said with their newest count."""

from collections.abc import Sequence
from typing import Any

from aiogram.methods import DeleteMessages as DeleteMessagesCall
from aiogram.types import InlineKeyboardMarkup

from bot import forum_mode, keyboards
from bot.errors import Fault, RefusedError
from bot.means import Means
from bot.places import place_of_entity
from core.commands import Command, DeleteMessages, EditMessage, SendMessage, TellAlarm, Text
from core.events import NewEvent
from db.commands import Delivery
from db.queries import alarms, chats
from db.session import Tx

AT_ONCE = 100
"""How many messages one ``deleteMessages`` takes."""


async def send(means: Means, body: SendMessage, command: Command) -> Delivery:
    """Say a text, in the topic of ``entity`` when there is one (opened or healed where needed)."""
    language = body.language or await _language(means, body.chat_id)
    markup = means.texts.html(_honest(body.text, command), language)

    async def buttons() -> InlineKeyboardMarkup | None:
        return await keyboards.keyboard(
            means, body.chat_id, body.buttons, group_key=command.effect_key, language=language
        )

    async def say(thread_id: int | None) -> dict[str, int | None]:
        message = await means.posting.say(
            body.chat_id,
            markup,
            priority=command.priority,
            thread_id=thread_id,
            reply_to=body.reply_to,
            is_silent=body.is_silent,
            keyboard=buttons,
        )
        return {"message_id": message.message_id, "thread_id": thread_id}

    if body.entity is None:
        return Delivery(await say(body.thread_id))
    chat, place = await place_of_entity(means, body.chat_id, body.entity)
    events = await forum_mode.check(means, chat)

    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        del tx
        return events

    return Delivery(await means.topics.inside(place, say), save)


def _honest(text: Text, command: Command) -> Text:
    """A message whose first try may have arrived says so: reading it twice must not look like two things."""
    if not command.is_repeat:
        return text
    return text.model_copy(update={"parts": (*text.parts, Text(key="message-may-repeat"))})


async def edit(means: Means, body: EditMessage, command: Command) -> Delivery:
    """Replace a text; one that was deleted by hand needs no edit."""
    language = body.language or await _language(means, body.chat_id)
    markup = means.texts.html(body.text, language)
    try:
        await means.posting.edit(body.chat_id, body.message_id, markup, priority=command.priority)
    except RefusedError as refusal:
        if refusal.fault is not Fault.MESSAGE_GONE:
            raise
        return Delivery({"skipped": "the message is gone"})
    return Delivery({"message_id": body.message_id})


async def delete(means: Means, body: DeleteMessages, command: Command) -> Delivery:
    """Delete messages; those that are gone already are as good."""
    del command
    for start in range(0, len(body.message_ids), AT_ONCE):
        chunk = list(body.message_ids[start : start + AT_ONCE])
        try:
            await means.calls.plain(DeleteMessagesCall(chat_id=body.chat_id, message_ids=chunk))
        except RefusedError as refusal:
            if refusal.fault is not Fault.MESSAGE_GONE:
                raise
    return Delivery({"deleted": list(body.message_ids)})


async def tell_alarm(means: Means, body: TellAlarm, command: Command) -> Delivery:
    """Say the alarm as it is now; one that ended meanwhile is not said."""
    async with means.db.transaction() as tx:
        alarm = await alarms.find(tx, body.key)
        language = await chats.language_of(tx, body.chat_id)
    if alarm is None or alarm.cleared_at is not None or alarm.opened_at != body.opened_at:
        return Delivery({"skipped": "the alarm is over"})
    repeats = (Text(key="alarm-repeated", args={"count": alarm.count}),) if alarm.count > 1 else ()
    text = Text(key=alarm.text_key, args=alarm.args, parts=repeats)
    message = await means.posting.say(body.chat_id, means.texts.html(text, language), priority=command.priority)

    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        await alarms.note_told(tx, body.key, opened_at=body.opened_at, count=alarm.count)
        return ()

    return Delivery({"message_id": message.message_id, "count": alarm.count}, save)


async def _language(means: Means, chat_id: int) -> str:
    async with means.db.transaction() as tx:
        return await chats.language_of(tx, chat_id)
