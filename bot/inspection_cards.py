"""The card of an inspection in a topic of its car: who, what, how far; later what was found and what people decided."""

from collections.abc import Sequence
from typing import Any

from bot import choices, forum_mode, inspection_places, posts
from bot.callbacks import screen_button
from bot.card_lines import CardFacts, card_text
from bot.choices import Choice
from bot.finding_cards import PAGES, grid
from bot.inspection_words import named
from bot.keyboards import Rows, look_with
from bot.means import Means
from bot.posts import Look
from bot.topics import Place
from core.commands import Button, Command, ShowInspection, Text
from db.commands import Delivery
from db.queries import (
    chats,
    damages,
    findings,
    holds,
    inspection_answers,
    inspection_photos,
    inspections,
    people,
    readings,
)
from db.queries.inspections import Inspection
from db.queries.posts import Post
from db.session import Tx

CARD = "inspection"
SCREEN = "inspection"
_ORDER = ("part", "kind", "severity")
"""A damage that the machine missed is told in this order."""


async def show(means: Means, body: ShowInspection, command: Command) -> Delivery:
    async with means.db.transaction() as tx:
        chat = await chats.find(tx, body.chat_id)
        inspection = await inspections.find(tx, body.inspection_id)
        facts = None if inspection is None else await read(tx, inspection, kit=means.showing.kit)
        choice = Choice() if inspection is None else await choices.find(tx, body.chat_id, inspection.subject)
    if chat is None or not chat.can_work or inspection is None or facts is None:
        return Delivery({"skipped": "the inspection has no place in this chat now"})
    topic = await inspection_places.topic_of(means, chat, inspection)
    events = await forum_mode.check(means, chat) if topic is not None else ()
    place = Place(chat.chat_id, inspection.subject, inspection.car, 0)
    text = card_text(facts)
    if choice.page == "add":
        text = text.model_copy(update={"parts": (_adding(choice),)})
    bare = Look(means.texts.html(text, chat.language))
    look = await look_with(means, place, CARD, bare, card_rows(inspection, choice), language=chat.language)

    async def bring_up(thread_id: int) -> tuple[Post, str]:
        return await posts.bring_up(means, place, CARD, look, thread_id=thread_id, priority=command.priority)

    post, what = await inspection_places.inside(means, topic, bring_up)
    return inspection_places.delivered(post, what, events)


async def read(tx: Tx, inspection: Inspection, *, kit: Sequence[str]) -> CardFacts:
    """All that the card says, as it is now."""
    before = None if inspection.before_id is None else await inspections.find(tx, inspection.before_id)
    reviewer = None if inspection.reviewed_by is None else await people.by_id(tx, inspection.reviewed_by)
    hold = await holds.last_of(tx, inspection.id)
    known = await damages.open_of(tx, inspection.car_id)
    return CardFacts(
        inspection=inspection,
        before=before,
        photos=await inspection_photos.photos_of(tx, inspection.id),
        answers=await inspection_answers.answers_of(tx, inspection.id),
        readings=await readings.readings_of(tx, inspection.id),
        findings=await findings.of_inspection(tx, inspection.id),
        known=[one for one in known if one.first_inspection_id != inspection.id],
        hold=None if hold is None else hold.state,
        trusted=await findings.trusted_with(tx, inspection.id),
        reviewer=None if reviewer is None else reviewer.name,
        kit=kit,
    )


def card_rows(inspection: Inspection, choice: Choice) -> Rows:
    """Nothing to press before there is something to look at."""
    if not inspection.is_finished:
        return ()
    if choice.page == "add":
        return _add_rows(inspection, choice)
    pairs = _button(inspection, "inspection-button-pairs", "pairs")
    report = _button(inspection, "inspection-button-report", "report")
    if inspection.state == "reviewed":
        return ((pairs, report),)
    add = _button(inspection, "inspection-button-add", "add")
    if inspection.state == "submitted":
        return ((pairs, add),)
    reviewed = _button(inspection, "inspection-button-reviewed", "reviewed", style="success")
    return ((pairs, report), (add,), (reviewed,))


def _adding(choice: Choice) -> Text:
    told = dict(zip(_ORDER, choice.chosen, strict=False))
    args = {"what": _ORDER[len(told)], "part": told.get("part", "none"), "kind": told.get("kind", "none")}
    return Text(key="inspection-adding", args={**args})


def _add_rows(inspection: Inspection, choice: Choice) -> Rows:
    told = dict(zip(_ORDER, choice.chosen, strict=False))
    name = _ORDER[len(told)]
    values, columns = PAGES[name]
    picks = [
        _plain(inspection, Text(key=f"finding-{name}", args=named(name, value)), "add", **{**told, name: value})
        for value in values
    ]
    return (*grid(picks, columns=columns), (_button(inspection, "button-back", "first"),))


def _button(inspection: Inspection, label: str, do: str, *, style: str | None = None) -> Button:
    return _plain(inspection, Text(key=label), do, style=style)


def _plain(inspection: Inspection, label: Text, do: str, *, style: str | None = None, **more: Any) -> Button:
    return screen_button(label, SCREEN, style=style, inspection_id=str(inspection.id), do=do, **more)
