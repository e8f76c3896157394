"""All that a translation needs of one message, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from agents.spec import Deps
from agents.translator.language import detect_language
from core.consent import offer_expires_at
from core.events import EventBody, StaffAnswered
from core.events.conversations import ConversationEvent
from core.settings import SpeechSettings, TranslationSettings
from db.queries import conversations, glossary, messages, translations
from db.queries.conversations import Conversation
from db.queries.glossary import Term
from db.queries.messages import Message

SENT_BY_ITSELF = timedelta(minutes=10)
"""An answer that is older when its translation comes may no longer fit: a person looks first."""
_OURS = frozenset({"staff", "operator"})
LINES_BEFORE = 4
"""Earlier messages that are shown to the model, for tone and for what "it" means."""


@dataclass(frozen=True, slots=True)
class Context:
    """``source`` is None where nobody can tell the language, ``spoken`` what the client is answered in from now on.

    ``terms`` are of the client's language; an offer that a head consents to leaves until ``offer_expires_at``.
    """

    message: Message
    conversation: Conversation
    source: str | None
    target: str
    spoken: str | None
    before: tuple[Message, ...]
    names: tuple[str, ...]
    terms: tuple[Term, ...]
    slang: dict[str, str]
    is_behind_another: bool
    now: datetime
    offer_expires_at: datetime

    @property
    def is_of_staff(self) -> bool:
        """Written in a topic, for the client. What is written in Umnico's own window has left already."""
        return self.message.author == "staff"


async def load_context(body: EventBody, deps: Deps) -> Context | None:
    """None where there is no such message: internal words of staff are never stored."""
    match body:
        case StaffAnswered(chat_id=chat_id, message_id=place):
            async with deps.db.transaction() as tx:
                message = await messages.shown_as(tx, chat_id, place)
            return None if message is None else await context_of(message.id, deps)
        case ConversationEvent(message_id=message_id):
            return await context_of(message_id, deps)
        case _:
            return None


async def context_of(message_id: UUID, deps: Deps) -> Context | None:
    settings, now = deps.settings.translation, deps.clock.now()
    async with deps.db.transaction() as tx:
        message = await messages.find(tx, message_id)
        conversation = None if message is None else await conversations.find(tx, message.conversation_id)
        if message is None or conversation is None:
            return None
        detected = detect_language(message.words, settings.languages, min_chars=settings.detect_min_chars)
        source, target = _languages(message, conversation, detected, settings)
        foreign = target if message.author == "staff" else source
        return Context(
            message=message,
            conversation=conversation,
            source=source,
            target=target,
            spoken=_spoken(message, detected, deps.settings.speech),
            before=_before(message, await messages.last_of(tx, conversation.id, limit=LINES_BEFORE + 1)),
            names=tuple(await translations.names_of(tx, conversation.id)),
            terms=tuple(await glossary.terms(tx, foreign)) if foreign is not None else (),
            slang=await glossary.slang(tx) if message.author == "staff" else {},
            is_behind_another=message.author == "staff"
            and await translations.is_behind_another(tx, message, since=now - SENT_BY_ITSELF),
            now=now,
            offer_expires_at=offer_expires_at(deps.settings.quote, now=now),
        )


def _languages(
    message: Message, conversation: Conversation, detected: str | None, settings: TranslationSettings
) -> tuple[str | None, str]:
    """Short words are in the language of the conversation, those of staff in theirs.

    Longer ones that nobody can tell are in a language of their own, such as French where it is not configured.
    """
    if message.author == "staff":
        known = conversation.language if conversation.language in settings.languages else None
        return detected or settings.staff_language, known or settings.fallback
    is_short = sum(map(str.isalpha, message.words)) < settings.detect_min_chars
    return detected or _heard(message) or (conversation.language if is_short else None), settings.staff_language


def _heard(message: Message) -> str | None:
    """What the ear said of a voice message; of a text the row only repeats what was found before."""
    return message.language if not message.original else None


def _spoken(message: Message, detected: str | None, settings: SpeechSettings) -> str | None:
    """The language that the conversation is in from now on; what was hardly heard decides nothing."""
    is_clear = message.confidence is None or message.confidence >= settings.min_confidence
    if message.original or is_clear:
        return detected or _heard(message)
    return None


def _before(message: Message, newest: Sequence[Message]) -> tuple[Message, ...]:
    """For an answer only our own lines: no word of a client stands beside what the company says."""
    earlier = [one for one in newest if one.id != message.id and one.sent_at <= message.sent_at]
    if message.author == "staff":
        earlier = [one for one in earlier if one.author in _OURS]
    return tuple(earlier[-LINES_BEFORE:])
