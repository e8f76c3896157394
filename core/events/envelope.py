"""The envelope around every event, recorded or not yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict


class EventBody(BaseModel):
    """What one kind of event says. ``kind`` is ``noun.verbed`` and never changes once stored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    kind: ClassVar[str]


B = TypeVar("B", bound=EventBody)
B_co = TypeVar("B_co", bound=EventBody, covariant=True)


@dataclass(frozen=True, slots=True)
class NewEvent(Generic[B]):
    """An event that is not recorded yet.

    ``(source, external_id)`` is unique: recording it twice adds nothing. ``external_id`` of None makes one from the
    run that causes the event (see db/events.py). ``trust`` is ``system``, ``staff:<person id>``, ``client:<id>`` or
    ``outside``.
    """

    body: B
    subject: str
    source: str = "jarvis"
    external_id: str | None = None
    trust: str = "system"
    branch: str | None = None
    occurred_at: datetime | None = None
    raw: bytes | None = None
    headers: Mapping[str, str] | None = None
    content_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Event(Generic[B_co]):
    """A recorded event as an agent sees it; the raw bytes of a webhook are read through db/events.py."""

    id: int
    subject: str
    body: B_co
    source: str
    external_id: str
    trust: str
    branch: str | None
    occurred_at: datetime
    received_at: datetime
    caused_by: int | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording said: the ids of new events in the order given, None for those that were there already."""

    ids: tuple[int | None, ...]
    ready_runs: tuple[int, ...] = field(default=())
    """Runs that may start now; ring the bell for them after the commit."""
