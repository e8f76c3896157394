"""The registry of topics: Telegram has no method that lists them, so what is not written here is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.ids import new_id
from db.session import Tx

ADOPTION_WINDOW = timedelta(minutes=10)
"""How long after an intent the bot's own ``forum_topic_created`` may still bring the thread id."""
_PACE_LOCK = 4_711_002
"""Intents take turns over all processes: the pace belongs to the whole bot."""
_COLUMNS = "id, chat_id, entity, version, state, thread_id, name, icon_color, is_closed, intended_at, live_at"


@dataclass(frozen=True, slots=True)
class Topic:
    """One version of the topic of (chat, entity). ``thread_id`` is None only while it is ``intended``."""

    id: UUID
    chat_id: int
    entity: str
    version: int
    state: str
    thread_id: int | None
    name: str
    icon_color: int | None
    is_closed: bool
    intended_at: datetime
    live_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A car's open topic, and where the car is."""

    entity: str
    branch: str | None
    branch_name: str | None


@dataclass(frozen=True, slots=True)
class Intent:
    """What became of the wish to open a topic: ``topic`` may be created now, or everybody waits for ``wait``."""

    topic: Topic | None
    wait: timedelta = timedelta(0)


def _topic(row: dict[str, Any] | None) -> Topic | None:
    return None if row is None else Topic(**row)


async def alive(tx: Tx, chat_id: int, entity: str) -> Topic | None:
    """The version that is intended or live."""
    return _topic(
        await tx.row(
            f"SELECT {_COLUMNS} FROM topics WHERE chat_id = %s AND entity = %s AND state <> 'dead'",  # noqa: S608 - constants
            (chat_id, entity),
        )
    )


async def open_cars(tx: Tx, chat_id: int) -> list[Stay]:
    """The open topics of cars in a chat, with the branch each car is in now (None when it left the fleet)."""
    rows = await tx.rows(
        """SELECT t.entity, c.branch, b.name AS branch_name FROM topics AS t
           LEFT JOIN cars AS c ON t.entity = 'car:' || c.id AND c.deleted_at IS NULL AND c.active IS NOT FALSE
           LEFT JOIN branches AS b ON b.code = c.branch
           WHERE t.chat_id = %s AND t.state = 'live' AND NOT t.is_closed AND t.entity LIKE 'car:%%'
           ORDER BY t.entity""",
        (chat_id,),
    )
    return [Stay(**row) for row in rows]


async def by_thread(tx: Tx, chat_id: int, thread_id: int) -> Topic | None:
    """The topic behind a thread id, dead versions included: an old message may still be answered there."""
    return _topic(
        await tx.row(
            f"""SELECT {_COLUMNS} FROM topics WHERE chat_id = %s AND thread_id = %s
                ORDER BY version DESC LIMIT 1""",  # noqa: S608 - constants
            (chat_id, thread_id),
        )
    )


async def intend(
    tx: Tx,
    chat_id: int,
    entity: str,
    *,
    name: str,
    icon_color: int,
    now: datetime,
    pace: timedelta,
    answer_time: timedelta,
) -> Intent:
    """Write down, before the call, that a topic is about to be created; the pace counts from these rows.

    An intent younger than ``answer_time`` may still get its answer or its own update, so nobody creates again.
    """
    await tx.run("SELECT pg_advisory_xact_lock(%s)", (_PACE_LOCK,))
    known = await alive(tx, chat_id, entity)
    if known is not None and known.state == "live":
        return Intent(known)
    if known is not None and now - known.intended_at < answer_time:
        return Intent(None, answer_time - (now - known.intended_at))
    wait = await _pace_left(tx, now, pace)
    if wait > timedelta(0):
        return Intent(None, wait)
    if known is not None:
        await tx.run("UPDATE topics SET intended_at = %s, name = %s WHERE id = %s", (now, name, known.id))
    else:
        await tx.run(
            """INSERT INTO topics (id, chat_id, entity, version, state, name, icon_color, intended_at)
               SELECT %(id)s, %(chat)s, %(entity)s, coalesce(max(version), 0) + 1, 'intended', %(name)s, %(color)s,
                      %(now)s
               FROM topics WHERE chat_id = %(chat)s AND entity = %(entity)s""",
            {"id": new_id(), "chat": chat_id, "entity": entity, "name": name, "color": icon_color, "now": now},
        )
    return Intent(await alive(tx, chat_id, entity))


