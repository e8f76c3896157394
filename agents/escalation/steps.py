"""One step of a wait is taken: the row says so, and whoever is concerned hears it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from agents.escalation.decide import Move, NobodyLeft, Remind, WaitKind, Why
from agents.escalation.lines import move_for_former, move_for_new, remind
from agents.escalation.owed import Owed, is_alarmed
from agents.spec import Outcome
from core.events import AlarmCleared, AlarmRaised, ConversationMoved, NewEvent
from db.queries import conversations
from db.queries.waits import OpenWait
from db.session import Tx

ALARM = "nobody-left"


async def take(
    tx: Tx, wait: OpenWait, owed: Owed, decision: Remind | Move | NobodyLeft, now: datetime, *, minutes: int
) -> tuple[OpenWait, Outcome]:
    """The wait after the step, and what is said about it. ``minutes``: working time without an answer."""
    match decision:
        case Remind():
            return await _remind(tx, wait, owed, decision, now, minutes=minutes)
        case Move():
            return await _move(tx, wait, owed, decision, now)
        case NobodyLeft(why=why):
            return _nobody(wait, owed, why, now)


async def _remind(
    tx: Tx, wait: OpenWait, owed: Owed, decision: Remind, now: datetime, *, minutes: int
) -> tuple[OpenWait, Outcome]:
    taken = wait.after("remind", to=decision.holder.id, at=now)
    if owed.kind is WaitKind.TASK:
        return taken, Outcome(note="the agent of tasks reminds of them itself")
    commands = await remind(tx, wait, owed, decision.holder.id, minutes)
    return taken, Outcome(commands=commands, note=f"{decision.holder.role} reminded")


async def _move(tx: Tx, wait: OpenWait, owed: Owed, decision: Move, now: datetime) -> tuple[OpenWait, Outcome]:
    moved = replace(wait, holder_id=decision.to.id, level=int(decision.level))
    taken = moved.after("move", to=decision.to.id, at=now)
    over = (alarm_over(wait.subject),) if is_alarmed(wait) else ()
    commands = (
        *await move_for_new(tx, wait, owed, decision),
        *await move_for_former(tx, wait, owed, decision),
    )
    moves: tuple[NewEvent[ConversationMoved], ...] = ()
    if owed.kind is WaitKind.CONVERSATION:
        await _hold(tx, owed.id, decision.to.id, now)
        moves = (_conversation_moved(owed, decision),)
    note = f"moved to the {decision.to.role}: {decision.why.reason}"
    return taken, Outcome(events=(*moves, *over), commands=commands, note=note)


async def _hold(tx: Tx, conversation_id: UUID, person_id: UUID, now: datetime) -> None:
    row = await conversations.lock(tx, conversation_id)
    assert row is not None
    await conversations.store(tx, replace(row, holder_id=person_id, held_since=now))


def _conversation_moved(owed: Owed, decision: Move) -> NewEvent[ConversationMoved]:
    why = decision.why
    body = ConversationMoved.model_validate(
        {
            "conversation_id": owed.id,
            "to_person": decision.to.id,
            "from_person": decision.from_holder,
            "level": int(decision.level),
            "why": str(why.reason),
            "waited_minutes": minutes_of(why.waited),
            "skipped": tuple(int(level) for level in why.skipped),
            "missed": tuple(int(level) for level in why.missed),
        }
    )
    return NewEvent(body=body, subject=owed.subject, branch=owed.branch)


def _nobody(wait: OpenWait, owed: Owed, why: Why, now: datetime) -> tuple[OpenWait, Outcome]:
    body = AlarmRaised(
        key=f"{ALARM}:{wait.subject}",
        text_key="alarm-nobody-left",
        args={
            "kind": owed.noun,
            "name": owed.name,
            "branch": owed.branch or "—",
            "minutes": minutes_of(why.waited),
        },
    )
    event = NewEvent(body=body, subject=_alarm_subject(wait.subject))
    return wait.after("alarm", to=None, at=now), Outcome(events=(event,), note="nobody is left")


def alarm_over(subject: str) -> NewEvent[AlarmCleared]:
    return NewEvent(body=AlarmCleared(key=f"{ALARM}:{subject}"), subject=_alarm_subject(subject))


def _alarm_subject(subject: str) -> str:
    return f"alarm:{ALARM}:{subject}"


def minutes_of(time: timedelta) -> int:
    return int(time / timedelta(minutes=1))
