"""Files of messages: their links soon die, so each is fetched at once and kept, or shown as lost with the reason.

The reasons are words: ``dead``, ``away``, ``too-large``, ``no-link``, ``no-storage``, ``old`` (the texts explain them).
"""

from datetime import timedelta
from typing import Any

from agents.spec import Deps
from core.errors import Broken, NeedsAttention, Rejected, Temporary
from core.events import Event
from db.queries.messages import Attachment
from integrations.umnico import Attachment as ToldAttachment
from integrations.umnico import File, UmnicoApi, UmnicoMessage
from storage.api import Storage

PATIENCE = timedelta(minutes=1)
"""So long the words of a message wait for its files, while the server of the files is away."""
UNKNOWN_MIME = "application/octet-stream"


async def fetched(message: UmnicoMessage, event: Event[Any], deps: Deps) -> tuple[Attachment, ...]:
    """Raises ``Temporary`` while it is worth waiting for the server of the files."""
    is_patient = deps.clock.now() - event.received_at < PATIENCE
    return tuple([await _fetched(told, deps, is_patient=is_patient) for told in message.attachments])


def left_where_they_are(message: UmnicoMessage) -> tuple[Attachment, ...]:
    return tuple(_lost(told, "old") for told in message.attachments)


async def _fetched(told: ToldAttachment, deps: Deps, *, is_patient: bool) -> Attachment:
    if told.src is None:
        return _lost(told, "no-link")
    if deps.umnico is None or deps.storage is None:
        return _lost(told, "no-storage")
    try:
        file = await _file(deps.umnico, told.src)
    except Temporary:
        if is_patient:
            raise
        return _lost(told, "away")
    if file is None:
        return _lost(told, "dead")
    if len(file.content) > deps.settings.umnico.attachment_max_bytes:
        return _lost(told, "too-large")
    return await _kept(told, file, deps.storage)


async def _file(umnico: UmnicoApi, src: str) -> File | None:
    """None where the link leads nowhere, or to a place where we must not look."""
    try:
        return await umnico.download(src)
    except (Rejected, NeedsAttention, Broken):
        return None


async def _kept(told: ToldAttachment, file: File, storage: Storage) -> Attachment:
    mime = file.mime if file.mime != UNKNOWN_MIME or told.mime is None else told.mime
    name = told.filename or file.filename
    try:
        stored = await storage.put(file.content, content_type=mime, filename=name)
    except Rejected:
        return _lost(told, "too-large")
    return Attachment(kind=str(told.kind), name=name, mime=mime, size=stored.size, storage_key=stored.key)


def _lost(told: ToldAttachment, why: str) -> Attachment:
    return Attachment(kind=str(told.kind), name=told.filename, mime=told.mime, state="lost", why=why)
