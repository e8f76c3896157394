"""Events: everything that happens, as frozen typed bodies inside one envelope.

Growing it: add a body class here and to ``BODIES``, then name its agents in orchestrator/router.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, JsonValue

from core.errors import Broken, without_values

Operation = Literal["create", "update", "destroy"]
Entity = Literal["car", "client", "booking"]
FoundBy = Literal["webhook", "fetch", "reconcile"]
Listing = Literal["cars", "clients", "active_bookings", "past_bookings", "staff"]
"""The lists of RentProg that a pass reads, in this order: what a booking links to comes before it."""


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


# -- RentProg and the sync -----------------------------------------------------------------------------------------


class RentprogDelivered(EventBody):
    """A readable webhook of RentProg. Its content is parsed again from the raw bytes, so a parser's fix helps replays.

    ``is_ambiguous``: the same text came before within the window and other events of the entity came in between, so
    the diff must not be applied (domain rule 8 of "Applying events").
    """

    kind: ClassVar[str] = "rentprog.delivered"
    event_name: str
    entity: Entity
    operation: Operation
    entity_id: int
    is_ambiguous: bool = False


class WebhookQuarantined(EventBody):
    """A delivery nobody could read: kept raw, not applied, raised to staff."""

    kind: ClassVar[str] = "webhook.quarantined"
    system: str
    reason: str
    detail: str = ""


class RefreshWanted(EventBody):
    """The stored entity may be stale: fetch it whole. ``(entity, entity_id)`` are RentProg's."""

    kind: ClassVar[str] = "rentprog.refresh_wanted"
    entity: Entity
    entity_id: int
    reason: str


class SyncDue(EventBody):
    """Tick: reconcile one branch fully, or go on with the pass that stopped half-way."""

    kind: ClassVar[str] = "sync.due"
    branch: str


class SyncPageWanted(EventBody):
    """Read one page of one list of one branch; the checkpoint of a pass that survives a crash."""

    kind: ClassVar[str] = "sync.page_wanted"
    sync_id: int
    branch: str
    listing: Listing
    page: int


class SyncFinished(EventBody):
    """A pass over one branch ended. ``is_first``: nothing had been stored before, so nothing was news."""

    kind: ClassVar[str] = "sync.finished"
    sync_id: int
    branch: str
    is_first: bool
    read: int
    added: int
    updated: int
    unchanged: int
    quarantined: int
    drift: int


# -- the fleet -------------------------------------------------------------------------------------------------------


class CarEvent(EventBody):
    car_id: UUID
    found_by: FoundBy


class CarAdded(CarEvent):
    kind: ClassVar[str] = "car.added"
    branch: str


class CarMoved(CarEvent):
    kind: ClassVar[str] = "car.moved"
    from_branch: str
    to_branch: str


class CarUpdated(CarEvent):
    """``changed`` names our columns."""

    kind: ClassVar[str] = "car.updated"
    changed: tuple[str, ...]


class CarRemoved(CarEvent):
    kind: ClassVar[str] = "car.removed"
    branch: str


class BookingEvent(EventBody):
    booking_id: UUID
    car_id: UUID | None
    found_by: FoundBy


class BookingCreated(BookingEvent):
    kind: ClassVar[str] = "booking.created"


class BookingIssued(BookingEvent):
    kind: ClassVar[str] = "booking.issued"


class BookingReturned(BookingEvent):
    kind: ClassVar[str] = "booking.returned"


class BookingUpdated(BookingEvent):
    """``previous_car_id`` is set when the booking went to another car: both cards are stale."""

    kind: ClassVar[str] = "booking.updated"
    changed: tuple[str, ...]
    previous_car_id: UUID | None = None


class BookingCancelled(BookingEvent):
    kind: ClassVar[str] = "booking.cancelled"


class ClientUpdated(EventBody):
    kind: ClassVar[str] = "client.updated"
    client_id: UUID
    changed: tuple[str, ...]
    found_by: FoundBy


# -- people, chats, media ----------------------------------------------------------------------------------------------


