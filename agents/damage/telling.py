"""Who hears of damage, and when: by how bad it is, by the hours of the branch and the quiet hours of its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.damage.changes import Frame
from agents.damage.orders import Orders, say
from core.chain import Found, Level
from core.commands import NewCommand, Text
from core.events import Event
from core.hours import QuietHours, WorkingHours
from core.inspection.damage import Severity
from core.roles import Role
from core.settings import DamageSettings
from db.queries import people, staff, waits
from db.queries.findings import Finding
from db.queries.inspections import Inspection
from db.session import Tx

LEVEL_OF: Mapping[Role, Level] = {
    Role.BRANCH_HEAD: Level.BRANCH_HEAD,
    Role.DIVISION_HEAD: Level.DIVISION_HEAD,
    Role.DIRECTOR: Level.DIRECTOR,
}


@dataclass(frozen=True, slots=True)
class Due:
    """A level of the chain and the moment from which it is told."""

    level: Level
    at: datetime


def levels_to_tell(
    severity: Severity, settings: DamageSettings, hours: WorkingHours, quiet: QuietHours, now: datetime
) -> list[Due]:
    """``damage.notify``: 2 the head in working hours, 3 the division too at once, 4 the director, in quiet hours too.

    What is told "at once" waits only for the end of the quiet hours, and the worst does not wait at all.
    """
    is_critical = severity >= settings.notify_director_from
    at_once = quiet.next_allowed(now, is_critical=is_critical)
    head_at = at_once if severity >= settings.notify_division_head_from else hours.next_working(now)
    steps = (
        (settings.notify_head_from, Level.BRANCH_HEAD, head_at),
        (settings.notify_division_head_from, Level.DIVISION_HEAD, at_once),
        (settings.notify_director_from, Level.DIRECTOR, at_once),
    )
    return [Due(level, at) for least, level, at in steps if severity >= least]


async def tell_chain(tx: Tx, inspection: Inspection, finding: Finding, frame: Frame, *, but: UUID | None) -> Orders:
    """Each level hears once of a finding and a severity; ``but`` is who did it and knows."""
    zone = await waits.zone_of(tx, inspection.branch)
    severity = finding.severity_now
    due = levels_to_tell(severity, frame.damage, frame.hours.working(zone), frame.hours.quiet(zone), frame.now)
    text = Text(key="damage-told", args=_about(inspection, finding))
    told: dict[UUID, NewCommand] = {}
    for one in due:
        person_id = await _holder(tx, inspection, one.level, frame)
        if person_id is None or person_id == but or person_id in told:
            continue
        person = await people.by_id(tx, person_id)
        if person is not None:
            key = f"damage-told:{finding.id}:{int(severity)}"
            told[person.id] = say(person, text, key=key, branch=inspection.branch, not_before=one.at)
    return tuple(told.values())


async def ask_verifiers(
    tx: Tx, inspection: Inspection, waiting: Sequence[Finding], frame: Frame, event: Event[Any]
) -> Orders:
    """Whoever has to decide about the worst proposal hears that something waits, not yet that something is so."""
    if not waiting:
        return ()
    worst = max(one.severity for one in waiting)
    if worst < frame.damage.notify_head_from:
        return ()
    zone = await waits.zone_of(tx, inspection.branch)
    level = LEVEL_OF.get(frame.damage.verifier(worst), Level.DIRECTOR)
    due = levels_to_tell(worst, frame.damage, frame.hours.working(zone), frame.hours.quiet(zone), frame.now)
    at = max((one.at for one in due if one.level <= level), default=frame.now)
    person_id = await _holder(tx, inspection, level, frame)
    person = None if person_id is None else await people.by_id(tx, person_id)
    if person is None:
        return ()
    args = {"count": len(waiting), "severity": int(worst), "car": inspection.car, "inspection": inspection.number}
    text = Text(key="damage-waits", args=args)
    return (say(person, text, key=f"damage-waits:{event.id}", branch=inspection.branch, not_before=at),)


async def who_may(tx: Tx, inspection: Inspection, role: Role, frame: Frame) -> str:
    """The name of whoever decides about it, for somebody who may not."""
    person_id = await _holder(tx, inspection, LEVEL_OF.get(role, Level.DIRECTOR), frame)
    person = None if person_id is None else await people.by_id(tx, person_id)
    return "—" if person is None else person.name


async def head_of(tx: Tx, inspection: Inspection, frame: Frame) -> UUID | None:
    return await _holder(tx, inspection, Level.BRANCH_HEAD, frame)


async def _holder(tx: Tx, inspection: Inspection, level: Level, frame: Frame) -> UUID | None:
    """Who is there on that level, or on the next one above that has somebody."""
    found = (await staff.chain_of(tx, inspection.branch, frame.now)).holder(level, now=frame.now)
    return found.person.id if isinstance(found, Found) else None


def _about(inspection: Inspection, finding: Finding) -> dict[str, str | int]:
    return {
        "severity": int(finding.severity_now),
        "kind": str(finding.kind_now),
        "part": str(finding.part_now),
        "car": inspection.car,
        "inspection": inspection.number,
        "occasion": str(inspection.occasion),
        "by": finding.decider or inspection.person_name,
    }
