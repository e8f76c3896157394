"""Many pictures as albums, each with its caption. Albums are remembered, so a repeat sends only what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import posts
from bot.errors import Fault, RefusedError
from bot.means import Means
from bot.pictures import load
from bot.posting import Spot
from bot.topics import Place
from bot.uploads import ALBUM_LIMIT, Upload
from core.commands import Command, Text
from core.log import get_logger
from db.queries import inspection_views
from db.queries.posts import Post

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the storage. ``name`` is one word, by which it is remembered that it was sent."""

    name: str
    key: str
    caption: Text


@dataclass(frozen=True, slots=True)
class Gallery:
    """Where pictures go, in whose language, and by what they are remembered (``<purpose>:<name of the first>``)."""

    place: Place
    purpose: str
    spot: Spot
    language: str
    command: Command


async def send(means: Means, gallery: Gallery, pictures: Sequence[Picture]) -> int:
    """How many were sent now; those that stand there already are left out, those that are lost too."""
    place = gallery.place
    async with means.db.transaction() as tx:
        there = await inspection_views.archived(tx, place.chat_id, place.entity, purpose=gallery.purpose)
    missing = [one for one in pictures if one.name not in there]
    sent = 0
    for start in range(0, len(missing), ALBUM_LIMIT):
        album = missing[start : start + ALBUM_LIMIT]
        uploads = [
            (upload, means.texts.html(one.caption, gallery.language))
            for one in album
            if (upload := await load(means, one.key, f"{one.name}.jpg", gallery.command)) is not None
        ]
        number = await _send(means, gallery.spot, uploads)
        names = " ".join(one.name for one in album)
        post = Post(number, gallery.spot.thread_id, names, is_pinned=False)
        await posts.remember(means, place, f"{gallery.purpose}:{album[0].name}", post)
        sent += len(uploads)
    return sent


async def _send(means: Means, spot: Spot, uploads: Sequence[tuple[Upload, str]]) -> int:
    """What Telegram does not take as pictures it takes as files."""
    if not uploads:
        return 0
    kinds = {upload.kind for upload, _ in uploads}
    if len(kinds) > 1:
        uploads = [(upload.as_document, caption) for upload, caption in uploads]
    try:
        return await _once(means, spot, uploads)
    except RefusedError as refusal:
        if refusal.fault not in {Fault.OURS, Fault.FILE_TOO_BIG} or kinds == {"document"}:
            raise
        _log.info("sent_as_documents", error=refusal)
        return await _once(means, spot, [(upload.as_document, caption) for upload, caption in uploads])


async def _once(means: Means, spot: Spot, uploads: Sequence[tuple[Upload, str]]) -> int:
    if len(uploads) == 1:
        [(upload, caption)] = uploads
        return (await means.posting.say_file(spot, upload, caption)).message_id
    return (await means.posting.say_gallery(spot, uploads)).message_id
