"""What people are told by a step: where they look anyway, with the card of what waits.

A move of a conversation is explained in its topics by the agent that shows it there (``ConversationMoved``).
"""

from uuid import UUID

from agents.escalation.decide import Move, WaitKind
from agents.escalation.owed import Owed
from core.commands import (
    Button,
    NewCommand,
    Priority,
    SendMessage,
    ShowApproval,
    ShowTaskCard,
    TelegramCommand,
    Text,
    chat_destination,
)
from db.queries import client_places, people, waits
from db.queries.people import Person
from db.queries.waits import OpenWait
from db.session import Tx


async def remind(tx: Tx, wait: OpenWait, owed: Owed, holder_id: UUID, minutes: int) -> tuple[NewCommand, ...]:
    """A line in the holder's topic with a mention; in their private chat where they have no topic of it."""
    holder = await people.by_id(tx, holder_id)
    if holder is None:
        return ()
    args = {"kind": owed.noun, "name": owed.title, "minutes": minutes}
    text = Text(key="wait-remind", args={**args, "who": holder.name, "id": str(holder.tg_user_id)})
    key = wait.effect_key(len(wait.told))
    chat_id = await _topic_of(tx, owed, holder_id)
    if chat_id is None:
        return (_private(holder, text, key, wait, owed.buttons),)
    return (_order(SendMessage(chat_id=chat_id, text=text, entity=owed.subject), key, wait),)


async def _topic_of(tx: Tx, owed: Owed, holder_id: UUID) -> int | None:
    """The chat in which the holder has a topic of the conversation."""
    if owed.kind is not WaitKind.CONVERSATION:
        return None
    places = await client_places.read_by_staff(tx, owed.id)
    return next((place.chat_id for place in places if place.person_id == holder_id), None)


async def move_for_new(tx: Tx, wait: OpenWait, owed: Owed, move: Move) -> tuple[NewCommand, ...]:
    """A task and a consent come to their new person's private chat, with the card.

    So does a conversation whose new holder has no group to read it in.
    """
    person = await people.by_id(tx, move.to.id)
    if person is None:
        return ()
    if owed.kind is WaitKind.CONVERSATION and await waits.has_group(tx, person.id):
        return ()
    former = await client_places.names(tx, (move.from_holder,))
    text = Text(
        key="wait-moved-to-you",
        args=_about(owed, move) | {"former": former.get(move.from_holder, "—")},
        parts=_whose_turn_passed(move),
    )
    key = wait.effect_key(len(wait.told))
    told = _private(person, text, key, wait, owed.buttons)
    card = _card(owed, person)
    return (told,) if card is None else (told, _order(card, f"{key}:card", wait))


async def move_for_former(tx: Tx, wait: OpenWait, owed: Owed, move: Move) -> tuple[NewCommand, ...]:
    """Who had it hears where it went; of a conversation the topic tells them."""
    former = None if move.from_holder is None else await people.by_id(tx, move.from_holder)
    if former is None or owed.kind is WaitKind.CONVERSATION:
        return ()
    names = await client_places.names(tx, (move.to.id,))
    text = Text(key="wait-moved-on", args=_about(owed, move) | {"to": names.get(move.to.id, "—")})
    return (_private(former, text, f"{wait.effect_key(len(wait.told))}:former", wait),)


def _about(owed: Owed, move: Move) -> dict[str, str | int]:
    minutes = int(move.why.waited.total_seconds() // 60)
    return {"kind": owed.noun, "name": owed.title, "why": str(move.why.reason), "minutes": minutes}


def _whose_turn_passed(move: Move) -> tuple[Text, ...]:
    skipped = [Text(key="talk-level-skipped", args={"level": str(int(level))}) for level in move.why.skipped]
    missed = [Text(key="talk-level-missed", args={"level": str(int(level))}) for level in move.why.missed]
    return (*skipped, *missed)


def _card(owed: Owed, person: Person) -> TelegramCommand | None:
    match owed.kind:
        case WaitKind.TASK:
            return ShowTaskCard(chat_id=person.tg_user_id, task_id=owed.id)
        case WaitKind.APPROVAL:
            return ShowApproval(chat_id=person.tg_user_id, approval_id=owed.id)
        case WaitKind.CONVERSATION | WaitKind.INSPECTION | WaitKind.REVIEW:
            return None


def _private(
    person: Person, text: Text, effect_key: str, wait: OpenWait, buttons: tuple[tuple[Button, ...], ...] = ()
) -> NewCommand:
    body = SendMessage(chat_id=person.tg_user_id, text=text, language=person.language, buttons=buttons)
    return _order(body, effect_key, wait)


def _order(body: TelegramCommand, effect_key: str, wait: OpenWait) -> NewCommand:
    return NewCommand(
        body=body,
        destination=chat_destination(body.chat_id),
        effect_key=effect_key,
        priority=Priority.ANSWER,
        branch=wait.branch,
    )
