"""What is old and finished is forgotten; what still needs somebody is kept however old it is."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id
from db import commands
from db.models.conversations import DraftRow, ModelAccountRow, ModelReservationRow
from db.queries import conversations, messages, transcripts
from db.queries.conversations import Conversation
from db.queries.messages import Attachment, Message
from db.queries.transcripts import Transcript
from db.session import Database
from orchestrator.janitor import Janitor
from tests import make

ROUTE = make.route_to("reader")
NOTHING = dict.fromkeys(("buttons", "model accounts", "raw bodies", "events", "messages", "documents", "photos"), 0)


async def one_of(db: Database, state: str, *, days: int) -> int:
    """An event whose only run is in this state and ordered a command, so many days ago; its id."""
    event = replace(make.event(f"car:{state}:{days}"), raw=b"{}", headers={"a": "b"})
    [event_id] = (await make.record_all(db, [event], ROUTE)).ids
    assert event_id is not None
    async with db.transaction() as tx:
        await tx.run(
            "UPDATE events SET received_at = now() - make_interval(days => %s) WHERE id = %s", (days, event_id)
        )
        row = await tx.row("UPDATE runs SET state = %s WHERE event_id = %s RETURNING id", (state, event_id))
        assert row is not None
        await commands.order(tx, [make.message(effect_key=f"{state}:{days}")], run_id=row["id"], event_id=event_id)
        await tx.run("UPDATE commands SET state = 'sent'")
    return event_id


async def kept(db: Database) -> dict[int, bool]:
    """Which events are there, and whether they have their raw bodies."""
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT id, raw IS NOT NULL AS has_raw FROM events ORDER BY id")
    return {row["id"]: row["has_raw"] for row in rows}


async def go_round(db: Database) -> dict[str, int]:
    return await Janitor(make.deps(db)).go_round(asyncio.Event())


async def test_what_is_finished_loses_its_raw_body_and_later_goes(db: Database):
    old, aged, fresh = [await one_of(db, "done", days=days) for days in (400, 40, 4)]
    assert await go_round(db) == NOTHING | {"raw bodies": 2, "events": 1}
    assert await kept(db) == {aged: False, fresh: True}
    async with db.transaction() as tx:
        assert await tx.row("SELECT count(*) AS n FROM runs") == {"n": 2}
        assert await tx.row("SELECT count(*) AS n FROM commands") == {"n": 2}
    assert old not in await kept(db)


async def test_what_still_needs_somebody_is_kept_whole(db: Database):
    needed = [await one_of(db, state, days=400) for state in ("queued", "waiting", "running", "dead")]
    assert await go_round(db) == NOTHING
    assert await kept(db) == dict.fromkeys(needed, True)


async def test_an_event_with_a_command_that_is_not_settled_stays(db: Database):
    event_id = await one_of(db, "done", days=400)
    async with db.transaction() as tx:
        await tx.run("UPDATE commands SET state = 'unknown'")
    await go_round(db)
    assert await kept(db) == {event_id: False}


async def test_what_cannot_go_does_not_keep_what_stands_behind_it(db: Database, monkeypatch: Any):
    monkeypatch.setattr("orchestrator.janitor.STEP", 2)
    stuck = [await one_of(db, "dead", days=days) for days in (403, 402, 401)]
    await one_of(db, "done", days=400)
    fresh = await one_of(db, "done", days=1)
    assert (await go_round(db))["events"] == 1
    assert list(await kept(db)) == [*stuck, fresh]


async def said(db: Database, state: str, *, days: int, lead: int) -> UUID:
    """A voice message with its transcript and a draft of an answer, so many days ago; its id."""
    talk = Conversation(conversations.id_of(1, lead), 1, lead, "whatsapp", state=state)
    key, at = f"voice/{lead}/{days}", datetime.now(UTC) - timedelta(days=days)
    message_id = messages.id_of_incoming(1, key)
    async with db.transaction() as tx:
        await conversations.store(tx, talk)
        voice = Attachment("voice", storage_key=key)
        message = Message(message_id, talk.id, 1, "incoming", "client", at, "", "shown", attachments=(voice,))
        await messages.store(tx, message)
        await transcripts.store(tx, Transcript(key, "Good morning"))
        draft = {"id": new_id(), "conversation_id": talk.id, "question_id": message_id, "state": "open"}
        words = {"staff_text": "a", "client_text": "b", "language": "en"}
        await make.insert(tx, DraftRow, draft | words)
    return message_id


async def test_old_messages_of_closed_conversations_go_with_what_was_said_in_them(
    db: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("orchestrator.janitor.STEP", 1)
    await said(db, "closed", days=900, lead=1)
    await said(db, "closed", days=731, lead=1)
    left = {await said(db, "closed", days=700, lead=1), await said(db, "open", days=900, lead=2)}
    assert await go_round(db) == NOTHING | {"messages": 2}
    async with db.transaction() as tx:
        assert {row["id"] for row in await tx.rows("SELECT id FROM messages")} == left
        assert {row["question_id"] for row in await tx.rows("SELECT question_id FROM drafts")} == left
        assert await tx.row("SELECT count(*) AS n FROM transcripts") == {"n": 2}
        assert await tx.row("SELECT count(*) AS n FROM conversations") == {"n": 2}


async def test_what_models_cost_long_ago_is_forgotten(db: Database):
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        for days in (1, 3):
            reserved = {"scope": "agent", "key": "a", "requests": 1, "tokens": 1, "usd": 1}
            until = now - timedelta(days=days)
            await make.insert(tx, ModelReservationRow, {"id": new_id(), "day": until.date(), "until": until} | reserved)
        for days in (399, 402):
            day = (now - timedelta(days=days)).date()
            await make.insert(tx, ModelAccountRow, {"scope": "agent", "key": "a", "day": day})
    assert await go_round(db) == NOTHING | {"model accounts": 2}
