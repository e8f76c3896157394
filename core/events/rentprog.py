"""What RentProg tells, and the passes that compare our mirror with it."""

from typing import ClassVar, Literal

from core.events.envelope import EventBody

Operation = Literal["create", "update", "destroy"]
Entity = Literal["car", "client", "booking"]
FoundBy = Literal["webhook", "fetch", "reconcile"]
Listing = Literal["cars", "clients", "active_bookings", "past_bookings", "staff"]
"""The lists of RentProg that a pass reads, in this order: what a booking links to comes before it."""


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
