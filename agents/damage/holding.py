"""Whether a damaged car may be issued: proposed for the worst, asked about one step below, decided by a person."""

from collections.abc import Sequence
from typing import Any

from agents.damage.changes import Frame
from agents.damage.orders import Orders, hold_buttons, say, say_in_topic, show_car
from agents.damage.rights import may_verify, role_to_hold
from agents.damage.telling import head_of, who_may
from agents.spec import Outcome
from core.commands import Text
from core.events import Event, HoldDecided
from core.inspection.damage import FindingState, Severity
from db.queries import audit, findings, holds, inspections, people, waits
from db.queries.findings import Finding
from db.queries.holds import Hold
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.session import Tx

IN_FORCE = frozenset({FindingState.PROPOSED, FindingState.NEED_PHOTO, FindingState.NEW})


def worst_of(found: Sequence[Finding]) -> Severity | None:
    """Of what is new or may be; what was known before is not held against the car again."""
    return max((one.severity_now for one in found if one.state in IN_FORCE), default=None)


async def follow(tx: Tx, inspection: Inspection, found: Sequence[Finding], frame: Frame, event: Event[Any]) -> Orders:
    """After every change of the findings: propose to keep the car back, ask, or withdraw what has lost its ground."""
    await holds.lock_car(tx, inspection.car_id)
    worst, confirmed = worst_of(found), _worst_confirmed(found)
    limit = frame.damage.blocks_issue_from
    if worst is not None and worst >= limit:
        is_new = await holds.propose(tx, car_id=inspection.car_id, inspection_id=inspection.id, severity=worst)
        if not is_new:
            return ()
        await _audit(tx, event, inspection, "hold.proposed", frame, severity=int(worst))
        asked = await _ask(tx, inspection, worst, frame, is_proposed=True)
        return (*asked, *await show_car(tx, inspection, event))
    orders = await _withdraw(tx, inspection, frame, event)
    if confirmed is not None and confirmed == limit - 1:
        orders += await _ask(tx, inspection, confirmed, frame, is_proposed=False)
    return orders


async def decide(tx: Tx, event: Event[HoldDecided], frame: Frame) -> Outcome:
    body = event.body
    inspection = await inspections.lock(tx, body.inspection_id)
    presser = await people.by_trust(tx, event.trust)
    if inspection is None or presser is None or inspection.car_id != body.car_id:
        return Outcome(note="nobody, or another car")
    await holds.lock_car(tx, inspection.car_id)
    hold = await holds.open_of(tx, inspection.car_id)
    severity = hold.severity if hold is not None else _asked_for(await findings.of_inspection(tx, inspection.id))
    role = role_to_hold(severity, frame.damage, is_held=body.is_held)
    if not may_verify(presser, role, inspection.branch):
        await _audit(tx, event, inspection, "hold.not_yours", frame, is_held=body.is_held)
        who = await who_may(tx, inspection, role, frame)
        text = Text(key="damage-not-yours", args={"role": str(role), "who": who})
        return Outcome(commands=(say(presser, text, key=f"hold-answer:{event.id}"),), note="not theirs")
    if hold is None and body.is_held:
        await holds.propose(tx, car_id=inspection.car_id, inspection_id=inspection.id, severity=severity)
        hold = await holds.open_of(tx, inspection.car_id)
    if hold is None or (hold.state == "held" and body.is_held):
        return Outcome(commands=(_as_it_was(presser, hold, event),), note="it stands so")
    await holds.decide(tx, hold, "held" if body.is_held else "released", by=presser.id, now=frame.now)
    await _audit(tx, event, inspection, "hold.held" if body.is_held else "hold.released", frame, hold=str(hold.id))
    text = Text(
        key="damage-held" if body.is_held else "damage-released", args={"car": inspection.car, "by": presser.name}
    )
    told = await say_in_topic(tx, inspection, text, key=f"hold-decided:{event.id}")
    return Outcome(
        commands=(*told, *await show_car(tx, inspection, event)), note="held" if body.is_held else "released"
    )


def _as_it_was(presser: Person, hold: Hold | None, event: Event[Any]) -> Any:
    state = "held" if hold is not None else "free"
    text = Text(key="damage-hold-already", args={"state": state, "by": (hold.decider if hold else None) or "—"})
    return say(presser, text, key=f"hold-answer:{event.id}")


async def _ask(tx: Tx, inspection: Inspection, severity: Severity, frame: Frame, *, is_proposed: bool) -> Orders:
    """In the car's topic and in private to the head: once for an inspection and a severity."""
    text = Text(
        key="damage-hold-proposed" if is_proposed else "damage-hold-asked",
        args={"car": inspection.car, "severity": int(severity), "inspection": inspection.number},
    )
    buttons = hold_buttons(inspection, role_to_hold(severity, frame.damage, is_held=False))
    effect = f"{text.key}:{inspection.id}:{int(severity)}"
    orders = await say_in_topic(tx, inspection, text, key=effect, buttons=buttons)
    head_id = await head_of(tx, inspection, frame)
    head = None if head_id is None else await people.by_id(tx, head_id)
    if head is None:
        return orders
    quiet = frame.hours.quiet(await waits.zone_of(tx, inspection.branch))
    is_critical = severity >= frame.damage.notify_director_from
    at = quiet.next_allowed(frame.now, is_critical=is_critical)
    return (*orders, say(head, text, key=effect, branch=inspection.branch, not_before=at, buttons=buttons))


async def _withdraw(tx: Tx, inspection: Inspection, frame: Frame, event: Event[Any]) -> Orders:
    """Only what nobody has decided about, and only what this inspection proposed."""
    hold = await holds.open_of(tx, inspection.car_id)
    if hold is None or hold.state != "proposed" or hold.inspection_id != inspection.id:
        return ()
    await holds.withdraw(tx, hold, now=frame.now)
    await _audit(tx, event, inspection, "hold.withdrawn", frame, hold=str(hold.id))
    text = Text(key="damage-hold-withdrawn", args={"car": inspection.car})
    told = await say_in_topic(tx, inspection, text, key=f"hold-withdrawn:{hold.id}")
    return (*told, *await show_car(tx, inspection, event))


def _worst_confirmed(found: Sequence[Finding]) -> Severity | None:
    return max((one.severity_now for one in found if one.state is FindingState.NEW), default=None)


def _asked_for(found: Sequence[Finding]) -> Severity:
    return worst_of(found) or Severity.COSMETIC


async def _audit(
    tx: Tx, event: Event[Any], inspection: Inspection, action: str, frame: Frame, **details: str | int | bool
) -> None:
    told = {"event": event.id, "inspection": str(inspection.id), **details}
    await audit.append(
        tx, actor=event.trust, action=action, subject=f"car:{inspection.car_id}", at=frame.now, details=told
    )