class AccessRequested(EventBody):
    """Somebody unknown wrote ``/start``; a manager decides."""

    kind: ClassVar[str] = "access.requested"
    tg_user_id: int
    name: str
    username: str | None
    language: str


class AccessDecided(EventBody):
    """A manager pressed a button under the request. ``role`` of None means refused."""

    kind: ClassVar[str] = "access.decided"
    tg_user_id: int
    name: str
    username: str | None
    language: str
    role: str | None
    branch: str | None


class RoleDecided(EventBody):
    """A manager pressed a button in the list of people. ``role`` of None means: works here no more."""

    kind: ClassVar[str] = "role.decided"
    person_id: UUID
    tg_user_id: int
    role: str | None


class ForumBound(EventBody):
    """``/bind``: this forum now belongs to a branch. Rights were checked by the bot just before."""

    kind: ClassVar[str] = "forum.bound"
    chat_id: int
    title: str
    branch: str


class ChatChanged(EventBody):
    """Our membership or rights in a chat changed (``my_chat_member``), or the chat was migrated or lost its topics."""

    kind: ClassVar[str] = "chat.changed"
    chat_id: int
    title: str
    is_member: bool
    is_forum: bool
    missing_rights: tuple[str, ...] = ()


class MediaPosted(EventBody):
    """A person put a photo, video or file into a branch forum. Telegram's file id and what came with it."""

    kind: ClassVar[str] = "media.posted"
    chat_id: int
    thread_id: int | None
    message_id: int
    media_group_id: str | None
    person_id: UUID | None
    tg_user_id: int
    file_id: str
    file_unique_id: str
    file_name: str | None
    mime_type: str | None
    size: int | None
    media_kind: str


class MediaStored(EventBody):
    """The bytes are safe under ``storage_key``; only now may the message in the forum be deleted."""

    kind: ClassVar[str] = "media.stored"
    media_id: UUID
    storage_key: str
    chat_id: int
    thread_id: int | None
    message_id: int
    media_group_id: str | None
    tg_user_id: int


class HealthDue(EventBody):
    """Tick: look for silence, staleness and tokens that run out."""

    kind: ClassVar[str] = "check.health"


class AlarmRaised(EventBody):
    """Something staff or the engineer must see. Alarms of one ``key`` are grouped while one is open."""

    kind: ClassVar[str] = "alarm.raised"
    key: str
    text_key: str
    args: dict[str, str | int] = {}


class AlarmCleared(EventBody):
    kind: ClassVar[str] = "alarm.cleared"
    key: str


class UnknownBody(EventBody):
    """An event stored by a newer version whose kind this one does not know; it is kept and shown, never dropped."""

    model_config = ConfigDict(frozen=True, extra="allow")
    kind: ClassVar[str] = "unknown"


BODIES: tuple[type[EventBody], ...] = (
    RentprogDelivered,
    WebhookQuarantined,
    RefreshWanted,
    SyncDue,
    SyncPageWanted,
    SyncFinished,
    CarAdded,
    CarMoved,
    CarUpdated,
    CarRemoved,
    BookingCreated,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    BookingCancelled,
    ClientUpdated,
    AccessRequested,
    AccessDecided,
    RoleDecided,
    ForumBound,
    ChatChanged,
    MediaPosted,
    MediaStored,
    HealthDue,
    AlarmRaised,
    AlarmCleared,
)
BODY_OF_KIND: dict[str, type[EventBody]] = {body.kind: body for body in BODIES}


def read_body(kind: str, payload: Mapping[str, JsonValue]) -> EventBody:
    """The typed body of a stored event; raises ``Broken`` when a known kind no longer fits its class."""
    body = BODY_OF_KIND.get(kind, UnknownBody)
    try:
        return body.model_validate(payload)
    except ValueError as error:
        raise Broken(f"event of kind {kind} does not fit {body.__name__}: {without_values(error)}") from error


def payload_of(body: EventBody) -> dict[str, Any]:
    return body.model_dump(mode="json")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording said: the ids of new events in the order given, None for those that were there already."""

    ids: tuple[int | None, ...]
    ready_runs: tuple[int, ...] = field(default=())
    """Runs that may start now; ring the bell for them after the commit."""
