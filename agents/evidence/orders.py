"""What evidence orders in Telegram, each with the key that makes it happen once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agents.evidence.links import Linked
from core.commands import (
    ArchiveInspection,
    Button,
    NewCommand,
    Priority,
    SendMessage,
    ShowFinding,
    ShowInspection,
    TelegramCommand,
    Text,
    chat_destination,
)
from core.events import Event, ReportWanted
from core.events.inspections import subject_of
from db.queries.conversations import subject_of as conversation_subject
from db.queries.inspections import Inspection


@dataclass(frozen=True, slots=True)
class Spot:
    """A chat, and the entity of the topic there."""

    chat_id: int
    entity: str | None


def publish(
    event: Event[Any], inspection_id: UUID, places: Mapping[str, int], waiting: Sequence[UUID]
) -> tuple[NewCommand, ...]:
    """The card first, then each finding under it: a chat's commands go in order. The archive takes its time."""
    forums = [chat for purpose, chat in places.items() if purpose in {"branch_forum", "headquarters"}]
    cards = [
        _order(event, ShowInspection(chat_id=chat, inspection_id=inspection_id), "card", Priority.LINE)
        for chat in forums
    ]
    home = places.get("branch_forum", places.get("headquarters"))
    found = (
        []
        if home is None
        else [
            _order(
                event,
                ShowFinding(chat_id=home, inspection_id=inspection_id, finding_id=finding_id),
                f"finding:{finding_id}",
                Priority.LINE,
            )
            for finding_id in waiting
        ]
    )
    archive = [
        _order(event, ArchiveInspection(chat_id=chat, inspection_id=inspection_id), "archive", Priority.DIGEST)
        for purpose, chat in places.items()
        if purpose == "archive"
    ]
    return (*cards, *found, *archive)


def spots(
    car_id: UUID, places: Mapping[str, int], conversation_id: UUID | None, rooms: Sequence[int]
) -> tuple[Spot, ...]:
    """The archive has no topics; a client's topic is named by their conversation."""
    car = [Spot(chat, None if purpose == "archive" else f"car:{car_id}") for purpose, chat in places.items()]
    client = [] if conversation_id is None else [Spot(chat, conversation_subject(conversation_id)) for chat in rooms]
    return (*car, *client)


def announce(
    event: Event[Any], inspection: Inspection, links: Sequence[Linked], where: Sequence[Spot]
) -> tuple[NewCommand, ...]:
    """Nothing goes to a client by itself: whoever answers them sends the link on, or does not."""
    text = _text(inspection.number, links, car=inspection.car)
    return tuple(
        _order(
            event,
            SendMessage(
                chat_id=spot.chat_id,
                text=text,
                entity=spot.entity,
                buttons=((_again(inspection.id),),) if spot.entity else (),
                is_silent=True,
            ),
            f"report:{spot.entity}",
            Priority.LINE,
        )
        for spot in where
    )


def answer(event: Event[Any], wanted: ReportWanted, links: Sequence[Linked], number: int) -> tuple[NewCommand, ...]:
    """To where it was asked for."""
    if wanted.chat_id is None:
        return ()
    body = SendMessage(chat_id=wanted.chat_id, thread_id=wanted.thread_id, text=_text(number, links, car=""))
    return (_order(event, body, "links", Priority.ANSWER),)


def _text(number: int, links: Sequence[Linked], *, car: str) -> Text:
    parts = [_line(one) for one in links]
    if any(one.page is None for one in links):
        parts = [Text(key="evidence-no-links")]
    elif any(one.pdf is None for one in links):
        parts.append(Text(key="evidence-no-pdf"))
    return Text(key="evidence-report", args={"number": str(number), "car": car}, parts=tuple(parts))


def _line(one: Linked) -> Text:
    if one.pdf is None:
        return Text(key="evidence-page", args={"language": one.language, "page": one.page or ""})
    return Text(key="evidence-page-pdf", args={"language": one.language, "page": one.page or "", "pdf": one.pdf})


def _again(inspection_id: UUID) -> Button:
    wanted = ReportWanted(inspection_id=inspection_id)
    return Button(
        label=Text(key="evidence-new-links"),
        event_kind=ReportWanted.kind,
        event=wanted.model_dump(mode="json"),
        subject=subject_of(inspection_id),
    )


def _order(event: Event[Any], body: TelegramCommand, what: str, priority: Priority) -> NewCommand:
    return NewCommand(
        body=body,
        destination=chat_destination(body.chat_id),
        effect_key=f"evidence:{event.id}:{body.chat_id}:{what}",
        priority=priority,
        branch=event.branch,
    )
