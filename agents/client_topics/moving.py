"""A conversation has a new holder: shown in their group, and explained wherever it is shown."""

from agents.client_topics.frame import Frame
from agents.client_topics.orders import car_card, cards, catch_up, lines
from agents.client_topics.places import settle
from agents.spec import Outcome
from core.commands import Text
from core.events import ConversationMoved, Event
from db.queries import client_places, conversations
from db.session import Tx

FIRST = ("responsible", "shift", "above")
"""Reasons of a first assignment; what the client wrote just now follows by its own event."""


async def moved(tx: Tx, event: Event[ConversationMoved], frame: Frame) -> Outcome:
    body = event.body
    conversation = await conversations.lock(tx, body.conversation_id)
    if conversation is None:
        return Outcome(note="the conversation is not known")
    shown = await settle(tx, conversation, now=frame.now)
    names = await client_places.names(tx, (body.to_person, body.from_person))
    has_group = any(place.person_id == body.to_person for place in shown.places)
    text = _explained(body, names.get(body.to_person, "—"), names.get(body.from_person, "—"), has_group=has_group)
    is_shown = True if body.why in FIRST else None
    return Outcome(
        events=shown.events,
        commands=(
            *lines(event, conversation, shown.places, text),
            *await catch_up(tx, event, conversation, shown.added, is_shown=is_shown),
            *cards(event, conversation, shown.places),
            *(await car_card(tx, event, conversation, now=frame.now) if shown.added else ()),
        ),
        note=f"{body.why}, level {body.level}",
    )


def _explained(body: ConversationMoved, name: str, former: str, *, has_group: bool) -> Text:
    """Why it is theirs now, whose turn could not come, and where they have no group to read it in."""
    parts = [
        *(Text(key="talk-level-skipped", args={"level": level}) for level in body.skipped),
        *(Text(key="talk-level-missed", args={"level": level}) for level in body.missed),
    ]
    if not has_group:
        parts.append(Text(key="talk-has-no-group", args={"name": name}))
    args: dict[str, str | int] = {"name": name}
    if body.why not in FIRST:
        args |= {"former": former, "minutes": body.waited_minutes}
    return Text(key=f"talk-moved-{body.why}", args=args, parts=tuple(parts))
