"""A person decides about a finding, or writes down what the machine missed: one result, however many press at once.

What the machine said stays in the row; what the person said stands beside it, and the audit tells every press.
"""

from dataclasses import dataclass, replace
from typing import Any, assert_never
from uuid import UUID

from agents.damage import holding
from agents.damage.changes import Frame
from agents.damage.orders import Orders, say, show_car, show_finding, show_inspection
from agents.damage.prices import cost_of
from agents.damage.rights import Press, Verdict, judge_decision, may_verify, verifier
from agents.damage.telling import tell_chain, who_may
from agents.spec import Outcome
from core.commands import NewCommand, Text
from core.errors import Broken
from core.events import Event, FindingAdded, FindingDecided
from core.ids import outside_id
from core.inspection.damage import FindingState
from db.queries import attribution, audit, damages, findings, inspection_photos, inspections, people
from db.queries.damages import NewDamage
from db.queries.findings import Decision, Finding, NewFinding
from db.queries.inspections import Inspection
from db.queries.people import Person
from db.session import Tx


@dataclass(frozen=True, slots=True)
class _Deed:
    """A finding of a locked inspection, who wants something of it, and by which settings."""

    event: Event[Any]
    inspection: Inspection
    finding: Finding
    presser: Person
    frame: Frame


async def decide(tx: Tx, event: Event[FindingDecided], frame: Frame) -> Outcome:
    body = event.body
    inspection = await inspections.lock(tx, body.inspection_id)
    finding = await findings.find(tx, body.finding_id)
    if inspection is None or finding is None or finding.inspection_id != inspection.id:
        return Outcome(note="no such finding")
    presser = await people.by_trust(tx, event.trust)
    decider = None if finding.decided_by is None else await people.by_id(tx, finding.decided_by)
    verdict = judge_decision(finding, inspection, Press(presser, body.state, body.severity, decider), frame.damage)
    if presser is None:
        return Outcome(note=verdict)
    deed = _Deed(event, inspection, finding, presser, frame)
    if verdict is not Verdict.DONE:
        await _audit(tx, deed, f"finding.{verdict}", wanted=str(body.state))
        card = await show_finding(tx, inspection, finding.id, event)
        return Outcome(commands=(await _refusal(tx, deed, verdict), *card), note=verdict)
    return await _decided(tx, deed)


async def add(tx: Tx, event: Event[FindingAdded], frame: Frame) -> Outcome:
    """It is new where the presser may confirm it, else it waits like a proposal of the machine."""
    body = event.body
    inspection = await inspections.lock(tx, body.inspection_id)
    presser = await people.by_trust(tx, event.trust)
    if inspection is None or presser is None:
        return Outcome(note="nobody, or no such inspection")
    if inspection.state in {"reviewed", "cancelled"}:
        text = Text(key="damage-too-late", args={"inspection": inspection.number})
        return Outcome(commands=(say(presser, text, key=f"finding-answer:{event.id}"),), note=Verdict.TOO_LATE)
    new = NewFinding(
        id=outside_id("jarvis", "finding", event.id),
        inspection_id=inspection.id,
        source="person",
        kind=body.damage_kind,
        part=body.part,
        severity=body.severity,
        state=FindingState.PROPOSED,
        photo_id=await _photo_of(tx, inspection, body.photo_id),
        cost_gel=cost_of(body.part, body.damage_kind, frame.damage.prices),
    )
    await findings.put(tx, new)
    finding = await _find(tx, new.id)
    deed = _Deed(event, inspection, finding, presser, frame)
    await _audit(tx, deed, "finding.added", kind=str(body.damage_kind), part=str(body.part))
    if may_verify(presser, verifier(finding, None, frame.damage), inspection.branch):
        added = replace(deed, event=replace(event, body=_as_decision(event, finding)))
        return await _decided(tx, added)
    told = await tell_chain(tx, inspection, finding, frame, but=presser.id)
    return Outcome(commands=(*told, *await _follow(tx, deed), *await _ask_close_up(tx, deed)), note="proposed")


