"""The desk of one update: who asks, where, and what is written down and answered because of it.

A handler collects events and replies here; they are saved together in one transaction (``work``), and only then the
bell rings. A repeated update writes the same keys again and so changes nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from core.clock import Clock
from core.commands import Button, NewCommand, Priority, SendMessage, TelegramCommand, Text, chat_destination
from core.events import EventBody, NewEvent, Recorded
from core.plans import Route
from core.roles import LANGUAGES, Role
from core.settings import Settings
from db import commands, events
from db.queries.approvals import asked_by
from db.queries.desk import Situation
from db.queries.people import Person
from db.session import Database, Tx

Ring = Callable[[Sequence[int], bool], Awaitable[None]]
"""Called after a commit with the runs that may start and whether commands wait; it must not raise."""

FALLBACK_LANGUAGE = "ru"
ButtonRows = tuple[tuple[Button, ...], ...]


Noted = Callable[[Sequence[NewEvent[Any]], Recorded], None]
"""Told after the commit what was recorded, for whoever counts."""


def _nobody_counts(_events: Sequence[NewEvent[Any]], _recorded: Recorded) -> None:
    return


@dataclass(frozen=True, slots=True)
class Office:
    """What every desk shares."""

    db: Database
    route: Route
    settings: Settings
    clock: Clock
    ring: Ring
    noted: Noted = _nobody_counts


@dataclass(frozen=True, slots=True)
class Place:
    """Where an update comes from. ``thread_id`` is set only for a real topic, never for a reply in General."""

    user_id: int | None
    chat_id: int | None
    thread_id: int | None = None
    message_id: int | None = None
    is_private: bool = False


def telegram_language(code: str | None) -> str:
    """One of ours for Telegram's ``language_code`` (``en-US``, ``ka``, nothing)."""
    language = (code or "").split("-")[0]
    return language if language in LANGUAGES else FALLBACK_LANGUAGE


@dataclass
class Desk:
    """``language`` is that of the person, else what Telegram tells of the user, else Russian."""

    office: Office
    update_id: int
    place: Place
    situation: Situation
    language: str
    toast_text: Text | None = None
    _events: list[NewEvent[Any]] = field(default_factory=list)
    _commands: list[NewCommand] = field(default_factory=list)
    _recorded: int = 0
    _replies: int = 0

    @property
    def db(self) -> Database:
        return self.office.db

    @property
    def person(self) -> Person:
        """The member of staff; handlers for people nobody knows use ``situation``."""
        assert self.situation.person is not None
        return self.situation.person

    @property
    def chat_id(self) -> int:
        assert self.place.chat_id is not None
        return self.place.chat_id

    @property
    def branch(self) -> str | None:
        """The branch of the forum where the person asks, else their own."""
        return self.situation.branch or (self.situation.person.branch if self.situation.person else None)

    def may(self, role: Role) -> bool:
        return self.person.role.is_at_least(role)

    def record(self, body: EventBody, *, subject: str, branch: str | None = None) -> None:
        """An event of this update; the person's label is its trust."""
        number = self._recorded
        self._recorded += 1
        person = self.situation.person
        self._events.append(
            NewEvent(
                body=body,
                subject=subject,
                source="telegram",
                external_id=f"{self.update_id}:{number}" if number else str(self.update_id),
                trust=person.trust if person else "outside",
                branch=branch,
            )
        )

    def reply(self, text: Text, buttons: ButtonRows = (), *, merge_key: str | None = None) -> None:
        """An answer into the same chat and topic; in a group it hangs on the message that asked."""
        body = SendMessage(
            chat_id=self.chat_id,
            text=text,
            language=self.language,
            thread_id=self.place.thread_id,
            reply_to=None if self.place.is_private else self.place.message_id,
            buttons=buttons,
        )
        self._commands.append(
            NewCommand(
                body=body,
                destination=chat_destination(self.chat_id),
                effect_key=f"reply:{self.update_id}:{self._replies}",
                priority=Priority.ANSWER,
                merge_key=merge_key,
            )
        )
        self._replies += 1

    def order(self, body: TelegramCommand, *, merge_key: str | None = None) -> None:
        """What the bot shows because of this update, at once: a person waits for it."""
        self._commands.append(
            NewCommand(
                body=body,
                destination=chat_destination(body.chat_id),
                effect_key=f"order:{self.update_id}:{self._replies}",
                priority=Priority.ANSWER,
                merge_key=merge_key,
            )
        )
        self._replies += 1

    def toast(self, text: Text) -> None:
        """The short answer to a press, shown to the presser alone, after the commit."""
        self.toast_text = text

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Tx]:
        """One transaction for what the handler reads and writes; leaving it saves the collected events and replies.

        No network call belongs inside.
        """
        async with self.db.transaction() as tx:
            yield tx
            told = [*self._events, *asked_by(self._commands)]
            recorded = await events.record(tx, told, self.office.route)
            event_id = recorded.ids[0] if self._events else None
            ordered = await commands.order(tx, self._commands, event_id=event_id)
        self.office.noted(told, recorded)
        self._events.clear()
        self._commands.clear()
        if recorded.ready_runs or ordered:
            await self.office.ring(recorded.ready_runs, ordered > 0)

    async def close(self) -> None:
        """Save what the handler collected outside of ``work``."""
        if self._events or self._commands:
            async with self.work():
                pass
