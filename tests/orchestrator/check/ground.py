"""A small history in which every promise holds, written row by row, and what a sandbox saw of it."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from core.settings import Settings
from db.queries import audit
from db.session import Database, Tx
from orchestrator.check import Limits, Observed, limits_of
from orchestrator.check.witness import Call, Posted
from orchestrator.router import route

CHAT = 1
CAR = "0193b0a0-0000-7000-8000-000000000001"
BODY = b'{"event":"car_update"}'
FIRST, SECOND = 1, 2
"""The two events of one line; each has a run and a command with the same number."""
TICKS = 4

_EVENT = """INSERT INTO events (kind, subject, source, external_id, payload, trust, branch, occurred_at, raw, caused_by)
            VALUES (%s, %s, %s, %s, '{}', 'system', %s, now(), %s, %s) RETURNING id"""
END = """UPDATE runs SET state = 'done', attempt = 1, started_at = now(), finished_at = now(), why = 'seen'
          WHERE event_id = ANY(%s)"""
_COMMAND = """INSERT INTO commands (run_id, event_id, kind, system, destination, priority, payload, effect_key, state)
              VALUES (%s, %s, 'telegram.send_message', 'telegram', 'telegram:1', 2, '{"chat_id": 1}', %s, 'pending')"""
_SENT = """UPDATE commands SET state = 'sent', attempt = 1, sent_at = now(),
                  result = jsonb_build_object('message_id', 10 + id, 'thread_id', NULL) WHERE id = %s"""


def limits(*, quiet_for_s: float = 300.0) -> Limits:
    return limits_of(Settings(), quiet_for_s=quiet_for_s)


async def lay(db: Database) -> None:
    """Two events of one line with a message each, a webhook that changed a car, and a clock of four minutes."""
    async with db.transaction() as tx:
        await tx.run("INSERT INTO destinations (destination, system) VALUES ('telegram:1', 'telegram')")
        await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('tbilisi', 'Tbilisi', 1001)")
    for number in (FIRST, SECOND):
        async with db.transaction() as tx:
            await event(tx, "alarm.cleared", "alarm:a", "test", f"e{number}")
    for number in (FIRST, SECOND):
        async with db.transaction() as tx:
            await tx.run(END, ([number],))
            await event(tx, "history.kept", "client:x", "run", f"{number}:0", caused_by=number)
            await tx.run(_COMMAND, (number, number, f"say:{number}"))
            await _append_audit(tx, run_id=number)
    for number in (FIRST, SECOND):
        async with db.transaction() as tx:
            await tx.run(_SENT, (number,))
            await event(tx, "history.kept", "client:x", "command", f"{number}:0")
    await _webhook(db)
    await _clock(db)


async def _webhook(db: Database) -> None:
    async with db.transaction() as tx:
        number = await event(tx, "rentprog.delivered", f"car:{CAR}", "rentprog", "hook", raw=BODY)
    async with db.transaction() as tx:
        await tx.run(END, ([number],))
        await tx.run(
            """INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by, updated_by_event)
               VALUES (%s, 61000, 'tbilisi', 1001, 'webhook', %s)""",
            (CAR, number),
        )


async def _clock(db: Database) -> None:
    """A rule of every minute, and one whose tick came half a minute after each: so the clock was at work."""
    minute = datetime.now(UTC).replace(second=0, microsecond=0)
    async with db.transaction() as tx:
        for name, cron in (("check:health", "* * * * *"), ("yearly", "0 0 1 1 *")):
            await tx.run(
                """INSERT INTO schedules (name, cron, timezone, event_kind, subject, catch_up, next_slot)
                   VALUES (%s, %s, 'UTC', 'check.health', 'check:health', 'last', %s)""",
                (name, cron, minute + timedelta(minutes=1)),
            )
    for ago in range(TICKS, 0, -1):
        slot = minute - timedelta(minutes=ago)
        async with db.transaction() as tx:
            number = await event(tx, "check.health", "check:health", "clock", f"check:health@{slot.isoformat()}")
            await tx.run("UPDATE events SET received_at = %s WHERE id = %s", (slot, number))
            await tx.run(END, ([number],))
        async with db.transaction() as tx:
            between = slot + timedelta(seconds=30)
            number = await event(tx, "history.kept", "client:x", "clock", f"yearly@{between.isoformat()}")
            await tx.run("UPDATE events SET received_at = %s WHERE id = %s", (between, number))


async def event(
    tx: Tx,
    kind: str,
    subject: str,
    source: str,
    external_id: str,
    *,
    raw: bytes | None = None,
    caused_by: int | None = None,
) -> int:
    """An event with the runs that its plan asks for."""
    row = await tx.row(_EVENT, (kind, subject, source, external_id, "tbilisi", raw, caused_by))
    assert row is not None
    for stage, agents in enumerate(route(kind).stages):
        for agent in agents:
            await tx.run(
                "INSERT INTO runs (event_id, agent, stage, subject, state) VALUES (%s, %s, %s, %s, 'waiting')",
                (row["id"], agent, stage, subject),
            )
    return row["id"]


async def _append_audit(tx: Tx, *, run_id: int) -> None:
    now = datetime.now(UTC)
    await audit.append(tx, actor="staff:1", action="access.approved", subject="person:1", at=now, run_id=run_id)


async def append_audit(db: Database, *, run_id: int) -> None:
    async with db.transaction() as tx:
        await _append_audit(tx, run_id=run_id)


def said(n: int, message_id: int, text: str = "hello") -> Call:
    """A message that Telegram took as the n-th call."""
    told = {"chat": {"id": CHAT}, "message_id": message_id, "text": text}
    return Call(n, "sendMessage", CHAT, {"chat_id": CHAT, "text": text}, told)


def opened(n: int, thread_id: int) -> Call:
    return Call(n, "createForumTopic", CHAT, {"chat_id": CHAT}, {"message_thread_id": thread_id})


def posted(body: bytes = BODY, status: int | None = 200) -> Posted:
    return Posted("tbilisi", sha256(body).hexdigest(), status, is_over=True)


def seen() -> Observed:
    """What the sandbox saw of the history that ``lay`` wrote."""
    return Observed(calls=[said(1, 11), said(2, 12)], posted=[posted()])
