"""Decide under the locks of the approval and its command, write it down with its audit row, tell everybody concerned.

An approval is consumed and its command released in one transaction, or neither happens (promise G9).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from agents.approvals.agent import moment_of
from agents.approvals.decide import Verdict, judge
from agents.approvals.orders import message_of, say, show, show_everywhere, tell_end
from agents.spec import Outcome
from core.commands import Text
from core.consent import Wanted
from core.errors import Broken
from core.events import ApprovalAsked, ApprovalDecided, ApprovalEnded, ApprovalsDue, Event, NewEvent
from core.roles import Role
from db.queries import approvals, audit, messages, people, staff
from db.queries.approvals import Approval
from db.queries.people import Person
from db.session import Tx

_STATES = {Verdict.REFUSED: "refused", Verdict.CHANGED: "refused", Verdict.EXPIRED: "expired"}
"""How a press that releases nothing ends the approval; other verdicts leave it as it is."""


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    now = moment_of(outcome.changes)
    match event.body:
        case ApprovalAsked(approval_id=approval_id):
            return await _ask(tx, event, approval_id, now)
        case ApprovalDecided() as decided:
            return await _decide(tx, event, decided, now)
        case ApprovalsDue():
            return await _expire(tx, event, now)
        case _:
            raise Broken(f"no rule for {event.body.kind}")


async def _ask(tx: Tx, event: Event[Any], approval_id: UUID, now: datetime) -> Outcome:
    approval = await approvals.find(tx, approval_id)
    if approval is None or approval.state != "asked":
        return Outcome(note="nothing is asked")
    chats = await _first_chats(tx, approval, now)
    await _audit(tx, event, approval, "approval.asked", now, asked=len(chats))
    cards = tuple(show(chat_id, approval, event_id=event.id) for chat_id in chats)
    return Outcome(commands=cards, note=f"asked {len(cards)}")


async def _first_chats(tx: Tx, approval: Approval, now: datetime) -> list[int]:
    """The one who is asked first; where the chain has nobody, every administrator but who asks."""
    wanted = Wanted(approval.role, approval.person_id, approval.beneficiary_id)
    first = wanted.first(await staff.chain_of(tx, approval.branch, now), now)
    if first is not None:
        person = await people.by_id(tx, first.id)
        return [] if person is None else [person.tg_user_id]
    admins = await people.working(tx, roles=[Role.ADMIN])
    return [admin.tg_user_id for admin in admins if admin.id != approval.beneficiary_id]


async def _decide(tx: Tx, event: Event[Any], decided: ApprovalDecided, now: datetime) -> Outcome:
    presser = await people.by_trust(tx, event.trust)
    approval = await approvals.lock(tx, decided.approval_id)
    if approval is None:
        return Outcome(note="no such approval")
    verdict = judge(approval, presser, is_granted=decided.is_granted, now=now)
    await _audit(tx, event, approval, f"approval.{verdict}", now, is_granted=decided.is_granted)
    if presser is not None and verdict is Verdict.RELEASED:
        if not await approvals.consume(tx, approval, decided_by=presser.id, now=now):
            raise Broken(f"approval {approval.id} was not as its locked row said")
        return await _ended(tx, event, approval, "consumed", note=verdict)
    if verdict in _STATES:
        by = None if presser is None or verdict is Verdict.EXPIRED else presser.id
        await _deny(tx, approval, _STATES[verdict], decided_by=by, why=f"approval {verdict}", now=now)
        answer = () if verdict is Verdict.REFUSED else _to_presser(event, presser, verdict)
        ended = await _ended(tx, event, approval, _STATES[verdict], note=verdict)
        return replace(ended, commands=(*answer, *ended.commands))
    cards = await show_everywhere(tx, approval, event_id=event.id)
    return Outcome(commands=(*_to_presser(event, presser, verdict), *cards), note=verdict)


async def _expire(tx: Tx, event: Event[Any], now: datetime) -> Outcome:
    """The safe default: what nobody consented to in time is not done."""
    total = Outcome()
    late = await approvals.run_out(tx, now=now)
    for approval in late:
        await _deny(tx, approval, "expired", decided_by=None, why="nobody consented in time", now=now)
        await _audit(tx, event, approval, "approval.expired", now)
        ended = await _ended(tx, event, approval, "expired", note="expired")
        total = replace(total, events=total.events + ended.events, commands=total.commands + ended.commands)
    return replace(total, note=f"{len(late)} expired" if late else None)


async def _deny(tx: Tx, approval: Approval, state: str, *, decided_by: UUID | None, why: str, now: datetime) -> None:
    """The command is cancelled; a message to a client says under itself that it was not sent, and why."""
    await approvals.deny(tx, approval, state, decided_by=decided_by, why=why, now=now)
    message_id = message_of(approval)
    message = None if message_id is None else await messages.lock(tx, message_id)
    if message is not None and message.delivery in {"held", "pending"}:
        await messages.store(tx, replace(message, delivery="failed", delivery_note=f"approval {state}"))


async def _ended(tx: Tx, event: Event[Any], approval: Approval, state: str, *, note: str) -> Outcome:
    now_is = await approvals.find(tx, approval.id)
    assert now_is is not None
    told = await tell_end(tx, now_is, event_id=event.id)
    cards = await show_everywhere(tx, now_is, event_id=event.id)
    end = NewEvent(
        body=ApprovalEnded.model_validate({"approval_id": approval.id, "state": state}),
        subject=approval.entity,
        branch=approval.branch,
    )
    return Outcome(events=(end,), commands=(*cards, *told), note=note)


def _to_presser(event: Event[Any], presser: Person | None, verdict: Verdict) -> tuple[Any, ...]:
    if presser is None:
        return ()
    text = Text(key="approval-not-done", args={"why": str(verdict)})
    return (say(presser.tg_user_id, text, presser.language, effect_key=f"approval-answer:{event.id}"),)


async def _audit(
    tx: Tx, event: Event[Any], approval: Approval, action: str, now: datetime, **details: str | int | bool
) -> None:
    """Who, with which rule, about which arguments: refusals and presses that changed nothing too."""
    known = {
        "event": event.id,
        "command": approval.command_id,
        "arguments": approval.arguments_hash,
        "role": str(approval.role),
        "has_stranger_text": approval.origin is not None,
    }
    await audit.append(tx, actor=event.trust, action=action, subject=approval.entity, at=now, details=known | details)
