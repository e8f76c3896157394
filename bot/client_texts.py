"""What a client wrote, as staff read it: the translation first, the original below, then what to know about it."""

from collections.abc import Iterator, Sequence

from bot.markup import cut_plain
from bot.means import Showing
from bot.places import client_name
from bot.quoting import body, line
from bot.stored_notes import translation_reasons
from bot.texts import Texts
from bot.uploads import Upload
from core.commands import Text
from db.queries.conversation_cards import ConversationFacts
from db.queries.messages import Attachment, Message

FILE_NAME = "message.txt"
BEGINNING = 500
"""Of a long text: with its marks it stays within what a caption takes."""
UNHEARD = {"voice", "audio"}


def header(message: Message, facts: ConversationFacts, texts: Texts, language: str, *, author: str | None) -> Text:
    """Who speaks. It stands outside the quote, where a client's words never are. ``author`` is one of us."""
    if message.author == "operator":
        return Text(key="operator-said")
    if message.direction == "outgoing":
        return Text(key="colleague-said", args={"name": line(author or "Jarvis")})
    args: dict[str, str | int] = {"name": client_name(facts, texts, language)}
    is_spoken = not message.original and any(one.kind in UNHEARD for one in message.attachments)
    return Text(key="client-said-aloud", args=args) if is_spoken else Text(key="client-said", args=args)


def told(head: Text, message: Message, showing: Showing, missing: Sequence[Text] = ()) -> Text:
    """Everything about the message, one text a line. ``missing`` tells which of its files are not there and why."""
    lines = (*_words(message, showing), *_marks(message, showing), *missing)
    return head.model_copy(update={"parts": lines})


def beginning(head: Text, message: Message, showing: Showing, missing: Sequence[Text] = ()) -> Text:
    """What stands with a message that is too long for Telegram: how it begins, and that the rest is in the file."""
    first = cut_plain(body(message.translation or message.words), BEGINNING)
    lines = (
        Text(key="client-words", args={"words": first}),
        Text(key="client-words-in-file"),
        *_marks(message, showing),
        *missing,
    )
    return head.model_copy(update={"parts": lines})


def lost_file(attachment: Attachment) -> Text:
    return Text(key="client-file-lost", args={**file_label(attachment), "why": attachment.why or "other"})


def file_label(attachment: Attachment) -> dict[str, str | int]:
    """How a file is called: as the client called it, else by what it is."""
    name = line(attachment.name or "")
    return {"kind": "named" if name else attachment.kind, "name": name}


def as_file(message: Message, texts: Texts, language: str) -> Upload | None:
    """The whole of a long message for reading: the translation, then the original."""
    parts = [body(message.words)]
    if message.translation:
        parts = [body(message.translation), texts.plain(Text(key="client-original-below"), language), *parts]
    words = "\n\n".join(parts)
    return Upload("document", FILE_NAME, words.encode("utf-8-sig")) if words.strip() else None


def _words(message: Message, showing: Showing) -> Iterator[Text]:
    words = body(message.words)
    if message.direction == "outgoing" and message.author != "operator" and message.translation:
        # What staff wrote is in their own language; the client got the other one. Umnico's window knows no translation.
        yield Text(key="client-words", args={"words": words})
        yield Text(key="client-original", args={"words": body(message.translation)})
        return
    if message.translation_state == "done" and message.translation:
        yield Text(key="client-words", args={"words": body(message.translation)})
        if showing.has_original:
            yield Text(key="client-original", args={"words": words})
    elif words:
        yield Text(key="client-words", args={"words": words})
    elif not message.attachments:
        yield Text(key="client-said-nothing")


def _marks(message: Message, showing: Showing) -> Iterator[Text]:
    if message.direction == "outgoing":
        return
    if message.edited_at is not None:
        yield Text(key="client-edited")
    if message.translation_state == "waiting":
        yield Text(key="client-translation-waits")
    if message.translation_state == "held":
        yield Text(key="client-translation-held")
        yield from translation_reasons(message.translation_note)
    if message.transcript and not message.original:
        is_doubtful = message.confidence is not None and message.confidence < showing.min_confidence
        yield Text(key="client-heard-doubtful" if is_doubtful else "client-heard")
    elif not message.words and any(one.kind in UNHEARD for one in message.attachments):
        yield Text(key="client-not-heard")
