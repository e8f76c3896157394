"""A person stands behind an inspection: every finding is decided, and they put their name to it."""

from datetime import timedelta
from typing import Any

from agents.damage.changes import Frame
from agents.damage.orders import say, settle_findings, show_inspection
from agents.damage.rights import role_to_review
from agents.damage.telling import who_may
from agents.spec import Outcome
from core.commands import Text
from core.events import Event, InspectionReviewed, NewEvent, ReviewFinished
from core.roles import Role
from db.queries import audit, findings, inspections, people, readings
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.session import Tx

MACHINE_PATIENCE = timedelta(minutes=15)
"""So long after the form was handed in a review waits for the machine; then people go on without it."""


async def finish(tx: Tx, event: Event[ReviewFinished], frame: Frame) -> Outcome:
    inspection = await inspections.lock(tx, event.body.inspection_id)
    presser = await people.by_trust(tx, event.trust)
    if inspection is None or presser is None:
        return Outcome(note="nobody, or no such inspection")
    why_not = await _why_not(tx, inspection, presser, frame)
    if why_not is not None:
        told = say(presser, why_not, key=f"review-answer:{event.id}")
        return Outcome(commands=(told, *await show_inspection(tx, inspection, event)), note=why_not.key)
    changed = {"state": "reviewed", "reviewed_at": frame.now, "reviewed_by": presser.id}
    if inspection.state == "submitted":
        changed |= {"is_seen_by_machine": False}
    await inspections.change(tx, inspection.id, changed)
    await audit.append(
        tx,
        actor=event.trust,
        action="inspection.reviewed",
        subject=inspection.subject,
        at=frame.now,
        details={"event": event.id, "role": str(presser.role), "without_machine": inspection.state == "submitted"},
    )
    reviewed = NewEvent(
        body=InspectionReviewed(inspection_id=inspection.id),
        subject=inspection.subject,
        external_id=f"reviewed:{inspection.id}",
        trust=event.trust,
        branch=inspection.branch,
    )
    found = await findings.of_inspection(tx, inspection.id)
    cards = (*await show_inspection(tx, inspection, event), *await settle_findings(tx, inspection, found, event))
    return Outcome(events=(reviewed,), commands=cards, note="reviewed")


async def _why_not(tx: Tx, inspection: Inspection, presser: Person, frame: Frame) -> Text | None:
    """What stands in the way, said to whoever pressed."""
    number: dict[str, Any] = {"inspection": inspection.number}
    if inspection.state == "reviewed":
        by = None if inspection.reviewed_by is None else await people.by_id(tx, inspection.reviewed_by)
        return Text(key="damage-reviewed-already", args={**number, "by": "—" if by is None else by.name})
    if inspection.state not in {"submitted", "examined"} or _is_examined_now(inspection, frame):
        return Text(key="damage-review-too-early", args=number)
    found = await findings.of_inspection(tx, inspection.id)
    waiting = sum(one.is_open for one in found)
    if waiting:
        return Text(key="damage-review-undecided", args={**number, "count": waiting})
    fuel = await readings.find(tx, inspection.id, "fuel")
    gap = fuel.value.get("gap") if fuel is not None and fuel.value.get("blocks_closing") else None
    role = role_to_review(presser, found, inspection.branch, frame.damage, is_blocked=gap is not None)
    if role is None:
        return None
    args: dict[str, Any] = {"role": str(role), "who": await who_may(tx, inspection, role, frame)}
    if gap is not None and role is Role.BRANCH_HEAD:
        return Text(key="damage-review-fuel", args={**number, **args, "gap": round(gap)})
    return Text(key="damage-not-yours", args=args)


def _is_examined_now(inspection: Inspection, frame: Frame) -> bool:
    if inspection.state != "submitted" or inspection.submitted_at is None:
        return False
    return frame.now - inspection.submitted_at < MACHINE_PATIENCE
