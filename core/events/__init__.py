"""Events: everything that happens, as frozen typed bodies inside one envelope.

Growing it: add a body class to the file of its noun and to ``BODIES``, then name its agents in orchestrator/router.py.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import ConfigDict, JsonValue

from core.errors import Broken, without_values
from core.events.conversations import (
    ClientWrote,
    ConversationEvent,
    ConversationMoved,
    ConversationSteered,
    DraftChoice,
    DraftDecided,
    InboxDue,
    KeptFile,
    LeadBehind,
    MessageNotSent,
    MessageSent,
    MessageTranslated,
    OperatorWrote,
    PersonalGroupBound,
    SendConfirmed,
    SendRetried,
    StaffAnswered,
    StaffWrote,
    Steer,
    TranslationsDue,
    TranslationWanted,
    UmnicoDelivered,
)
from core.events.envelope import (
    Event,
    EventBody,
    NewEvent,
    Recorded,
)
from core.events.fleet import (
    BookingCancelled,
    BookingCreated,
    BookingEvent,
    BookingIssued,
    BookingReturned,
    BookingUpdated,
    CarAdded,
    CarEvent,
    CarMoved,
    CarRemoved,
    CarUpdated,
    ClientUpdated,
)
from core.events.people import (
    AccessDecided,
    AccessRequested,
    ChatChanged,
    ForumBound,
    MediaPosted,
    MediaStored,
    RoleDecided,
    StaffLinked,
)
from core.events.rentprog import (
    Entity,
    FoundBy,
    Listing,
    Operation,
    RefreshWanted,
    RentprogDelivered,
    SyncDue,
    SyncFinished,
    SyncPageWanted,
)
from core.events.tasks import (
    ApprovalAsked,
    ApprovalDecided,
    ApprovalEnded,
    ApprovalsDue,
    TaskChange,
    TaskCreated,
    TaskReminder,
    TasksDue,
    TaskStatusChanged,
    TaskSteered,
    TaskUpdated,
    TaskWanted,
    UnansweredDue,
    WaitRanOut,
)
from core.events.watch import (
    AlarmCleared,
    AlarmRaised,
    HealthDue,
    WebhookQuarantined,
)

__all__ = [
    "BODIES",
    "BODY_OF_KIND",
    "AccessDecided",
    "AccessRequested",
    "AlarmCleared",
    "AlarmRaised",
    "ApprovalAsked",
    "ApprovalDecided",
    "ApprovalEnded",
    "ApprovalsDue",
    "BookingCancelled",
    "BookingCreated",
    "BookingEvent",
    "BookingIssued",
    "BookingReturned",
    "BookingUpdated",
    "CarAdded",
    "CarEvent",
    "CarMoved",
    "CarRemoved",
    "CarUpdated",
    "ChatChanged",
    "ClientUpdated",
    "ClientWrote",
    "ConversationEvent",
    "ConversationMoved",
    "ConversationSteered",
    "DraftChoice",
    "DraftDecided",
    "Entity",
    "Event",
    "EventBody",
    "ForumBound",
    "FoundBy",
    "HealthDue",
    "InboxDue",
    "KeptFile",
    "LeadBehind",
    "Listing",
    "MediaPosted",
    "MediaStored",
    "MessageNotSent",
    "MessageSent",
    "MessageTranslated",
    "NewEvent",
    "Operation",
    "OperatorWrote",
    "PersonalGroupBound",
    "Recorded",
    "RefreshWanted",
    "RentprogDelivered",
    "RoleDecided",
    "SendConfirmed",
    "SendRetried",
    "StaffAnswered",
    "StaffLinked",
    "StaffWrote",
    "Steer",
    "SyncDue",
    "SyncFinished",
    "SyncPageWanted",
    "TaskChange",
    "TaskCreated",
    "TaskReminder",
    "TaskStatusChanged",
    "TaskSteered",
    "TaskUpdated",
    "TaskWanted",
    "TasksDue",
    "TranslationWanted",
    "TranslationsDue",
    "UmnicoDelivered",
    "UnansweredDue",
    "UnknownBody",
    "WaitRanOut",
    "WebhookQuarantined",
    "payload_of",
    "read_body",
]


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
    StaffLinked,
    ForumBound,
    ChatChanged,
    MediaPosted,
    MediaStored,
    HealthDue,
    AlarmRaised,
    AlarmCleared,
    UmnicoDelivered,
    InboxDue,
    LeadBehind,
    ClientWrote,
    OperatorWrote,
    MessageSent,
    MessageNotSent,
    MessageTranslated,
    StaffWrote,
    StaffAnswered,
    ConversationMoved,
    ConversationSteered,
    PersonalGroupBound,
    TranslationsDue,
    TranslationWanted,
    SendConfirmed,
    SendRetried,
    DraftDecided,
    TaskCreated,
    TaskUpdated,
    TaskStatusChanged,
    TaskSteered,
    TaskWanted,
    TaskReminder,
    TasksDue,
    UnansweredDue,
    WaitRanOut,
    ApprovalAsked,
    ApprovalDecided,
    ApprovalEnded,
    ApprovalsDue,
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
