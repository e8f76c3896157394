"""What is owed, as its own row tells it at this moment: to a client, by a task, to whoever asked for consent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from agents.escalation.decide import Pause, Wait, WaitKind
from core.chain import Chain, Level
from core.consent import Wanted
from db.queries import approvals, conversations, tasks, waits
from db.queries.waits import CLOSED, OpenWait
from db.session import Tx

LONGEST_CONTACT = 60
"""Characters of a name that a stranger chose."""
FORGOTTEN = timedelta(days=7)
"""What a client said longer ago than this was met in an old history, and nobody is chased for it."""


@dataclass(frozen=True, slots=True)
class Owed:
    """``over`` says why nothing is owed any more.

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


async def read(tx: Tx, subject: str, now: datetime) -> Owed | None:
    """The state of the subject, its row held until the commit; None for one that is not known."""
    kind, _, key = subject.partition(":")
    return await _READ[WaitKind(kind)](tx, UUID(key), now)


async def _conversation(tx: Tx, conversation_id: UUID, now: datetime) -> Owed | None:
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


async def _task(tx: Tx, task_id: UUID, now: datetime) -> Owed | None:
    del now
    task = await tasks.lock(tx, task_id)
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


async def _approval(tx: Tx, approval_id: UUID, now: datetime) -> Owed | None:
    del now
    row = await approvals.lock(tx, approval_id)
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


_READ: Mapping[WaitKind, Callable[[Tx, UUID, datetime], Awaitable[Owed | None]]] = {
    WaitKind.CONVERSATION: _conversation,
    WaitKind.TASK: _task,
    WaitKind.APPROVAL: _approval,
}
