"""Under what staff wrote: what the client gets, how far it is, and buttons where a person has to act."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from bot import forum_mode, posts
from bot.client_messages import entity_of
from bot.client_texts import BEGINNING, FILE_NAME
from bot.conversation_cards import umnico_link
from bot.keyboards import Rows, look_with
from bot.markup import cut_plain
from bot.means import Means
from bot.places import conversation_place, shows_clients
from bot.posts import Look
from bot.quoting import body as quoted
from bot.stored_notes import delivery_reason, translation_reasons
from bot.topics import Place
from bot.uploads import Upload
from core.commands import TAKEN_BACK, Button, Command, ShowSending, Text
from core.events import NewEvent, SendConfirmed, SendRetried
from db.commands import Delivery
from db.queries import chats, messages
from db.queries import posts as known_posts
from db.queries.conversation_cards import ConversationFacts, awaits_approval, conversation_facts
from db.queries.messages import Message
from db.queries.posts import Post
from db.session import Tx

SENDING = "sending"
NEWS = "sending_news"
"""The last of its states that was told with a sound."""


class State(StrEnum):
    """How far a message of ours is."""

    WAITS = "waits"  # for the model
    HELD = "held"  # for a person
    APPROVAL = "approval"  # for a head
    UNDER_WAY = "under-way"
    SENT = "sent"
    FAILED = "failed"
    TAKEN_BACK = "taken-back"
    UNKNOWN = "unknown"


LOUD = frozenset({State.WAITS, State.HELD, State.FAILED, State.UNKNOWN})
"""What a person has to act on; everything else is an edit that nobody hears."""


async def show(means: Means, body: ShowSending, command: Command) -> Delivery:
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        facts = await conversation_facts(tx, body.conversation_id)
        message = await messages.find(tx, body.message_id)
        is_offer = await awaits_approval(tx, body.message_id)
    if chat is None or facts is None or message is None or not shows_clients(chat):
        return Delivery({"skipped": "the conversation has no place in this chat now"})
    if message.conversation_id != body.conversation_id or message.direction != "outgoing":
        return Delivery({"skipped": "this is no message of ours in that conversation"})
    events = await forum_mode.check(means, chat)
    state = _state(message, is_offer=is_offer)
    topic = conversation_place(chat, facts, means.texts)
    place = Place(chat.chat_id, entity_of(message.id), topic.name, topic.icon_color)
    bare = Look(
        means.texts.html(_told(message, state), chat.language),
        reply_to=message.message_id if message.chat_id == chat.chat_id else None,
        is_silent=state not in LOUD,
        whole=Upload("document", FILE_NAME, quoted(messages.client_words(message)).encode("utf-8-sig")),
        caption=means.texts.html(_told(message, state, room=BEGINNING), chat.language),
    )
    look = await look_with(means, place, SENDING, bare, _rows(facts, message, state), language=chat.language)

    news = f"{state}:{message.sending.attempt if message.sending else 0}" if state in LOUD else ""

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        outdated = await _outdated(means, place, news) if news else None
        post, what = await posts.bring_up(means, place, SENDING, look, thread_id=thread_id, priority=command.priority)
        if news:
            await posts.remember(means, place, NEWS, replace(post, content_hash=news))
        if outdated is not None and outdated.message_id != post.message_id:
            await posts.take_away(means, place, outdated)
        return post, what

    post, what = await means.topics.inside(topic, bring_up)

    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        del tx
        return events

    return Delivery({"message_id": post.message_id, "state": str(state), "message": what}, save)


async def _outdated(means: Means, place: Place, news: str) -> Post | None:
    """What its author has to know comes once as a new reply with a sound, for which the post so far makes room."""
    async with means.db.transaction() as tx:
        told = await known_posts.find(tx, place.chat_id, place.entity, NEWS)
        if told is not None and told.content_hash == news:
            return None
        post = await known_posts.find(tx, place.chat_id, place.entity, SENDING)
        await known_posts.forget(tx, place.chat_id, place.entity, SENDING)
    return post


def _state(message: Message, *, is_offer: bool) -> State:
    match message.delivery:
        case "sent":
            return State.SENT
        case "unknown":
            return State.UNKNOWN
        case "failed":
            return State.TAKEN_BACK if message.delivery_note == TAKEN_BACK else State.FAILED
        case "held":
            return State.HELD
        case _ if message.translation_state == "waiting":
            return State.WAITS
        case _:
            return State.APPROVAL if is_offer else State.UNDER_WAY


def _told(message: Message, state: State, *, room: int | None = None) -> Text:
    """``room``: so much of the words is shown, because all of them are in a file."""
    return Text(key=f"sending-{state}", parts=tuple(_lines(message, state, room)))


def _lines(message: Message, state: State, room: int | None) -> Iterator[Text]:
    words = quoted(messages.client_words(message))
    if words and (words != quoted(message.original) or state is State.HELD):
        yield Text(key="sending-words", args={"words": words if room is None else cut_plain(words, room)})
        if room is not None:
            yield Text(key="client-words-in-file")
    if message.attachments and not message.transcript:
        yield Text(key="sending-files", args={"count": len(message.attachments)})
    if state is State.HELD:
        if message.transcript:
            yield Text(key="sending-from-voice")
        yield from translation_reasons(message.translation_note)
    if state in {State.FAILED, State.UNKNOWN} and message.delivery_note:
        yield delivery_reason(message.delivery_note)


def _rows(facts: ConversationFacts, message: Message, state: State) -> Rows:
    take_back = _confirm(facts, message, "sending-button-take-back", is_let_go=False)
    as_written = _confirm(facts, message, "sending-button-as-written", is_let_go=True, as_written=True)
    retry = _button(facts, SendRetried(conversation_id=facts.id, message_id=message.id), "sending-button-retry")
    match state:
        case State.WAITS:
            return ((as_written,), (take_back,))
        case State.HELD if message.translation is None:
            return ((as_written,), (take_back,))
        case State.HELD:
            send = _confirm(facts, message, "sending-button-send", is_let_go=True, style="success")
            other = ((as_written,),) if message.translation_state == "held" else ()
            return ((send, take_back), *other)
        case State.FAILED:
            return ((retry,),)
        case State.UNKNOWN:
            return ((umnico_link(facts.lead_id), retry),)
        case _:
            return ()


def _confirm(
    facts: ConversationFacts,
    message: Message,
    label: str,
    *,
    is_let_go: bool,
    as_written: bool = False,
    style: str | None = None,
) -> Button:
    body = SendConfirmed(conversation_id=facts.id, message_id=message.id, is_let_go=is_let_go, as_written=as_written)
    return _button(facts, body, label, style)


def _button(
    facts: ConversationFacts, body: SendConfirmed | SendRetried, label: str, style: str | None = None
) -> Button:
    return Button(
        label=Text(key=label),
        event_kind=body.kind,
        event=body.model_dump(mode="json"),
        subject=facts.entity,
        style=style,
    )
