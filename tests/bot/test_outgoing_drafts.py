"""A draft of an answer: what it says, what it rests on, and what a person may do with it."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.commands import Priority, ShowDraft
from core.events import DraftDecided, read_body
from db.queries import drafts
from db.queries.drafts import Draft
from db.queries.messages import Message
from db.session import Database
from tests.bot.outgoing_at_work import Outgoing, outgoing_at_work
from tests.bot.talk_at_work import Talk, labels, talk_at_work


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def talk(out: Outgoing, tmp_path: Path) -> Talk:
    return await talk_at_work(out, str(tmp_path))


async def drafted(talk: Talk, question: Message, **columns: Any) -> UUID:
    given: dict[str, Any] = {
        "staff_text": "40 GEL в день",
        "client_text": "40 GEL a day",
        "language": "en",
        "state": "open",
        **columns,
    }
    draft = Draft(id=uuid4(), conversation_id=talk.id, question_id=question.id, **given)
    async with talk.out.db.transaction() as tx:
        await drafts.add(tx, draft)
    return draft.id


async def show(talk: Talk, draft_id: UUID) -> dict[str, Any]:
    body = ShowDraft(chat_id=talk.chat_id, conversation_id=talk.id, draft_id=draft_id)
    return await talk.perform(body, priority=Priority.LINE)


async def test_a_draft_answers_the_question_and_shows_what_it_rests_on(talk: Talk):
    question = await talk.wrote("how much?")
    asked = await talk.show(question)
    facts = [
        {"id": "price-1", "tool": "price", "text": "40 GEL a day", "is_used": True},
        {"id": "hours-2", "tool": "hours", "text": "9:00-20:00", "is_used": False},
    ]
    draft_id = await drafted(talk, question, facts=facts)
    await show(talk, draft_id)
    shown = await talk.last()
    assert shown["reply_to"] == asked["message_id"]
    assert shown["text"].splitlines() == [
        "💡 A draft of an answer",
        "40 GEL в день",
        "40 GEL a day",
        "📐 It rests on:",
        "Price: 40 GEL a day",
    ]
    assert labels(shown) == ["✅ Send", "✏️ Edit", "🗑 Discard"]
    behind = await talk.events_behind(shown)
    assert [read_body(one["event_kind"], one["payload"]) for one in behind.values()] == [
        DraftDecided(draft_id=draft_id, conversation_id=talk.id, choice=choice)
        for choice in ("send", "edit", "discard")
    ]


@pytest.mark.parametrize(
    ("why", "line"),
    [
        ('no tool said "45 GEL"', '⚠️ The data it rests on do not say this: "45 GEL"'),
        ('the two texts differ: money lost: "40 GEL"', "• missing in the translation: 40 GEL"),
        ("something new", "⚠️ something new"),
    ],
)
async def test_a_held_draft_says_why_and_cannot_be_sent(talk: Talk, why: str, line: str):
    draft_id = await drafted(talk, await talk.wrote("how much?"), state="held", why_held=why)
    await show(talk, draft_id)
    assert line in await talk.lines()
    assert labels(await talk.last()) == ["✏️ Edit", "🗑 Discard"]


async def test_a_trial_of_the_night_says_that_nothing_is_sent_by_itself(talk: Talk):
    await show(talk, await drafted(talk, await talk.wrote("how much?"), is_shadow=True))
    assert (await talk.lines())[-1].startswith("🌙 Night trial: nothing is sent by itself.")


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("sent", "✅ The draft was sent"),
        ("edited", "✏️ The draft was edited by hand"),
        ("discarded", "🗑 The draft was discarded"),
        ("outdated", "💤 The draft is out of date"),
    ],
)
async def test_a_decided_draft_keeps_its_words_and_loses_its_buttons(talk: Talk, state: str, title: str):
    draft_id = await drafted(talk, await talk.wrote("how much?"))
    first = await show(talk, draft_id)
    await talk.out.change("drafts", draft_id, state=state)
    second = await show(talk, draft_id)
    assert second["message_id"] == first["message_id"]
    assert (await talk.lines())[:2] == [title, "40 GEL в день"]
    assert labels(await talk.last()) == []


async def test_a_draft_that_was_decided_before_anybody_saw_it_is_not_shown(talk: Talk):
    draft_id = await drafted(talk, await talk.wrote("how much?"), state="outdated")
    assert "skipped" in await show(talk, draft_id)


async def test_markup_in_a_draft_stays_text(talk: Talk):
    words = "</blockquote><b>free</b>"
    await show(talk, await drafted(talk, await talk.wrote("hi"), staff_text=words, client_text=words))
    shown = await talk.last()
    assert shown["text"].splitlines()[1] == words
    assert shown["html"].count("</blockquote>") == 1


@pytest.mark.parametrize(("language", "title"), [("ru", "💡 Черновик ответа"), ("ka", "💡 პასუხის მონახაზი")])
async def test_a_draft_speaks_the_language_of_its_group(out: Outgoing, tmp_path: Path, language: str, title: str):
    talk = await talk_at_work(out, str(tmp_path), language=language)
    await show(talk, await drafted(talk, await talk.wrote("how much?")))
    assert (await talk.lines())[0] == title
