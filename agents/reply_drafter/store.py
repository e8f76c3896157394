"""Write down a draft under the conversation's lock, after a second look, and show it to whoever owes the answer."""

from typing import Any
from uuid import UUID

from agents.reply_drafter import decided
from agents.reply_drafter.agent import Handled
from agents.reply_drafter.context import load
from agents.reply_drafter.decide import NightCase, why_not, why_not_by_itself
from agents.reply_drafter.proposal import Proposal, Thought
from agents.reply_drafter.sending import send, shown_again
from agents.spec import Outcome
from core.commands import NewCommand, show_draft
from core.events import ClientWrote, DraftDecided, Event, MessageTranslated
from core.ids import outside_id
from db.queries import client_places, conversations, drafts, messages
from db.queries.conversations import Conversation
from db.queries.drafts import Draft
from db.session import Tx


async def save(tx: Tx, event: Event[Handled], outcome: Outcome) -> Outcome:
    thought: Thought = outcome.changes
    body = event.body
    if isinstance(body, DraftDecided):
        return await decided.save(tx, event, body, thought)
    conversation = await conversations.lock(tx, body.conversation_id)
    if conversation is None:
        return outcome
    outdated = await _outdate(tx, body, is_proposed=thought.proposal is not None)
    again = await shown_again(tx, event, conversation, outdated)
    if thought.proposal is None:
        return Outcome(commands=again, note=outcome.note, records=outcome.records)
    commands, note = await _propose(tx, event, conversation, thought.proposal, thought)
    return Outcome(commands=(*again, *commands), note=note or outcome.note, records=outcome.records)


async def _outdate(tx: Tx, body: ClientWrote | MessageTranslated, *, is_proposed: bool) -> list[UUID]:
    """Every word of the client makes what was drafted before an answer to an older question."""
    message = await messages.find(tx, body.message_id)
    if message is None or not (is_proposed or isinstance(body, ClientWrote)):
        return []
    return await drafts.outdate(tx, body.conversation_id, until=message.sent_at)


async def _propose(
    tx: Tx, event: Event[Any], conversation: Conversation, proposal: Proposal, thought: Thought
) -> tuple[tuple[NewCommand, ...], str | None]:
    """What has happened while the model thought decides: an answer, a newer question, an end."""
    context = await load(tx, conversation.id, event.body.message_id)
    skip = "the conversation is not known" if context is None else why_not(context, is_late=False)
    if skip is not None:
        return (), f"not needed any more: {skip}"
    alone = await _why_not_alone(tx, conversation, proposal, thought)
    is_sent = proposal.night.is_on and alone is None
    draft = Draft(
        id=outside_id("jarvis", "draft", event.id),
        conversation_id=conversation.id,
        question_id=event.body.message_id,
        staff_text=proposal.answer.staff_text,
        client_text=proposal.answer.client_text,
        language=proposal.languages.client,
        state="sent" if is_sent else "open" if proposal.why_held is None else "held",
        facts=proposal.facts_as_json("sent by itself" if is_sent else f"for a person, {alone}"),
        why_held=proposal.why_held,
        is_shadow=proposal.night.is_on and proposal.night_settings.mode == "shadow",
        decided_at=thought.now if is_sent else None,
    )
    await drafts.add(tx, draft)
    cards = await _show(tx, event, conversation, draft)
    if not is_sent:
        return cards, proposal.why_held
    order = await send(tx, conversation, draft, staff_language=thought.staff_language, person=None, now=thought.now)
    return (order, *cards), "sent by itself"


async def _why_not_alone(tx: Tx, conversation: Conversation, proposal: Proposal, thought: Thought) -> str | None:
    if proposal.night.begun is None:
        return "day"
    if proposal.why_held is not None:
        return "held"
    own = await drafts.own_replies(tx, conversation.id, since=proposal.night.begun)
    case = NightCase(
        asked=proposal.asked,
        has_booking=conversation.booking_id is not None,
        replies=own.number,
        last_reply_at=own.last_at,
        now=thought.now,
    )
    return why_not_by_itself(proposal.answer, proposal.used, case, proposal.night_settings)


async def _show(tx: Tx, event: Event[Any], conversation: Conversation, draft: Draft) -> tuple[NewCommand, ...]:
    """Where the holder reads; where nobody holds it, or the holder has no group, wherever it is shown."""
    places = await client_places.read_by_staff(tx, conversation.id)
    own = [place for place in places if place.person_id == conversation.holder_id]
    return tuple(
        show_draft(place.chat_id, conversation.id, draft.id, event_id=event.id, branch=conversation.branch)
        for place in own or places
    )
