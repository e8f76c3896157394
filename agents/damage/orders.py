"""What the damage agent orders to be shown and said, each order with the key that makes it happen once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.commands import (
    Button,
    NewCommand,
    Priority,
    SendMessage,
    ShowFinding,
    Text,
    chat_destination,
    show_car_card,
    show_inspection_card,
)
from core.events import Event, HoldDecided
from core.roles import Role
from db.queries import chats, findings
from db.queries.findings import Finding
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.session import Tx

Orders = tuple[NewCommand, ...]


async def show_finding(tx: Tx, inspection: Inspection, finding_id: UUID, event: Event[Any]) -> Orders:
    """Where it is shown already, else in the forum of the branch."""
    shown = await _shown(tx, finding_id) or await _forum(tx, inspection)
    return tuple(_card(inspection, finding_id, chat_id, event, Priority.ANSWER) for chat_id in shown)


async def settle_findings(tx: Tx, inspection: Inspection, found: Sequence[Finding], event: Event[Any]) -> Orders:
    """After the review each finding that is shown anywhere keeps its verdict and loses its buttons."""
    places = [(one.id, chat_id) for one in found for chat_id in await _shown(tx, one.id)]
    return tuple(_card(inspection, finding_id, chat_id, event, Priority.CARD) for finding_id, chat_id in places)


async def _shown(tx: Tx, finding_id: UUID) -> list[int]:
    return await findings.shown_in(tx, f"finding:{finding_id}", "finding")


def _card(inspection: Inspection, finding_id: UUID, chat_id: int, event: Event[Any], priority: Priority) -> NewCommand:
    return NewCommand(
        body=ShowFinding(chat_id=chat_id, inspection_id=inspection.id, finding_id=finding_id),
        destination=chat_destination(chat_id),
        effect_key=f"finding-card:{chat_id}:{finding_id}:{event.id}",
        priority=priority,
        merge_key=f"finding-card:{chat_id}:{finding_id}",
        branch=inspection.branch,
    )


async def show_inspection(tx: Tx, inspection: Inspection, event: Event[Any]) -> Orders:
    """Its card, where there is one: what is decided shows on it."""
    return tuple(
        show_inspection_card(chat_id, inspection.id, by="damage", event_id=event.id, branch=inspection.branch)
        for chat_id in await findings.shown_in(tx, inspection.subject, "inspection")
    )


async def show_car(tx: Tx, inspection: Inspection, event: Event[Any]) -> Orders:
    return tuple(
        show_car_card(chat_id, inspection.car_id, event_id=event.id, branch=inspection.branch)
        for chat_id in await _forum(tx, inspection)
    )


async def say_in_topic(
    tx: Tx, inspection: Inspection, text: Text, *, key: str, buttons: Sequence[Button] = ()
) -> Orders:
    """A line in the car's topic."""
    return tuple(
        NewCommand(
            body=SendMessage(
                chat_id=chat_id,
                text=text,
                entity=f"car:{inspection.car_id}",
                buttons=(tuple(buttons),) if buttons else (),
            ),
            destination=chat_destination(chat_id),
            effect_key=f"{key}:{chat_id}",
            priority=Priority.ANSWER,
            branch=inspection.branch,
        )
        for chat_id in await _forum(tx, inspection)
    )


def say(
    person: Person,
    text: Text,
    *,
    key: str,
    branch: str | None = None,
    not_before: datetime | None = None,
    buttons: Sequence[Button] = (),
) -> NewCommand:
    """In private, in the person's language; ``not_before`` keeps the hours in which they are left alone."""
    return NewCommand(
        body=SendMessage(
            chat_id=person.tg_user_id,
            text=text,
            language=person.language,
            buttons=(tuple(buttons),) if buttons else (),
        ),
        destination=chat_destination(person.tg_user_id),
        effect_key=f"{key}:{person.id}",
        priority=Priority.ANSWER,
        not_before=not_before,
        branch=branch,
    )


def hold_buttons(inspection: Inspection, role_to_release: Role) -> tuple[Button, Button]:
    """Keep the car back, or let it go; who may is read again at the press."""
    return (
        _hold_button(inspection, "damage-hold-button-keep", Role.BRANCH_HEAD, is_held=True),
        _hold_button(inspection, "damage-hold-button-issue", role_to_release, is_held=False),
    )


def _hold_button(inspection: Inspection, label: str, role: Role, *, is_held: bool) -> Button:
    decided = HoldDecided(inspection_id=inspection.id, car_id=inspection.car_id, is_held=is_held)
    return Button(
        label=Text(key=label),
        event_kind=HoldDecided.kind,
        event=decided.model_dump(mode="json"),
        subject=inspection.subject,
        min_role=str(role),
        style="danger" if is_held else None,
    )


async def _forum(tx: Tx, inspection: Inspection) -> list[int]:
    forum = None if inspection.branch is None else await chats.forum_of(tx, inspection.branch)
    return [forum.chat_id] if forum is not None and forum.can_work else []