async def _pace_left(tx: Tx, now: datetime, pace: timedelta) -> timedelta:
    row = await tx.row("SELECT max(intended_at) AS last FROM topics")
    if row is None or row["last"] is None:
        return timedelta(0)
    return pace - (now - row["last"])


async def open_as(tx: Tx, topic_id: UUID, thread_id: int, *, now: datetime) -> int | None:
    """The answer came: the intended version is live. Returns the thread it has now (adopted before, perhaps)."""
    await tx.run(
        """UPDATE topics SET state = 'live', thread_id = %s, live_at = %s, is_closed = false
           WHERE id = %s AND state = 'intended'""",
        (thread_id, now, topic_id),
    )
    row = await tx.row("SELECT thread_id FROM topics WHERE id = %s AND state = 'live'", (topic_id,))
    return None if row is None else row["thread_id"]


async def adopt_topic(tx: Tx, chat_id: int, thread_id: int, name: str, *, now: datetime) -> bool:
    """The bot's own ``forum_topic_created`` came: give its thread to the intent that waits for an answer.

    False when no intent of that chat and name is open, or the thread is in the registry already.
    """
    touched = await tx.run(
        """UPDATE topics SET state = 'live', thread_id = %(thread)s, live_at = %(now)s
           WHERE id = (SELECT id FROM topics WHERE chat_id = %(chat)s AND name = %(name)s AND state = 'intended'
                         AND intended_at BETWEEN %(now)s - %(window)s AND %(now)s + interval '1 minute'
                       ORDER BY intended_at LIMIT 1 FOR UPDATE)
             AND NOT EXISTS (SELECT 1 FROM topics WHERE chat_id = %(chat)s AND thread_id = %(thread)s)""",
        {"chat": chat_id, "thread": thread_id, "name": name, "now": now, "window": ADOPTION_WINDOW},
    )
    return touched == 1


async def withdraw(tx: Tx, topic_id: UUID) -> None:
    """The creation was refused for sure: there is no topic, and no trace of one but the pace it took."""
    await tx.run(
        """UPDATE topics SET state = 'dead', dead_at = intended_at, dead_reason = 'refused'
           WHERE id = %s AND state = 'intended'""",
        (topic_id,),
    )


async def bury(tx: Tx, topic_id: UUID, *, reason: str, now: datetime) -> None:
    """Telegram does not know this version any more."""
    await tx.run(
        "UPDATE topics SET state = 'dead', dead_at = %s, dead_reason = %s WHERE id = %s AND state <> 'dead'",
        (now, reason, topic_id),
    )


async def died_lately(tx: Tx, topic: Topic, *, since: datetime) -> bool:
    """Whether an earlier version of this topic was lost since then: a second loss is no accident."""
    row = await tx.row(
        """SELECT 1 AS one FROM topics WHERE chat_id = %s AND entity = %s AND version < %s AND state = 'dead'
             AND dead_reason <> 'refused' AND dead_at >= %s LIMIT 1""",
        (topic.chat_id, topic.entity, topic.version, since),
    )
    return row is not None


async def set_closed(tx: Tx, topic_id: UUID, *, is_closed: bool) -> None:
    await tx.run("UPDATE topics SET is_closed = %s WHERE id = %s", (is_closed, topic_id))


async def rename(tx: Tx, topic_id: UUID, name: str) -> None:
    await tx.run("UPDATE topics SET name = %s WHERE id = %s", (name, topic_id))
