"""Files on their way to Telegram: which method takes them, and which of them make an album."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from aiogram.methods import SendAudio, SendDocument, SendPhoto, SendVideo, SendVoice, TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MediaUnion,
    Message,
)

MEGABYTE = 1024 * 1024
UPLOAD_LIMIT = 50 * MEGABYTE
PHOTO_LIMIT = 10 * MEGABYTE
ALBUM_LIMIT = 10
_MIX = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio", "voice": "voice"}
"""What may stand in one album. Voice stands in none, each is a message of its own."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file with its content. ``kind``: photo, video, audio, voice, document.

    ``is_ours``: a picture of the program, shown again and again. ``file_id``: Telegram has it under that name already.
    """

    kind: str
    name: str
    data: bytes
    is_ours: bool = False
    file_id: str | None = None

    @property
    def file(self) -> BufferedInputFile | str:
        return self.file_id or BufferedInputFile(self.data, filename=self.name)

    @property
    def as_document(self) -> "Upload":
        return replace(self, kind="document")


def batches(uploads: Iterable[Upload]) -> Iterator[list[Upload]]:
    """What goes together as one album, in the order of the files; a lone file is a batch of one."""
    for mix, together in groupby(uploads, key=lambda one: _MIX[one.kind]):
        files = list(together)
        step = 1 if mix == "voice" else ALBUM_LIMIT
        yield from (files[start : start + step] for start in range(0, len(files), step))


def message_with(upload: Upload, **fields: Any) -> TelegramMethod[Message]:
    match upload.kind:
        case "photo":
            return SendPhoto(photo=upload.file, **fields)
        case "video":
            return SendVideo(video=upload.file, supports_streaming=True, **fields)
        case "voice":
            return SendVoice(voice=upload.file, **fields)
        case "audio":
            return SendAudio(audio=upload.file, **fields)
        case _:
            return SendDocument(document=upload.file, disable_content_type_detection=True, **fields)


def item_of(upload: Upload, **fields: Any) -> MediaUnion:
    """The file as an item of an album, or as what takes the place of another message's content."""
    match upload.kind:
        case "photo":
            return InputMediaPhoto(media=upload.file, **fields)
        case "video":
            return InputMediaVideo(media=upload.file, supports_streaming=True, **fields)
        case "audio":
            return InputMediaAudio(media=upload.file, **fields)
        case _:
            return InputMediaDocument(media=upload.file, disable_content_type_detection=True, **fields)