async def _decided(tx: Tx, deed: _Deed) -> Outcome:
    body: FindingDecided = deed.event.body
    finding, inspection = deed.finding, deed.inspection
    state = finding.state if body.state is FindingState.PROPOSED else body.state
    decision = _decision(deed, state)
    if not _is_news(finding, decision):
        return Outcome(commands=await show_finding(tx, inspection, finding.id, deed.event), note="it stands so")
    damage_id = await _damage(tx, deed, decision)
    await findings.decide(tx, finding.id, replace(decision, damage_id=damage_id))
    await _audit(
        tx,
        deed,
        f"finding.{state}",
        said=f"{finding.kind} {finding.part} {int(finding.severity)}",
        decided=f"{decision.kind} {decision.part} {int(decision.severity)}",
        needs=str(verifier(finding, body.severity, deed.frame.damage)),
    )
    now = replace(deed, finding=await _find(tx, finding.id))
    told: Orders = ()
    if state is FindingState.NEW:
        told = await tell_chain(tx, inspection, now.finding, deed.frame, but=deed.presser.id)
    if state in {FindingState.NEW, FindingState.NEED_PHOTO} and finding.state is not state:
        told = (*told, *await _ask_close_up(tx, now))
    return Outcome(commands=(*told, *await _follow(tx, now)), note=str(state))


def _decision(deed: _Deed, state: FindingState) -> Decision:
    body: FindingDecided = deed.event.body
    finding = deed.finding
    kind, part = body.damage_kind or finding.kind_now, body.part or finding.part_now
    is_same_place = (kind, part) == (finding.kind_now, finding.part_now)
    return Decision(
        state=state,
        kind=kind,
        part=part,
        severity=body.severity or finding.severity_now,
        cost_gel=finding.cost_now if is_same_place else cost_of(part, kind, deed.frame.damage.prices),
        by=deed.presser.id,
        at=deed.frame.now,
        damage_id=finding.damage_id,
    )


def _is_news(finding: Finding, decision: Decision) -> bool:
    """The same press again changes nothing; what the machine said and a person repeats is news the first time."""
    stands = (finding.state, finding.kind_now, finding.part_now, finding.severity_now)
    is_repeated = stands == (decision.state, decision.kind, decision.part, decision.severity)
    return not is_repeated or finding.decided_by is None


async def _damage(tx: Tx, deed: _Deed, decision: Decision) -> UUID | None:
    """What the car is known to have from now on by this decision; only the person's own word makes or ends it."""
    finding, car_id = deed.finding, deed.inspection.car_id
    own_id = outside_id("jarvis", "damage", str(finding.id))
    match decision.state:
        case FindingState.NEW:
            await damages.put(tx, await _new_damage(tx, deed, decision, own_id))
            return own_id
        case FindingState.KNOWN:
            if finding.damage_id not in {None, own_id}:
                return finding.damage_id
            like = [one.id for one in await damages.open_of(tx, car_id) if _is_like(one, decision, own_id)]
            if len(like) == 1:
                await damages.take_back(tx, own_id, finding_id=finding.id)
                return like[0]
            # The car had it and nobody had written it down: known from now on, and nobody's.
            await damages.put(tx, await _new_damage(tx, deed, decision, own_id, is_known=True))
            return own_id
        case FindingState.NOT_DAMAGE | FindingState.NEED_PHOTO:
            await damages.take_back(tx, own_id, finding_id=finding.id)
            return None
        case FindingState.PROPOSED:
            return finding.damage_id
        case _:
            assert_never(decision.state)


def _is_like(damage: damages.Damage, decision: Decision, own_id: UUID) -> bool:
    return damage.id != own_id and (damage.kind, damage.part) == (decision.kind, decision.part)


