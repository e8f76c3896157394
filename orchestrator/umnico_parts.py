"""What a message of ours is sent as: pieces that every channel takes, files first, in an order that never changes."""

from dataclasses import dataclass

from db.queries.messages import Attachment, Message
from integrations.umnico import pieces

LONGEST_CAPTION = 1000
"""A longer text goes by itself: not every channel takes more beside a file."""


@dataclass(frozen=True, slots=True)
class Part:
    text: str = ""
    file: Attachment | None = None


def parts_of(message: Message) -> tuple[Part, ...]:
    """The words go with the first file where they fit there. The voice of staff is never sent, only its words."""
    files = [one for one in message.attachments if not _is_spoken(one, message)]
    texts = pieces(message.client_words)
    is_caption = bool(files) and len(texts) == 1 and len(texts[0]) <= LONGEST_CAPTION
    carried = [Part(texts[0] if is_caption and number == 0 else "", file) for number, file in enumerate(files)]
    return (*carried, *(() if is_caption else (Part(text) for text in texts)))


def _is_spoken(attachment: Attachment, message: Message) -> bool:
    return attachment.kind == "voice" or (attachment.kind == "audio" and message.transcript is not None)
