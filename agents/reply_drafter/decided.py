"""A member of staff pressed a button of a draft: once, and only while it still answers what the client asked."""

from dataclasses import dataclass
from typing import Any

from agents.reply_drafter.proposal import Thought
from agents.reply_drafter.sending import send, shown_again
from agents.spec import Outcome
from core.commands import NewCommand, Text, tell_topic
from core.events import DraftDecided, Event
from db.queries import client_places, conversations, drafts, people
from db.queries.conversations import Conversation
from db.queries.drafts import Draft
from db.queries.people import Person
from db.session import Tx


async def save(tx: Tx, event: Event[Any], body: DraftDecided, thought: Thought) -> Outcome:
    """Who presses is told by the event's trust, never by what the button carries."""
    now = thought.now
    conversation = await conversations.lock(tx, body.conversation_id)
    draft = await drafts.lock(tx, body.draft_id)
    person = await people.by_trust(tx, event.trust)
    if conversation is None or draft is None or draft.conversation_id != conversation.id or person is None:
        return Outcome(note="no such draft, or nobody who may decide on it")
    if not draft.is_undecided:
        return Outcome(commands=await shown_again(tx, event, conversation, [draft.id]), note="decided already")
    match body.choice:
        case "discard":
            await drafts.decide(tx, draft.id, "discarded", person_id=person.id, now=now)
            commands: tuple[NewCommand, ...] = ()
        case "edit":
            await drafts.decide(tx, draft.id, "edited", person_id=person.id, now=now)
            text = Text(key="reply-draft-to-edit", args={"words": draft.staff_text})
            commands = await _told(tx, event, conversation, person, text)
        case "send":
            commands = await _sent(tx, event, _Press(conversation, draft, person, thought))
    again = await shown_again(tx, event, conversation, [draft.id])
    return Outcome(commands=(*commands, *again), note=body.choice)


@dataclass(frozen=True, slots=True)
class _Press:
    conversation: Conversation
    draft: Draft
    person: Person
    thought: Thought


async def _sent(tx: Tx, event: Event[Any], press: _Press) -> tuple[NewCommand, ...]:
    conversation, draft, person, now = press.conversation, press.draft, press.person, press.thought.now
    if conversation.is_consult or conversation.state == "closed":
        key = "reply-draft-in-consult" if conversation.is_consult else "reply-draft-closed"
        return await _told(tx, event, conversation, person, Text(key=key))
    if draft.state == "held":
        return await _told(tx, event, conversation, person, Text(key="reply-draft-held"))
    if await drafts.client_wrote_after(tx, draft.question_id):
        await drafts.decide(tx, draft.id, "outdated", person_id=person.id, now=now)
        return await _told(tx, event, conversation, person, Text(key="reply-draft-outdated"))
    await drafts.decide(tx, draft.id, "sent", person_id=person.id, now=now)
    language = press.thought.staff_language
    return (await send(tx, conversation, draft, staff_language=language, person=person, now=now),)


async def _told(
    tx: Tx, event: Event[Any], conversation: Conversation, person: Person, text: Text
) -> tuple[NewCommand, ...]:
    """In the topic of whoever pressed; where they have none, wherever it is shown."""
    places = await client_places.read_by_staff(tx, conversation.id)
    own = [place for place in places if place.person_id == person.id]
    return tuple(
        tell_topic(
            place.chat_id,
            conversation.entity,
            text,
            effect_key=f"draft-decided:{event.id}:{place.chat_id}",
            branch=conversation.branch,
        )
        for place in own or places
    )
