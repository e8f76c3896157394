"""Drafts as rows: which one is open, what the client wrote since, how often Jarvis spoke by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from core.ids import new_id
from db.queries import conversations, drafts, messages
from db.queries.conversations import Conversation
from db.queries.drafts import Draft, OwnReplies
from db.queries.messages import Message
from db.session import Database, Tx

NOW = datetime(2026, 3, 2, 20, tzinfo=UTC)
TALK = conversations.id_of(100500, 777)


async def said(tx: Tx, minutes: int, *, author: str = "client") -> Message:
    is_client = author == "client"
    message = Message(
        id=new_id(),
        conversation_id=TALK,
        account_id=100500,
        direction="incoming" if is_client else "outgoing",
        author=author,
        sent_at=NOW + timedelta(minutes=minutes),
        original="words",
        delivery="received" if is_client else "sent",
    )
    await messages.store(tx, message)
    return message


async def draft_of(tx: Tx, question: Message, state: str = "open") -> Draft:
    draft = Draft(new_id(), TALK, question.id, "Да\0", "Yes", "en", state, [{"id": "a-1", "text": "4 days"}])
    await drafts.add(tx, draft)
    return draft


@pytest.fixture
async def talk(db: Database) -> Database:
    async with db.transaction() as tx:
        await conversations.store(tx, Conversation(id=TALK, account_id=100500, lead_id=777, channel="whatsapp"))
    return db


async def test_a_draft_comes_back_as_it_was_written(talk: Database):
    async with talk.transaction() as tx:
        draft = await draft_of(tx, await said(tx, 0))
        found = await drafts.lock(tx, draft.id)
    assert found is not None
    assert (found.staff_text, found.facts, found.is_undecided) == ("Да\N{REPLACEMENT CHARACTER}", draft.facts, True)


async def test_only_what_nobody_decided_on_and_was_asked_by_then_is_outdated(talk: Database):
    async with talk.transaction() as tx:
        old, held, sent = [await draft_of(tx, await said(tx, 0), state) for state in ("open", "held", "sent")]
        later = await draft_of(tx, await said(tx, 2))
        outdated = await drafts.outdate(tx, TALK, until=NOW + timedelta(minutes=1))
        states = [found.state for one in (old, held, sent, later) if (found := await drafts.find(tx, one.id))]
    assert set(outdated) == {old.id, held.id}
    assert states == ["outdated", "outdated", "sent", "open"]


async def test_what_the_client_wrote_after_a_question_is_known(talk: Database):
    async with talk.transaction() as tx:
        first = await said(tx, 0)
        await said(tx, 1, author="staff")
        assert not await drafts.client_wrote_after(tx, first.id)
        await said(tx, 2)
        assert await drafts.client_wrote_after(tx, first.id)


async def test_a_question_before_a_drafted_one_counts_as_drafted(talk: Database):
    async with talk.transaction() as tx:
        first, second, third = [await said(tx, minute) for minute in (0, 1, 2)]
        await draft_of(tx, second)
        found = [await drafts.has_of(tx, one.id) for one in (first, second, third)]
    assert found == [True, True, False]


async def test_only_what_jarvis_said_since_then_counts(talk: Database):
    async with talk.transaction() as tx:
        await said(tx, -1, author="jarvis")
        await said(tx, 5, author="staff")
        last = await said(tx, 9, author="jarvis")
        found = await drafts.own_replies(tx, TALK, since=NOW)
    assert found == OwnReplies(1, last.sent_at)
