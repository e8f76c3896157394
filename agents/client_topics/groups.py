"""A member of staff gave us their group: it is theirs from now on, and the clients they answer move in."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from agents.client_topics.frame import Frame
from agents.client_topics.orders import Commands, cards, catch_up
from agents.client_topics.places import settle
from agents.spec import Outcome
from core.commands import NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import Event, NewEvent, PersonalGroupBound
from db.commands import unpark
from db.queries import audit, chats, client_places, conversations, people
from db.session import Tx

AT_ONCE = 500
"""How many conversations that nobody could read are looked through."""


async def bound(tx: Tx, event: Event[PersonalGroupBound], frame: Frame) -> Outcome:
    """A group for tasks is only made theirs here; the agent of tasks, who is next, fills it."""
    body = event.body
    person = await people.by_id(tx, body.person_id)
    chat = await chats.find(tx, body.chat_id)
    if person is None or (chat is not None and chat.purpose in chats.FORUMS and chat.person_id != person.id):
        return Outcome(commands=(_said(event, Text(key="bind-group-is-taken")),), note="the group is not theirs")
    previous = await chats.bind_group(
        tx, body.chat_id, title=body.title, person_id=person.id, purpose=body.purpose, bound_by=event.trust
    )
    await audit.append(
        tx,
        actor=event.trust,
        action="group.bound",
        subject=f"chat:{body.chat_id}",
        at=event.occurred_at,
        details={"person": str(person.id), "purpose": body.purpose, "title": body.title},
    )
    await unpark(tx, chat_destination(body.chat_id))
    if body.purpose == "task_group":
        return Outcome(note="a group for tasks")
    moved = [] if previous is None else await client_places.move_places(tx, previous.chat_id, body.chat_id, person.id)
    held = [one.id for one in await conversations.open_of(tx, holder_id=person.id)]
    waiting = await client_places.shown_nowhere(tx, limit=AT_ONCE)
    commands, events, count = await _show_all(tx, event, {*moved, *held, *waiting}, frame)
    welcome = Text(key="talk-group-welcome", args={"name": person.name, "clients": count})
    return Outcome(events=events, commands=(_said(event, welcome), *commands), note=f"{count} conversations to show")


async def _show_all(
    tx: Tx, event: Event[PersonalGroupBound], touched: Iterable[UUID], frame: Frame
) -> tuple[Commands, tuple[NewEvent[Any], ...], int]:
    """In the order in which whoever locks several of them does it; the topics are opened at Telegram's pace."""
    commands: Commands = ()
    events: tuple[NewEvent[Any], ...] = ()
    count = 0
    for conversation_id in sorted(touched):
        conversation = await conversations.lock(tx, conversation_id)
        if conversation is None:
            continue
        shown = await settle(tx, conversation, now=frame.now)
        here = [place for place in shown.places if place.chat_id == event.body.chat_id]
        commands += await catch_up(tx, event, conversation, here)
        commands += cards(event, conversation, here)
        events += shown.events
        count += len(here)
    return commands, events, count


def _said(event: Event[PersonalGroupBound], text: Text) -> NewCommand:
    return NewCommand(
        body=SendMessage(chat_id=event.body.chat_id, text=text),
        destination=chat_destination(event.body.chat_id),
        effect_key=f"group:{event.id}:{event.body.chat_id}",
        priority=Priority.ANSWER,
    )
