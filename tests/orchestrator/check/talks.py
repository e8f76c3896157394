"""A small history of conversations in which every promise holds: answers, an offer with its consent, a question."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from core.commands import lead_destination, text_hash
from db.queries import messages
from db.queries.approvals import arguments_hash
from db.session import Database, Tx
from orchestrator.check.witness import Screen, Seen
from orchestrator.router import route

ACCOUNT = 7
ANSWERED, ASKING = 101, 102
"""Two leads: of the first the client has the last word of ours, the second waits for an answer."""
QUESTION, REPLY, OFFER, LATER, OPEN_QUESTION = (UUID(int=number) for number in range(1, 6))
LONG_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
WORDS = {
    QUESTION: "Where is the car?",
    REPLY: "At the hotel",
    OFFER: "Ten percent less",
    LATER: "See you there",
    OPEN_QUESTION: "Hello?",
}


def conversation_of(lead: int) -> UUID:
    return UUID(int=lead)


def at(minute: int) -> datetime:
    return LONG_AGO + timedelta(minutes=minute)


async def lay(db: Database) -> None:
    async with db.transaction() as tx:
        for lead in (ANSWERED, ASKING):
            await tx.run(
                "INSERT INTO conversations (id, account_id, lead_id, channel) VALUES (%s, %s, %s, 'whatsapp')",
                (conversation_of(lead), ACCOUNT, lead),
            )
        await tx.run(
            "INSERT INTO destinations (destination, system) VALUES (%s, 'umnico')",
            (lead_destination(ACCOUNT, ANSWERED),),
        )
        first = await _asked(tx, ANSWERED, QUESTION, at(0))
        await _asked(tx, ASKING, OPEN_QUESTION, at(0))
        await _answered(tx, REPLY, at(1), event_id=first)
        await _answered(tx, OFFER, at(2), event_id=first, needs_approval=True)
        await _answered(tx, LATER, at(3), event_id=first)
        await tx.run(
            """INSERT INTO waits (id, kind, subject, since, next_at)
               VALUES (gen_random_uuid(), 'conversation', %s, %s, now() + interval '1 minute')""",
            (f"conversation:{conversation_of(ASKING)}", at(0)),
        )


async def _asked(tx: Tx, lead: int, message_id: UUID, when: datetime) -> int:
    """A client's message that is shown, with its event and the runs that were done for it."""
    await _message(tx, lead, message_id, when, direction="incoming", author="client", delivery="shown")
    kind, subject = "umnico.message.incoming", f"conversation:{conversation_of(lead)}"
    told = {"conversation_id": str(conversation_of(lead)), "message_id": str(message_id), "is_edit": False}
    row = await tx.row(
        """INSERT INTO events (kind, subject, source, external_id, payload, trust, occurred_at, received_at)
           VALUES (%s, %s, 'test', %s, %s, 'system', %s, %s) RETURNING id""",
        (kind, subject, str(message_id), Jsonb(told), when, when),
    )
    assert row is not None
    for stage, agents in enumerate(route(kind).stages):
        for agent in agents:
            await tx.run(
                """INSERT INTO runs (event_id, agent, stage, subject, state, attempt, started_at, finished_at, why)
                   VALUES (%s, %s, %s, %s, 'done', 1, %s, %s, 'seen')""",
                (row["id"], agent, stage, subject, when, when),
            )
    return row["id"]


async def _answered(tx: Tx, message_id: UUID, when: datetime, *, event_id: int, needs_approval: bool = False) -> None:
    """A message of staff that is sent, its order, and the consent to it where it promises something."""
    sending = {"attempt": 0, "text_hash": text_hash(WORDS[message_id]), "since": 0, "pieces": 1, "begun": 1, "sent": 1}
    await _message(
        tx,
        ANSWERED,
        message_id,
        when,
        direction="outgoing",
        author="staff",
        delivery="sent",
        sending=Jsonb(sending),
        custom_id=messages.custom_id_of(message_id),
        needs_approval=needs_approval,
    )
    payload = {
        "conversation_id": str(conversation_of(ANSWERED)),
        "message_id": str(message_id),
        "text_hash": sending["text_hash"],
        "attempt": 0,
    }
    queue = lead_destination(ACCOUNT, ANSWERED)
    row = await tx.row(
        """INSERT INTO commands (event_id, kind, system, destination, priority, payload, effect_key, state, attempt,
                                 created_at, sent_at, result)
           VALUES (%s, 'umnico.send', 'umnico', %s, 1, %s, %s, 'sent', 1, %s, %s, '{}') RETURNING id, payload""",
        (event_id, queue, Jsonb(payload), f"client:{message_id}:0", when, when),
    )
    assert row is not None
    if needs_approval:
        await tx.run(
            """INSERT INTO approvals (id, command_id, arguments_hash, role, state, expires_at)
               VALUES (gen_random_uuid(), %s, %s, 'branch_head', 'consumed', now())""",
            (row["id"], arguments_hash("umnico.send", row["payload"], queue)),
        )


async def _message(tx: Tx, lead: int, message_id: UUID, when: datetime, **told: Any) -> None:
    row = {
        "id": message_id,
        "conversation_id": conversation_of(lead),
        "account_id": ACCOUNT,
        "umnico_id": umnico_id(message_id),
        "sent_at": when,
        "created_at": when,
        "original": WORDS[message_id],
    } | told
    names = ", ".join(row)
    await tx.run(
        f"INSERT INTO messages ({names}) VALUES ({', '.join(f'%({name})s' for name in row)})",
        row,
    )


def umnico_id(message_id: UUID) -> str:
    return f"u{message_id.int}"


def wrote(message_id: UUID, text: str | None = None) -> Seen:
    """A client's own words on their screen."""
    return Seen(umnico_id(message_id), is_ours=False, text=text or WORDS[message_id], at=LONG_AGO)


def got(message_id: UUID, text: str | None = None, *, attempt: int = 0) -> Seen:
    """What reached a client."""
    return Seen(
        umnico_id(message_id),
        is_ours=True,
        text=text or WORDS[message_id],
        at=LONG_AGO,
        custom_id=messages.piece_id_of(message_id, attempt, 0),
    )


def screens(*answered: Seen, asking: tuple[Seen, ...] = ()) -> list[Screen]:
    """What both clients see; without arguments as it was."""
    usual = (wrote(QUESTION), got(REPLY), got(OFFER), got(LATER))
    return [Screen(ANSWERED, answered or usual), Screen(ASKING, asking or (wrote(OPEN_QUESTION),))]
