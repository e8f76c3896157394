"""Waits are opened, moved and ended here, from the rows of the moment; each step is taken once.

A step is decided where it is saved, under the locks of the wait and of what it waits for: an answer that came
meanwhile ends the wait, and nothing is said.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from agents.escalation.agent import Frame
from agents.escalation.decide import Nothing, Rules, WaitKind, decide, waited
from agents.escalation.owed import Owed, is_alarmed, read
from agents.escalation.steps import alarm_over, minutes_of, take
from agents.spec import Outcome
from core.chain import Chain
from core.events import ClientWrote, ConversationSteered, Event, NewEvent, TaskUpdated, UnansweredDue, WaitRanOut
from db.queries import effects, staff, waits
from db.queries.waits import OpenWait
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    frame: Frame = outcome.changes
    match event.body:
        case UnansweredDue():
            return await _tick(tx, frame)
        case WaitRanOut():
            return await _look(tx, event, frame)
        case ClientWrote(is_edit=True):
            return Outcome(note="an edit asks nothing new")
        case ConversationSteered():
            return await _look_soon(tx, event, frame)
        case TaskUpdated(changed=changed):
            return await _follow(tx, event, frame, is_anew="assignee_id" in changed)
        case _:
            return await _follow(tx, event, frame)


async def _tick(tx: Tx, frame: Frame) -> Outcome:
    await waits.leave_the_dismissed(tx, now=frame.now)
    due = await waits.due(tx, now=frame.now)
    return Outcome(events=tuple(_ran_out(wait) for wait in due), note=f"{len(due)} are due" if due else None)


async def _look_soon(tx: Tx, event: Event[Any], frame: Frame) -> Outcome:
    """The row of the conversation may be written at this very moment, by another agent: the next tick reads it."""
    wait = await waits.lock_open(tx, event.subject)
    if wait is None:
        return Outcome(note="nobody waits")
    owed = await read(tx, event.subject, frame)
    if owed is None or owed.begins is None:
        return await _end(tx, wait, owed, frame)
    await waits.store(tx, replace(wait, next_at=frame.now))
    return Outcome(note="looked at by the next tick")


async def _follow(tx: Tx, event: Event[Any], frame: Frame, *, is_anew: bool = False) -> Outcome:
    """Bring the wait of a subject in line with its row. ``is_anew``: whoever owes it now starts from the beginning."""
    wait = await waits.lock_open(tx, event.subject)
    owed = await read(tx, event.subject, frame)
    begins = None if owed is None else owed.begins
    total = Outcome()
    if wait is not None and (begins is None or is_anew or begins > wait.since):
        total = await _end(tx, wait, owed, frame)
        wait = None
    if owed is None or begins is None:
        return replace(total, note=total.note or "nothing is owed")
    people = owed.chain(await staff.chain_of(tx, owed.branch, frame.now))
    if wait is None:
        wait = await _open(tx, owed, begins, people, frame)
    else:
        wait = replace(wait, since=begins, branch=owed.branch)
    planned = await _plan(tx, wait, owed, _Around(people, await _rules(tx, owed, frame), frame.now))
    return replace(total, note=planned.note)


async def _open(tx: Tx, owed: Owed, begins: datetime, people: Chain, frame: Frame) -> OpenWait:
    wait = waits.new_wait(
        str(owed.kind),
        owed.subject,
        branch=owed.branch,
        since=begins,
        holder_id=owed.first_holder(people, frame.now),
    )
    wait = replace(wait, level=int(owed.level))
    await waits.open_wait(tx, wait)
    return wait


async def _look(tx: Tx, event: Event[WaitRanOut], frame: Frame) -> Outcome:
    """The moment at which something is said, or is not: everything is read again."""
    wait = await waits.lock(tx, event.body.wait_id)
    if wait is None:
        return Outcome(note="answered meanwhile")
    if wait.next_at is None or wait.next_at > frame.now:
        return Outcome(note="looked at meanwhile")
    owed = await read(tx, wait.subject, frame)
    if owed is None or owed.begins is None or owed.begins > wait.since:
        return await _follow(tx, event, frame)
    if owed.kind is WaitKind.CONVERSATION:
        wait = replace(wait, holder_id=owed.holder_id, branch=owed.branch)
    people = owed.chain(await staff.chain_of(tx, owed.branch, frame.now))
    around = _Around(people, await _rules(tx, owed, frame), frame.now)
    as_wait = owed.as_wait(wait)
    decision = decide(as_wait, people, around.rules, frame.now)
    if isinstance(decision, Nothing):
        return await _plan(tx, wait, owed, around)
    minutes = minutes_of(waited(as_wait, around.rules.hours, frame.now))
    taken, outcome = await take(tx, wait, owed, decision, frame.now, minutes=minutes)
    await _plan(tx, taken, owed, around)
    return outcome


@dataclass(frozen=True, slots=True)
class _Around:
    """Who can be asked, by which rules, when."""

    people: Chain
    rules: Rules
    now: datetime


async def _plan(tx: Tx, wait: OpenWait, owed: Owed, around: _Around) -> Outcome:
    """When to look again; what is due already is looked at by its own event."""
    decision = decide(owed.as_wait(wait), around.people, around.rules, around.now)
    at = decision.until if isinstance(decision, Nothing) else around.now
    # Whoever works here no more holds nothing: their waits are found by that, and need be found once.
    works_here = any(one.id == wait.holder_id for one in around.people.people)
    planned = waits.looked_at(replace(wait, holder_id=wait.holder_id if works_here else None), at, now=around.now)
    await waits.store(tx, planned)
    note = "nothing more to do" if planned.next_at is None else f"next look at {planned.next_at:%d.%m %H:%M:%S}"
    return Outcome(note=note)


async def _end(tx: Tx, wait: OpenWait, owed: Owed | None, frame: Frame) -> Outcome:
    """What was about to be said about it is not said any more."""
    why = "gone" if owed is None else owed.over or "answered"
    if why == waits.CLOSED:
        await waits.end_closed(tx, wait, now=frame.now)
    else:
        await waits.end(tx, wait, why=why, now=frame.now)
    keys = [wait.effect_key(number) for number in range(len(wait.told))]
    await effects.withdraw(tx, keys, reason=f"the wait is over: {why}")
    events = (alarm_over(wait.subject),) if is_alarmed(wait) else ()
    return Outcome(events=events, note=f"ended: {why}")


async def _rules(tx: Tx, owed: Owed, frame: Frame) -> Rules:
    return frame.rules(await waits.zone_of(tx, owed.branch))


def _ran_out(wait: OpenWait) -> NewEvent[WaitRanOut]:
    """One for a wait and a moment, however often the clock ticks."""
    assert wait.next_at is not None
    return NewEvent(
        body=WaitRanOut(wait_id=wait.id),
        subject=wait.subject,
        source="waits",
        external_id=f"{wait.id}:{wait.next_at.astimezone(UTC).isoformat()}",
        branch=wait.branch,
    )
