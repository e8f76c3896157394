"""What the note to the author needs: who they are, which car it was, and whether they were told just now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from agents.spec import Deps
from core.events import MediaStored
from db.queries import chats, desk, effects, fleet_views
from db.queries.people import Person


@dataclass(frozen=True, slots=True)
class Context:
    """``car`` is how the car of the topic is called; None outside the topics of cars."""

    author: Person | None
    forum: str
    car: str | None
    note_key: str
    was_told: bool


async def load_context(stored: MediaStored, deps: Deps) -> Context:
    now = deps.clock.now()
    gap = timedelta(seconds=deps.settings.telegram.media_note_gap_s)
    note_key, earlier_key = note_keys(stored, now=now, gap=gap)
    async with deps.db.transaction() as tx:
        place = await desk.situation(
            tx, tg_user_id=stored.tg_user_id, chat_id=stored.chat_id, thread_id=stored.thread_id
        )
        chat = await chats.find(tx, stored.chat_id)
        kind, _, entity_id = (place.entity or "").partition(":")
        details = await fleet_views.car_details(tx, UUID(entity_id), now=now) if kind == "car" else None
        was_told = await effects.was_ordered_since(tx, [note_key, earlier_key], now - gap)
    return Context(
        author=place.person,
        forum=chat.title if chat else "—",
        car=details.car.title if details else None,
        note_key=note_key,
        was_told=was_told,
    )


def note_keys(stored: MediaStored, *, now: datetime, gap: timedelta) -> tuple[str, str]:
    """The key of a note said now and of the one before it: one note a person and gap, or an album without a gap."""
    if not gap:
        key = f"media-note:{stored.tg_user_id}:{stored.media_group_id or stored.message_id}"
        return key, key
    slot = int(now.timestamp() // gap.total_seconds())
    return f"media-note:{stored.tg_user_id}:{slot}", f"media-note:{stored.tg_user_id}:{slot - 1}"
