"""Which recordings an event is about, and what is known of their language."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from agents.spec import Deps
from core.events import ClientWrote, EventBody, KeptFile, StaffAnswered, StaffWrote, TranslationWanted
from db.queries import messages
from db.queries.messages import Message

VOICE_KINDS = frozenset({"voice", "audio", "video_note"})


@dataclass(frozen=True, slots=True)
class Recorded:
    storage_key: str
    kind: str
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class Context:
    """``message_id`` is the row the words go to; None for staff who wrote elsewhere than to a client.

    ``language`` is told to the server only where it is sure: staff speak theirs.
    """

    recordings: tuple[Recorded, ...]
    message_id: UUID | None = None
    is_of_staff: bool = False
    language: str | None = None


NOTHING = Context(())


async def load_context(body: EventBody, deps: Deps) -> Context:
    match body:
        case StaffAnswered(file=KeptFile() as file):
            async with deps.db.transaction() as tx:
                message = await messages.shown_as(tx, body.chat_id, body.message_id)
            return NOTHING if message is None else _of_staff(message.id, _of_file(file), deps)
        case StaffAnswered():
            return NOTHING
        case StaffWrote(file=KeptFile() as file):
            return _of_staff(None, _of_file(file), deps)
        case ClientWrote(message_id=message_id):
            return _of_message(await _find(message_id, deps), deps)
        case TranslationWanted(message_id=message_id):
            message = await _find(message_id, deps)
            return NOTHING if message is None or message.words else _of_message(message, deps)
        case _:
            return NOTHING


async def _find(message_id: UUID, deps: Deps) -> Message | None:
    async with deps.db.transaction() as tx:
        return await messages.find(tx, message_id)


def _of_message(message: Message | None, deps: Deps) -> Context:
    if message is None:
        return NOTHING
    recordings = tuple(
        Recorded(one.storage_key, one.kind, one.name or "", one.mime or "audio/ogg")
        for one in message.attachments
        if one.kind in VOICE_KINDS and one.storage_key is not None
    )
    if message.author == "staff":
        return _of_staff(message.id, recordings, deps)
    return Context(recordings, message.id)


def _of_staff(message_id: UUID | None, recordings: Iterable[Recorded], deps: Deps) -> Context:
    return Context(tuple(recordings), message_id, is_of_staff=True, language=deps.settings.translation.staff_language)


def _of_file(file: KeptFile) -> tuple[Recorded, ...]:
    if file.media_kind not in VOICE_KINDS:
        return ()
    return (Recorded(file.storage_key, file.media_kind, file.name or "", file.mime or "audio/ogg"),)
