"""The files of a client's message on their way from the storage into the topic: albums stay albums."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.client_texts import file_label, lost_file
from bot.errors import Fault, RefusedError
from bot.means import Means
from bot.posting import Spot
from bot.quoting import line
from bot.uploads import MEGABYTE, PHOTO_LIMIT, UPLOAD_LIMIT, Upload, batches
from core.commands import Text
from core.errors import Broken, NeedsAttention, Temporary
from core.log import get_logger
from db.queries.messages import Attachment

KINDS = {"photo", "video", "voice", "audio"}
_EXTENSIONS = {"photo": "jpg", "video": "mp4", "voice": "ogg", "audio": "mp3"}
VOICE_MIME = "audio/ogg"
_RETRY_PLAINLY = {Fault.OURS, Fault.FILE_TOO_BIG}
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Luggage:
    """Files that are at hand, and a line for each that is not; ``late`` ones may come back with the storage."""

    batches: tuple[list[Upload], ...] = ()
    missing: tuple[Text, ...] = field(default=())
    late: tuple[Text, ...] = field(default=())


async def fetch(means: Means, attachments: Sequence[Attachment]) -> Luggage:
    """Read the files of a message. One that the storage cannot give now makes the others wait for it."""
    uploads: list[Upload] = []
    missing: list[Text] = []
    late: list[Text] = []
    for number, attachment in enumerate(attachments, start=1):
        if attachment.state != "stored" or attachment.storage_key is None:
            missing.append(lost_file(attachment))
            continue
        try:
            data = await means.storage.get(attachment.storage_key)
        except (Temporary, NeedsAttention) as trouble:
            _log.warning("file_not_read", key=attachment.storage_key, error=trouble)
            late.append(Text(key="client-file-late", args=file_label(attachment)))
        except Broken as damage:
            _log.error("file_damaged", key=attachment.storage_key, error=damage)
            missing.append(lost_file(attachment))
        else:
            if 0 < len(data) <= UPLOAD_LIMIT:
                uploads.append(_upload(attachment, data, number))
            else:
                missing.append(_unfit(attachment, data))
    return Luggage(() if late else tuple(batches(uploads)), tuple(missing), tuple(late))


async def send(means: Means, spot: Spot, batch: Sequence[Upload], markup: str) -> int:
    """The number of the message with the caption. What Telegram does not take as a picture it takes as a file."""
    try:
        return await _send(means, spot, batch, markup)
    except RefusedError as refusal:
        if refusal.fault not in _RETRY_PLAINLY or all(one.kind == "document" for one in batch):
            raise
        _log.info("sent_as_documents", error=refusal)
        return await _send(means, spot, [one.as_document for one in batch], markup)


async def _send(means: Means, spot: Spot, batch: Sequence[Upload], markup: str) -> int:
    if len(batch) == 1:
        return (await means.posting.say_file(spot, batch[0], markup)).message_id
    return (await means.posting.say_album(spot, batch, markup)).message_id


def _unfit(attachment: Attachment, data: bytes) -> Text:
    if not data:
        return Text(key="client-file-empty", args=file_label(attachment))
    return Text(key="client-file-too-big", args={**file_label(attachment), "megabytes": UPLOAD_LIMIT // MEGABYTE})


def _upload(attachment: Attachment, data: bytes, number: int) -> Upload:
    kind = attachment.kind if attachment.kind in KINDS else "document"
    if kind == "photo" and len(data) > PHOTO_LIMIT:
        kind = "document"
    if kind == "audio" and (attachment.mime or "").startswith(VOICE_MIME):
        # Umnico calls what people speak audio as well: as a voice message it plays with one tap.
        kind = "voice"
    return Upload(kind, _file_name(attachment, number), data)


def _file_name(attachment: Attachment, number: int) -> str:
    """The client's own name for it, in which no folder and no mark that turns letters is left."""
    given = line((attachment.name or "").replace("\\", "/").rsplit("/", 1)[-1]).strip("\u2068\u2069 .")
    return given or f"{attachment.kind}-{number}.{_EXTENSIONS.get(attachment.kind, 'bin')}"
