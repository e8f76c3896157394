"""Albums of an inspection: its pairs for eyes that look for what the machine missed, and all of it into the archive."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot import galleries, inspection_places, posts
from bot.card_lines import card_text
from bot.galleries import Gallery, Picture
from bot.inspection_cards import read
from bot.means import Means
from bot.posting import Spot
from bot.posts import Look
from bot.topics import Place
from core.clock import local_text
from core.commands import ArchiveInspection, Command, ShowPairs, Text
from db.commands import Delivery
from db.queries import chats, inspection_photos, inspections
from db.queries.inspection_photos import Photo
from db.queries.inspections import Inspection
from db.queries.posts import Post

ARCHIVE = "archive"
PHOTOS = "archived"
MARKED = "archived-marks"
COUNTED = ("accepted", "extra")


async def show_pairs(means: Means, body: ShowPairs, command: Command) -> Delivery:
    """The pairs before and after; where nothing was compared, the photos as they are."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        inspection = await inspections.find(tx, body.inspection_id)
        photos = await inspection_photos.photos_of(tx, body.inspection_id, *COUNTED)
    if chat is None or not chat.can_work or inspection is None:
        return Delivery({"skipped": "the inspection has no place in this chat now"})
    topic = await inspection_places.topic_of(means, chat, inspection)
    pairs = [_pair(photo) for photo in photos if photo.pair_key is not None]
    alone = [_alone(photo) for photo in photos if photo.pair_key is None and photo.working_key is not None]
    head = Text(key="pairs-head" if pairs else "pairs-none", args={"number": inspection.number})

    async def send(thread_id: int) -> tuple[Post, str]:
        # Every press shows them anew; a repeat of this one goes on where it stopped.
        place = Place(chat.chat_id, f"{inspection.subject}:pairs:{command.id}", "", 0)
        look = Look(means.texts.html(head, chat.language))
        post, _ = await posts.bring_up(means, place, "head", look, thread_id=thread_id, priority=command.priority)
        spot = Spot(chat.chat_id, command.priority, thread_id, post.message_id, is_silent=True)
        gallery = Gallery(place, "pairs", spot, chat.language, command)
        sent = await galleries.send(means, gallery, pairs or alone)
        return post, f"{sent} pictures"

    post, what = await inspection_places.inside(means, topic, send)
    return inspection_places.delivered(post, what)


async def archive(means: Means, body: ArchiveInspection, command: Command) -> Delivery:
    """The summary, all photos, then those with marks. What came since the last time is added, the summary edited."""
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        inspection = await inspections.find(tx, body.inspection_id)
        facts = None if inspection is None else await read(tx, inspection, kit=means.showing.kit)
    if chat is None or chat.purpose != ARCHIVE or not chat.is_member:
        return Delivery({"skipped": "this chat is no archive now"})
    if inspection is None or facts is None:
        return Delivery({"skipped": "no such inspection"})
    place = Place(chat.chat_id, inspection.subject, inspection.car, 0)
    look = Look(means.texts.html(card_text(facts), chat.language))
    topic = await inspection_places.topic_of(means, chat, inspection)

    async def send(thread_id: int) -> tuple[Post, str]:
        post, _ = await posts.bring_up(means, place, ARCHIVE, look, thread_id=thread_id, priority=command.priority)
        spot = Spot(chat.chat_id, command.priority, thread_id, post.message_id, is_silent=True)
        whole, marked = _pictures(facts.photos, inspection)
        photos = Gallery(place, PHOTOS, spot, chat.language, command)
        sent = await galleries.send(means, photos, whole)
        sent += await galleries.send(means, replace(photos, purpose=MARKED), marked)
        return post, f"{sent} pictures"

    post, what = await inspection_places.inside(means, topic, send)
    return inspection_places.delivered(post, what)


def _pictures(photos: Sequence[Photo], inspection: Inspection) -> tuple[list[Picture], list[Picture]]:
    """The photos in the order of the steps, and those with marks."""
    order = {step: number for number, step in enumerate(inspection.steps)}
    counted = sorted(
        (photo for photo in photos if photo.state in COUNTED and photo.working_key is not None),
        key=lambda photo: (order.get(photo.step or "", len(order)), photo.ordinal),
    )
    whole = [Picture(f"photo-{photo.ordinal}", photo.shown_key, _archived(photo, inspection)) for photo in counted]
    marked = [
        Picture(f"marks-{photo.ordinal}", photo.overlay_key, _side("archive-marks", photo))
        for photo in counted
        if photo.overlay_key is not None
    ]
    return whole, marked


def _pair(photo: Photo) -> Picture:
    return Picture(f"pair-{photo.ordinal}", photo.pair_key or "", _side("pairs-side", photo))


def _alone(photo: Photo) -> Picture:
    return Picture(f"photo-{photo.ordinal}", photo.overlay_key or photo.shown_key, _side("pairs-alone", photo))


def _side(key: str, photo: Photo) -> Text:
    return Text(key=key, args={"step": str(photo.viewpoint)})


def _archived(photo: Photo, inspection: Inspection) -> Text:
    """Enough to find the original and to prove which one it is."""
    zone = ZoneInfo(inspection.timezone)
    args = {
        "step": str(photo.viewpoint),
        "ordinal": photo.ordinal,
        "time": local_text(photo.received_at, zone),
        "sha": photo.sha256[:16],
    }
    return Text(key="archive-photo", args={**args})