async def _new_damage(tx: Tx, deed: _Deed, decision: Decision, damage_id: UUID, *, is_known: bool = False) -> NewDamage:
    photo_id = deed.finding.photo_id
    found = None if photo_id is None or is_known else await attribution.attribute(tx, photo_id)
    clean = None if found is None else found.last_clean
    return NewDamage(
        id=damage_id,
        car_id=deed.inspection.car_id,
        kind=decision.kind,
        part=decision.part,
        severity=decision.severity,
        cost_gel=decision.cost_gel,
        first_inspection_id=deed.inspection.id,
        first_photo_id=photo_id,
        last_clean_photo_id=None if clean is None else clean.photo_id,
        booking_id=None if found is None else found.booking_id,
        confirmed_by=decision.by,
        confirmed_at=decision.at,
    )


async def _follow(tx: Tx, deed: _Deed) -> Orders:
    """What every change of the findings brings with it: the worst of the inspection, the hold, the cards."""
    inspection, event = deed.inspection, deed.event
    found = await findings.of_inspection(tx, inspection.id)
    worst = holding.worst_of(found)
    await inspections.change(tx, inspection.id, {"worst": None if worst is None else int(worst)})
    hold = await holding.follow(tx, inspection, found, deed.frame, event)
    cards = (*await show_finding(tx, inspection, deed.finding.id, event), *await show_inspection(tx, inspection, event))
    return (*hold, *cards, *await show_car(tx, inspection, event))


async def _ask_close_up(tx: Tx, deed: _Deed) -> Orders:
    """Whoever inspected stands beside the car: they are asked for a near photo, the other half of the pair."""
    inspection, finding = deed.inspection, deed.finding
    inspector = await people.by_id(tx, inspection.person_id)
    if inspector is None:
        return ()
    is_better = finding.state is FindingState.NEED_PHOTO
    text = Text(
        key="damage-better-photo" if is_better else "damage-close-up",
        args={
            "kind": str(finding.kind_now),
            "part": str(finding.part_now),
            "number": finding.ordinal,
            "car": inspection.car,
            "by": deed.presser.name,
        },
    )
    return (say(inspector, text, key=f"close-up:{finding.id}:{deed.event.id}", branch=inspection.branch),)


async def _refusal(tx: Tx, deed: _Deed, verdict: Verdict) -> NewCommand:
    body: FindingDecided = deed.event.body
    finding = deed.finding
    match verdict:
        case Verdict.NOT_YOURS:
            role = verifier(finding, body.severity, deed.frame.damage)
            who = await who_may(tx, deed.inspection, role, deed.frame)
            text = Text(key="damage-not-yours", args={"role": str(role), "who": who})
        case Verdict.TAKEN:
            args = {"number": finding.ordinal, "by": finding.decider or "—", "state": str(finding.state)}
            text = Text(key="damage-taken", args=args)
        case _:
            text = Text(key="damage-too-late", args={"inspection": deed.inspection.number})
    return say(deed.presser, text, key=f"finding-answer:{deed.event.id}")


async def _photo_of(tx: Tx, inspection: Inspection, photo_id: UUID | None) -> UUID | None:
    """Only a photo of this inspection can show it."""
    photo = None if photo_id is None else await inspection_photos.find(tx, photo_id)
    return photo.id if photo is not None and photo.inspection_id == inspection.id else None


def _as_decision(event: Event[FindingAdded], finding: Finding) -> FindingDecided:
    return FindingDecided(inspection_id=event.body.inspection_id, finding_id=finding.id, state=FindingState.NEW)


async def _find(tx: Tx, finding_id: UUID) -> Finding:
    found = await findings.find(tx, finding_id)
    if found is None:
        raise Broken(f"finding {finding_id} is gone in the transaction that holds its inspection")
    return found


async def _audit(tx: Tx, deed: _Deed, action: str, **details: str | int | bool) -> None:
    told = {"event": deed.event.id, "finding": str(deed.finding.id), "role": str(deed.presser.role), **details}
    await audit.append(
        tx, actor=deed.event.trust, action=action, subject=deed.inspection.subject, at=deed.frame.now, details=told
    )
