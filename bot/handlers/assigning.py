"""Handing a conversation over: by name, or by choice among those who work here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from aiogram.filters import CommandObject
from aiogram.types import Message

from bot.callbacks import screen_button
from bot.desk import ButtonRows, Desk
from bot.handlers.client_topics import conversation_of
from core.commands import Text
from core.events import ConversationSteered, Steer
from db.queries import client_places, conversations, people
from db.queries.conversations import Conversation, subject_of
from db.queries.people import Person
from db.session import Tx

SHOWN = 12


def steer(
    desk: Desk, act: Steer, conversation_id: UUID, *, to_person: UUID | None = None, client_id: UUID | None = None
) -> None:
    body = ConversationSteered(
        conversation_id=conversation_id, act=act, person_id=desk.person.id, to_person=to_person, client_id=client_id
    )
    desk.record(body, subject=subject_of(conversation_id))


async def assign(message: Message, desk: Desk, command: CommandObject) -> None:
    wanted = (command.args or "").strip()
    async with desk.work() as tx:
        conversation = await _mine_to_assign(desk, tx, conversation_of(desk))
        if conversation is None:
            desk.reply(Text(key="talk-assign-no-right"))
            return
        everybody = await people.working(tx)
        found = [one for one in everybody if one.tg_user_id in _mentioned(message)] or _named(everybody, wanted)
        if len(found) == 1:
            _hand_over(desk, conversation, found[0])
        elif wanted and not found:
            desk.reply(Text(key="talk-assign-nobody", args={"wanted": wanted}), _choices(conversation, everybody))
        else:
            desk.reply(Text(key="talk-assign-whom"), _choices(conversation, found or everybody))


async def choose_person(desk: Desk, tx: Tx, payload: dict[str, Any]) -> None:
    """The screen behind "Assign": without a person yet it offers the choice, with one it hands over."""
    conversation = await _mine_to_assign(desk, tx, UUID(payload["conversation_id"]))
    if conversation is None:
        desk.toast(Text(key="button-no-right"))
    elif "person_id" not in payload:
        desk.reply(Text(key="talk-assign-whom"), _choices(conversation, await people.working(tx)))
    else:
        person = await people.by_id(tx, UUID(payload["person_id"]))
        if person is None:
            desk.toast(Text(key="people-gone"))
        elif person.id == conversation.holder_id:
            desk.toast(Text(key="button-used"))
        else:
            steer(desk, "assign", conversation.id, to_person=person.id)
            desk.toast(Text(key="button-accepted"))


async def _mine_to_assign(desk: Desk, tx: Tx, conversation_id: UUID) -> Conversation | None:
    """None when it is neither theirs nor their branch's."""
    conversation = await conversations.find(tx, conversation_id)
    is_theirs = conversation is not None and client_places.may_assign(conversation, desk.person)
    return conversation if is_theirs else None


def _mentioned(message: Message) -> set[int]:
    """People without a username are mentioned by their account."""
    entities = message.entities or message.caption_entities or []
    return {entity.user.id for entity in entities if entity.user is not None}


def _named(everybody: Sequence[Person], wanted: str) -> list[Person]:
    if not wanted:
        return []
    name = wanted.removeprefix("@").casefold()
    by_username = [one for one in everybody if (one.tg_username or "").casefold() == name]
    return by_username or [one for one in everybody if name in one.name.casefold()]


def _hand_over(desk: Desk, conversation: Conversation, person: Person) -> None:
    if person.id == conversation.holder_id:
        desk.reply(Text(key="talk-assign-already", args={"name": person.name}))
    else:
        steer(desk, "assign", conversation.id, to_person=person.id)


def _choices(conversation: Conversation, found: Sequence[Person]) -> ButtonRows:
    """Those of the conversation's branch first, then those above the branches, then the others."""
    order = sorted(found, key=lambda one: (one.branch != conversation.branch, one.branch is not None))
    others = [one for one in order if one.id != conversation.holder_id]
    return tuple(
        (
            screen_button(
                Text(key="button-plain", args={"label": one.name}),
                "assign",
                conversation_id=str(conversation.id),
                person_id=str(one.id),
            ),
        )
        for one in others[:SHOWN]
    )
