"""What is owed, as its own row tells it at this moment: to a client, by a task, to whoever asked for consent.

And a look at a car whose time came, and a person's word about what an inspection found.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from agents.escalation.agent import Frame
from agents.escalation.decide import Pause, Wait, WaitKind
from core.chain import Chain, Level
from core.commands import Button, Text
from core.consent import Wanted
from core.events import InspectionWanted
from core.inspection.damage import Severity
from db.queries import approvals, conversations, inspections, operations, staff, tasks, waits
from db.queries.operations import Operation
from db.queries.waits import CLOSED, OpenWait
from db.session import Tx

LONGEST_CONTACT = 60
"""Characters of a name that a stranger chose."""
FORGOTTEN = timedelta(days=7)
"""What a client said longer ago than this was met in an old history, and nobody is chased for it."""
FORGOTTEN_OPERATION = timedelta(days=3)
"""A look at a car that nobody took for so long tells nothing about that hand-over any more."""


@dataclass(frozen=True, slots=True)
class Owed:
    """``over`` says why nothing is owed any more. ``told_as`` is its kind as the texts tell it apart.

    ``name`` is how it is called where everybody reads (alarms): no client is named there; ``title`` is for its people.
    """

    kind: WaitKind
    subject: str
    since: datetime | None
    holder_id: UUID | None
    branch: str | None
    name: str
    over: str | None = None
    level: Level = Level.EMPLOYEE
    snoozed_until: datetime | None = None
    is_critical: bool = False
    consent: Wanted | None = None
    contact: str | None = None
    told_as: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    """What whoever is asked can do at once."""

    @property
    def noun(self) -> str:
        return self.told_as or str(self.kind)

    @property
    def title(self) -> str:
        return self.contact or self.name

    @property
    def id(self) -> UUID:
        return UUID(self.subject.partition(":")[2])

    @property
    def begins(self) -> datetime | None:
        """Since when an answer is owed; None when none is."""
        return None if self.over is not None else self.since

    def chain(self, people: Chain) -> Chain:
        return people if self.consent is None else self.consent.of(people)

    def first_holder(self, people: Chain, now: datetime) -> UUID | None:
        if self.consent is None:
            return self.holder_id
        first = self.consent.first(people, now)
        return None if first is None else first.id

    def as_wait(self, wait: OpenWait) -> Wait:
        """What the pure rules decide about."""
        steps = [told["step"] for told in wait.told]
        pauses: tuple[Pause, ...] = ()
        if self.snoozed_until is not None and self.snoozed_until > wait.since:
            pauses = (Pause(wait.since, self.snoozed_until),)
        return Wait(
            kind=self.kind,
            since=wait.since,
            holder=wait.holder_id,
            level=Level(wait.level),
            pauses=pauses,
            is_reminded="remind" in steps or "move" in steps,
            is_alarmed=is_alarmed(wait),
            is_critical=self.is_critical,
        )


def is_alarmed(wait: OpenWait) -> bool:
    """Whether the alarm that nobody is left stands: a move ends it."""
    steps = [told["step"] for told in wait.told if told["step"] in {"alarm", "move"}]
    return steps[-1:] == ["alarm"]


async def read(tx: Tx, subject: str, frame: Frame) -> Owed | None:
    """The state of the subject, its row held until the commit; None for one that is not known."""
    kind, _, _ = subject.partition(":")
    return await _READ[kind](tx, subject, frame)


async def _conversation(tx: Tx, subject: str, frame: Frame) -> Owed | None:
    conversation_id = _id(subject)
    now = frame.now
    row = await conversations.lock(tx, conversation_id)
    if row is None:
        return None
    since = await waits.unanswered_since(tx, row.id)
    over = None
    if row.state == "closed":
        over = CLOSED
    elif since is None:
        over = "answered"
    elif since < now - FORGOTTEN:
        over = "forgotten"
    return Owed(
        kind=WaitKind.CONVERSATION,
        subject=row.entity,
        since=since,
        holder_id=row.holder_id,
        branch=row.branch,
        name=str(row.lead_id),
        over=over,
        contact=None if row.contact_name is None else row.contact_name[:LONGEST_CONTACT].strip(),
    )


async def _task(tx: Tx, subject: str, frame: Frame) -> Owed | None:
    del frame
    task = await tasks.lock(tx, _id(subject))
    if task is None:
        return None
    over = None
    if not task.is_open:
        over = task.status
    elif task.due_at is None:
        over = "no due time"
    return Owed(
        kind=WaitKind.TASK,
        subject=task.subject,
        since=task.due_at,
        holder_id=task.assignee_id,
        branch=task.branch,
        name=f"#{task.number}",
        over=over,
        snoozed_until=task.snooze_until,
        is_critical=task.priority == "urgent",
    )


async def _approval(tx: Tx, subject: str, frame: Frame) -> Owed | None:
    del frame
    row = await approvals.lock(tx, _id(subject))
    if row is None:
        return None
    wanted = Wanted(row.role, row.person_id, row.beneficiary_id)
    return Owed(
        kind=WaitKind.APPROVAL,
        subject=row.entity,
        since=row.asked_at,
        holder_id=None,
        branch=row.branch,
        name=row.arguments.get("action", row.kind),
        over=None if row.state == "asked" else row.state,
        level=wanted.level,
        consent=wanted,
    )


async def _operation(tx: Tx, subject: str, frame: Frame) -> Owed | None:
    """A car that nobody looked at when it left or came back. Whoever has the form in hand owes it first."""
    booking_id, occasion = operations.named(subject)
    row = await operations.find(tx, booking_id, occasion)
    if row is None:
        return None
    since = row.due_at
    over = row.settled(frame.now)
    if over is None and since is not None and since < frame.now - FORGOTTEN_OPERATION:
        over = "forgotten"
    return Owed(
        kind=WaitKind.INSPECTION,
        subject=subject,
        since=since,
        holder_id=row.inspector_id or await _responsible(tx, row),
        branch=row.branch,
        name=row.car,
        over=over,
        told_as=f"inspection_{occasion}",
        buttons=((_inspect(row),),),
    )


async def _responsible(tx: Tx, row: Operation) -> UUID | None:
    if row.branch is None or row.responsible_rentprog_id is None:
        return None
    return await staff.person_behind(tx, row.branch, row.responsible_rentprog_id)


def _inspect(row: Operation) -> Button:
    assert row.car_id is not None
    body = InspectionWanted(car_id=row.car_id, occasion=row.occasion, booking_id=row.booking_id)
    return Button(
        label=Text(key="inspect-now", args={"occasion": str(row.occasion)}),
        event_kind=body.kind,
        event=body.model_dump(mode="json"),
        subject=f"car:{row.car_id}",
    )


async def _review(tx: Tx, subject: str, frame: Frame) -> Owed | None:
    """Findings that wait for a person who may confirm them, the lowest such first."""
    row = await inspections.lock(tx, _id(subject))
    if row is None:
        return None
    worst = Severity(row.worst or Severity.COSMETIC)
    wanted = Wanted(frame.damage.verifier(worst))
    is_examined = row.state == "examined"
    found_at = await waits.found_at(tx, row.id) if is_examined else None
    over = "nothing was found" if found_at is None else None
    return Owed(
        kind=WaitKind.REVIEW,
        subject=subject,
        since=max((at for at in (row.examined_at, found_at) if at is not None), default=None),
        holder_id=None,
        branch=row.branch,
        name=f"{row.car} · №{row.number}",
        over=over if is_examined else row.state,
        level=wanted.level,
        is_critical=worst is Severity.CRITICAL,
        consent=wanted,
    )


def _id(subject: str) -> UUID:
    return UUID(subject.partition(":")[2])


_READ: Mapping[str, Callable[[Tx, str, Frame], Awaitable[Owed | None]]] = {
    "conversation": _conversation,
    "task": _task,
    "approval": _approval,
    "operation": _operation,
    "inspection": _review,
}
"""By the first word of a subject."""
