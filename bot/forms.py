"""The form of an inspection in the private chat of whoever does it: one message that is always the newest step."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bot import choices, pictures
from bot.cards import BLUE
from bot.form_pages import FormFacts, Page, page_of
from bot.keyboards import look_with
from bot.means import Means
from bot.pictures import Shown
from bot.posting import GENERAL
from bot.posts import Look
from bot.topics import Place
from bot.uploads import Upload
from core.commands import Command, ShowForm
from db.commands import Delivery
from db.queries import chats, inspection_answers, inspection_photos, inspection_views, inspections, people, readings
from db.queries import posts as known_posts
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.queries.posts import Post
from db.session import Tx

FORM = "form"
ANSWER = "form_answer"
"""The newest words that were written to the form: it comes down below them."""
OUTLINES = Path(__file__).parent / "outlines"


async def show(means: Means, body: ShowForm, command: Command) -> Delivery:
    """Bring the form up to date where it stands; below it all when it is new, or has photos or words under it."""
    async with means.db.transaction() as tx:
        inspection = await inspections.find(tx, body.inspection_id)
        if inspection is None:
            return Delivery({"skipped": "no such inspection"})
        language = await chats.language_of(tx, body.chat_id)
        facts = await _facts(means, tx, inspection, body.chat_id)
        known = await known_posts.find(tx, body.chat_id, inspection.subject, FORM)
        photos = 0
        if known is not None:
            photos = await inspection_views.photos_below(
                tx, inspection.id, chat_id=body.chat_id, message_id=known.message_id
            )
        answered = await known_posts.find(tx, body.chat_id, inspection.subject, ANSWER)
    is_above = known is not None and answered is not None and answered.message_id > known.message_id
    page = page_of(facts)
    place = Place(body.chat_id, inspection.subject, "", BLUE)
    look = await _look(means, place, page, language, is_new=body.is_new)
    # While photos of an album are still looked at, the form is only edited: it comes down once, after the last.
    below = body.is_new or ((photos > 0 or is_above) and facts.waiting == 0)
    post, what = await pictures.bring_up(
        means,
        place,
        FORM,
        Shown(look, outline(page.outline)),
        thread_id=GENERAL,
        priority=command.priority,
        below=below,
    )
    return Delivery({"message_id": post.message_id, "step": inspection.step, "form": what})


async def note_answer(tx: Tx, chat_id: int, subject: str, message_id: int, *, now: datetime) -> None:
    """What its person wrote stands below the form now."""
    await known_posts.put(tx, chat_id, subject, ANSWER, Post(message_id, None, "", is_pinned=False), now=now)


async def _look(means: Means, place: Place, page: Page, language: str, *, is_new: bool) -> Look:
    bare = Look(means.texts.html(page.text, language), is_silent=not is_new)
    return await look_with(means, place, FORM, bare, page.rows, language=language)


async def _facts(means: Means, tx: Tx, inspection: Inspection, chat_id: int) -> FormFacts:
    viewer = await people.by_telegram(tx, chat_id)
    return FormFacts(
        inspection=inspection,
        viewer_id=None if viewer is None else viewer.id,
        photos=await inspection_photos.photos_of(tx, inspection.id),
        answers=await inspection_answers.answers_of(tx, inspection.id),
        readings=await readings.readings_of(tx, inspection.id),
        choice=await choices.find(tx, chat_id, inspection.subject, about=inspection.step or ""),
        colleagues=[(one.id, one.name) for one in await _colleagues(tx, inspection)],
        waiting=await inspection_views.photos_waiting(tx, inspection.subject),
        kit=means.showing.kit,
    )


async def _colleagues(tx: Tx, inspection: Inspection) -> list[Person]:
    """Those of the car's branch, but for who has it already."""
    found = await people.working(tx, branch=inspection.branch)
    return [one for one in found if one.id != inspection.person_id]


@lru_cache(maxsize=32)
def outline(side: str | None) -> Upload | None:
    """The drawing of a side; words alone where there is none."""
    file = OUTLINES / f"{side}.png"
    if side is None or not file.is_file():
        return None
    return Upload("photo", file.name, file.read_bytes(), is_ours=True)
