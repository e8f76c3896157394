"""An answer that Jarvis proposes: its words, what they rest on, and the buttons of whoever decides."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot import forum_mode, posts
from bot.client_messages import CLIENT_MESSAGE, entity_of
from bot.keyboards import Rows, look_with
from bot.means import Means
from bot.places import conversation_place, shows_clients
from bot.posts import Look
from bot.quoting import NOTE_LIMIT, line
from bot.quoting import body as quoted
from bot.stored_notes import draft_reasons
from bot.topics import Place
from core.commands import Button, Command, ShowDraft, Text
from core.events import DraftChoice, DraftDecided, NewEvent
from db.commands import Delivery
from db.queries import chats, drafts
from db.queries import posts as known_posts
from db.queries.conversation_cards import conversation_facts
from db.queries.conversations import subject_of
from db.queries.drafts import Draft
from db.queries.posts import CARD, Post
from db.session import Tx

MOST_FACTS = 6
DECISION = "decision"
"""The fact that says how the night's rules weighed the draft: for the record, not for the topic."""


async def show(means: Means, body: ShowDraft, command: Command) -> Delivery:
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        facts = await conversation_facts(tx, body.conversation_id)
        draft = await drafts.find(tx, body.draft_id)
        known = await known_posts.find(tx, body.chat_id, f"draft:{body.draft_id}", CARD)
        question = None
        if draft is not None:
            question = await known_posts.find(tx, body.chat_id, entity_of(draft.question_id), CLIENT_MESSAGE)
    if chat is None or facts is None or draft is None or not shows_clients(chat):
        return Delivery({"skipped": "the conversation has no place in this chat now"})
    if draft.conversation_id != facts.id or (known is None and not draft.is_undecided):
        return Delivery({"skipped": "there is nothing to decide"})
    events = await forum_mode.check(means, chat)
    topic = conversation_place(chat, facts, means.texts)
    place = Place(chat.chat_id, f"draft:{draft.id}", topic.name, topic.icon_color)
    bare = Look(
        means.texts.html(_told(draft), chat.language), reply_to=None if question is None else question.message_id
    )
    look = await look_with(means, place, CARD, bare, _rows(draft), language=chat.language)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        return await posts.bring_up(means, place, CARD, look, thread_id=thread_id, priority=command.priority)

    post, what = await means.topics.inside(topic, bring_up)

    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        del tx
        return events

    return Delivery({"message_id": post.message_id, "thread_id": post.thread_id, "draft": what}, save)


def _told(draft: Draft) -> Text:
    return Text(key="draft-title", args={"state": draft.state}, parts=tuple(_lines(draft)))


def _lines(draft: Draft) -> Iterator[Text]:
    if draft.state == "held":
        yield from draft_reasons(draft.why_held)
    yield Text(key="draft-words", args={"words": quoted(draft.staff_text)})
    if quoted(draft.client_text) != quoted(draft.staff_text):
        yield Text(key="draft-client-words", args={"words": quoted(draft.client_text)})
    facts = _facts(draft) if draft.is_undecided else []
    if facts:
        yield Text(key="draft-facts")
    for fact in facts:
        told = {"tool": str(fact.get("tool", "other")), "text": line(str(fact.get("text", "")), NOTE_LIMIT)}
        yield Text(key="draft-fact", args={**told})
    if draft.is_shadow and draft.is_undecided:
        yield Text(key="draft-shadow")


def _facts(draft: Draft) -> list[dict[str, Any]]:
    """What the tools answered and the draft rests on; where nothing is marked as used, all of it."""
    told = [fact for fact in draft.facts if fact.get("id") != DECISION]
    used = [fact for fact in told if fact.get("is_used")] or told
    return used[:MOST_FACTS]


def _rows(draft: Draft) -> Rows:
    if not draft.is_undecided:
        return ()
    send = (_button(draft, "send", "draft-button-send", "success"),) if draft.state == "open" else ()
    edit = _button(draft, "edit", "draft-button-edit")
    return ((*send, edit, _button(draft, "discard", "draft-button-discard")),)


def _button(draft: Draft, choice: DraftChoice, label: str, style: str | None = None) -> Button:
    body = DraftDecided(draft_id=draft.id, conversation_id=draft.conversation_id, choice=choice)
    return Button(
        label=Text(key=label),
        event_kind=DraftDecided.kind,
        event=body.model_dump(mode="json"),
        subject=subject_of(draft.conversation_id),
        style=style,
    )
