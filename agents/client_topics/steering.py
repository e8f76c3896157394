"""What staff decide about a conversation: who holds it, whether it is open, whether the client hears, who it is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from agents.client_topics.fleet import with_booking
from agents.client_topics.frame import Frame
from agents.client_topics.orders import Commands, car_card, cards, catch_up, lines
from agents.client_topics.places import settle
from agents.spec import Outcome
from core.commands import Text
from core.events import ConversationSteered, Event, Steer
from db.queries import client_places, conversations, people, waits
from db.queries.conversations import Conversation
from db.queries.people import Person
from db.session import Tx

_OPENS_OR_CLOSES = frozenset({"close", "reopen", "link_client"})


class _NothingChangesError(Exception):
    """The decision changes nothing, or is not theirs; the note of the run says why."""


async def steered(tx: Tx, event: Event[ConversationSteered], frame: Frame) -> Outcome:
    """Who pressed is read from the event's trust: a button was made before anybody knew who would press it."""
    conversation = await conversations.lock(tx, event.body.conversation_id)
    actor = await people.by_trust(tx, event.trust) or await people.by_id(tx, event.body.person_id)
    if conversation is None or actor is None:
        return Outcome(note="the conversation or the person is not known")
    try:
        changed, text = await _ACTS[event.body.act](tx, event, conversation, actor, frame)
    except _NothingChangesError as reason:
        # The press used up the buttons of the card: it gets new ones.
        again = cards(event, conversation, await client_places.read_by_staff(tx, conversation.id))
        return Outcome(commands=again, note=str(reason))
    await conversations.store(tx, changed)
    shown = await settle(tx, changed, now=frame.now)
    told = () if text is None else lines(event, changed, shown.places, text)
    commands: Commands = (*told, *await catch_up(tx, event, changed, shown.added), *cards(event, changed, shown.places))
    if shown.added or event.body.act in _OPENS_OR_CLOSES:
        commands += await car_card(tx, event, changed, now=frame.now)
    return Outcome(events=shown.events, commands=commands, note=f"{event.body.act} by {actor.id}")


Decided = tuple[Conversation, Text | None]
_Act = Callable[[Tx, Event[ConversationSteered], Conversation, Person, Frame], Awaitable[Decided]]


async def _take(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    del tx, event
    if conversation.holder_id == actor.id:
        raise _NothingChangesError("they hold it already")
    return _held_by(conversation, actor, frame), Text(key="talk-taken", args={"name": actor.name})


async def _assign(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    if not client_places.may_assign(conversation, actor):
        raise _NothingChangesError("it is not theirs to assign")
    person = None if event.body.to_person is None else await people.by_id(tx, event.body.to_person)
    if person is None:
        raise _NothingChangesError("whoever it was meant for works here no more")
    if conversation.holder_id == person.id:
        raise _NothingChangesError("they hold it already")
    parts = () if await waits.has_group(tx, person.id) else (Text(key="talk-has-no-group", args={"name": person.name}),)
    text = Text(key="talk-assigned", args={"name": person.name, "by": actor.name}, parts=parts)
    return _held_by(conversation, person, frame), text


def _held_by(conversation: Conversation, person: Person, frame: Frame) -> Conversation:
    """A conversation of no known branch is of its holder's from now on: somebody has to be the head above them."""
    branch = conversation.branch or person.branch
    return replace(conversation, holder_id=person.id, held_since=frame.now, branch=branch)


async def _close(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    del tx, event, frame
    if conversation.state == "closed":
        raise _NothingChangesError("it is closed already")
    closed = replace(conversation, state="closed", is_consult=False, session_expires_at=None)
    return closed, Text(key="talk-closed", args={"name": actor.name})


async def _reopen(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    del tx, event
    if conversation.state == "open":
        raise _NothingChangesError("it is open already")
    opened = replace(conversations.prolonged(conversation, now=frame.now), state="open")
    return opened, Text(key="talk-reopened", args={"name": actor.name})


async def _consult(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    del tx, event, frame
    if conversation.is_consult:
        raise _NothingChangesError("it is in consult mode already")
    return replace(conversation, is_consult=True), Text(key="talk-consult", args={"name": actor.name})


async def _consult_end(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    del tx, event, frame
    if not conversation.is_consult:
        raise _NothingChangesError("it is not in consult mode")
    return replace(conversation, is_consult=False), Text(key="talk-consult-over", args={"name": actor.name})


async def _prolong(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    """An hour more than there was; the card says until when."""
    del tx, event, actor
    until = max(frame.now, conversation.session_expires_at or frame.now)
    return conversations.prolonged(conversation, now=until), None


async def _link_client(
    tx: Tx, event: Event[ConversationSteered], conversation: Conversation, actor: Person, frame: Frame
) -> Decided:
    """A person said who it is: never changed by itself again, and known the next time."""
    client = None if event.body.client_id is None else await client_places.find_client(tx, event.body.client_id)
    if client is None:
        raise _NothingChangesError("the client is not known")
    await conversations.remember_client(tx, conversation, client.id)
    linked = replace(conversation, client_id=client.id, is_client_chosen=True, booking_id=None)
    text = Text(key="talk-linked", args={"client": client.name, "number": client.number, "name": actor.name})
    return await with_booking(tx, linked, now=frame.now), text


_ACTS: Mapping[Steer, _Act] = {
    "take": _take,
    "assign": _assign,
    "close": _close,
    "reopen": _reopen,
    "consult": _consult,
    "consult_end": _consult_end,
    "prolong": _prolong,
    "link_client": _link_client,
}
