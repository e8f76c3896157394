"""Inspections: a car is looked at by photo before it goes out and when it comes back."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from core.events.conversations import StaffWrote
from core.events.envelope import EventBody
from core.inspection.damage import DamageKind, FindingState, Part, Severity
from core.inspection.views import Occasion, Viewpoint

FormAct = Literal["resume", "pause", "back", "skip", "hand", "cancel", "submit", "go_on"]
"""What a person does with a form besides answering; ``go_on`` takes the photo that was refused as it is."""


def subject_of(inspection_id: UUID) -> str:
    return f"inspection:{inspection_id}"


class OperationPlanned(EventBody):
    """A planned time comes near. At most once per booking, kind, planned time and reminder (agents.md, section 2)."""

    booking_id: UUID
    car_id: UUID
    planned_at: datetime
    minutes_before: float


class IssuePlanned(OperationPlanned):
    kind: ClassVar[str] = "booking.issue.planned"


class ReturnPlanned(OperationPlanned):
    kind: ClassVar[str] = "booking.return.planned"


class InspectionsDue(EventBody):
    """Tick: operations that come near, inspections that are missing or late, forms that nobody goes on with."""

    kind: ClassVar[str] = "check.inspections"


class InspectionOverdue(EventBody):
    """The planned time of an operation is over and nobody inspected the car. Its subject names both."""

    kind: ClassVar[str] = "inspection.overdue"
    booking_id: UUID
    car_id: UUID
    occasion: Occasion
    planned_at: datetime


class InspectionNoLongerMissing(EventBody):
    """It was done, or the booking changed: nobody owes it any more."""

    kind: ClassVar[str] = "inspection.settled"
    booking_id: UUID
    occasion: Occasion
    why: str


class InspectionWanted(EventBody):
    """Somebody pressed "Hand over" or "Return". Subject ``car:<id>``."""

    kind: ClassVar[str] = "inspection.wanted"
    car_id: UUID
    occasion: Occasion
    booking_id: UUID | None = None
    """None: the booking of that moment is looked up."""
    chat_id: int | None = None
    thread_id: int | None = None


class InspectionEvent(EventBody):
    """Subject ``inspection:<id>``: the runs of one agent for one inspection go one by one, in order."""

    inspection_id: UUID


class InspectionSteered(InspectionEvent):
    """A button of the form. ``reason`` is a key of the texts or what the person wrote; skipping needs one."""

    kind: ClassVar[str] = "inspection.steered"
    act: FormAct
    step: str | None = None
    """The step that was shown with the button: a press on an old one is told apart."""
    reason: str | None = None
    to_person: UUID | None = None


class InspectionAnswered(InspectionEvent):
    """An answer to a question of the form: a number, the name of a choice, or several names."""

    kind: ClassVar[str] = "inspection.answered"
    step: str
    number: float | None = None
    choices: tuple[str, ...] = ()
    """Of a kit: what is there. Of fluids: ``oil:ok``, ``coolant:low`` …"""
    text: str | None = None
    """What was written when it is none of those; nothing is guessed from it."""
    photo_id: UUID | None = None


class PhotoGiven(StaffWrote):
    """A photo or file for an inspection, safe in storage. ``step`` is what was asked when it was sent."""

    kind: ClassVar[str] = "inspection.photo_given"
    inspection_id: UUID
    step: str | None = None
    finding_id: UUID | None = None
    """A close-up of this finding."""
    media_group_id: str | None = None


class PhotoAccepted(InspectionEvent):
    photo_id: UUID
    viewpoint: Viewpoint


class BodyPhotographed(PhotoAccepted):
    """An outside view, an inside one or a close-up passed the gates."""

    kind: ClassVar[str] = "body.photographed"


class DashboardPhotographed(PhotoAccepted):
    kind: ClassVar[str] = "dashboard.photographed"


class TrunkPhotographed(PhotoAccepted):
    kind: ClassVar[str] = "trunk.photographed"


class DocumentPhotographed(PhotoAccepted):
    kind: ClassVar[str] = "document.photographed"


class FluidsPhotographed(PhotoAccepted):
    kind: ClassVar[str] = "fluids.photographed"


class InspectionSubmitted(InspectionEvent):
    """Every step is answered or skipped: vision compares, people decide."""

    kind: ClassVar[str] = "inspection.submitted"


class InspectionExamined(InspectionEvent):
    """The findings of all views are written down; ``proposed`` of them wait for a person."""

    kind: ClassVar[str] = "inspection.examined"
    proposed: int
    worst: Severity | None = None
    is_seen_by_machine: bool = True
    """False: there were no weights, or vision was away; people look at every photo."""


class FindingDecided(InspectionEvent):
    """A person pressed a button under a finding. What they left as it was is None."""

    kind: ClassVar[str] = "finding.decided"
    finding_id: UUID
    state: FindingState
    damage_kind: DamageKind | None = None
    part: Part | None = None
    severity: Severity | None = None


class FindingAdded(InspectionEvent):
    """A person saw what the machine missed."""

    kind: ClassVar[str] = "finding.added"
    photo_id: UUID | None
    damage_kind: DamageKind
    part: Part
    severity: Severity


class InspectionReviewed(InspectionEvent):
    """A person stands behind the inspection: every finding is decided, or it was looked at and nothing was found."""

    kind: ClassVar[str] = "inspection.reviewed"


class ReviewFinished(InspectionEvent):
    """A person pressed "Reviewed": they looked at the pairs and stand behind what is decided."""

    kind: ClassVar[str] = "inspection.review_finished"


class ReadingTaken(InspectionEvent):
    """What a narrow agent read or judged on a photo: stored as a proposal, shown in the form and on the card."""

    kind: ClassVar[str] = "reading.taken"
    topic: Literal["mileage", "fuel", "kit", "wash", "fluids", "document"]
    verdict: Literal["ok", "problem", "unclear"]


class MileageDecided(InspectionEvent):
    """A person answered which mileage is right: the typed one, the one read from the photo, or one typed anew.

    ``km`` is that number, as it stood on the button: a press under a question that was asked anew since is told apart.
    """

    kind: ClassVar[str] = "mileage.decided"
    choice: Literal["typed", "read", "again"]
    km: int


class HoldDecided(InspectionEvent):
    """A head decided whether a damaged car may be issued."""

    kind: ClassVar[str] = "hold.decided"
    car_id: UUID
    is_held: bool


class ReportWanted(InspectionEvent):
    """A person asked for a report (again, or for a new link, or in another language)."""

    kind: ClassVar[str] = "report.wanted"
    language: str | None = None
    chat_id: int | None = None
    thread_id: int | None = None


class ReportMade(InspectionEvent):
    """The report lies in storage as HTML and PDF in each of ``languages``."""

    kind: ClassVar[str] = "report.made"
    languages: tuple[str, ...]
