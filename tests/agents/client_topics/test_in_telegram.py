"""The agent's orders performed by the bot at a real emulator: what staff read in the end."""

from dataclasses import replace
from pathlib import Path

import pytest

from agents.client_topics import AGENT
from agents.spec import Outcome
from core.events import ClientWrote, ConversationMoved, EventBody, PersonalGroupBound
from core.roles import LANGUAGES
from db.queries import conversations
from db.session import Database
from tests.agents.agent_at_work import happen
from tests.agents.client_topics.conftest import Company
from tests.bot.outgoing_at_work import Outgoing, outgoing_at_work


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


async def _happen(out: Outgoing, body: EventBody) -> Outcome:
    outcome = await happen(AGENT, body, db=out.db, clock=out.clock)
    await out.deliver_all()
    return outcome


async def test_a_group_that_is_bound_gets_a_topic_per_client_with_card_and_words(company: Company, out: Outgoing):
    nino = await company.person("Nino")
    conversation = await company.conversation(holder_id=nino, contact_name="Anna Sample")
    message = await company.wrote(conversation, original="Hello, is the car ready?")
    group = await out.telegram.group(title="Nino | clients")
    await _happen(out, PersonalGroupBound(chat_id=group, title="Nino | clients", person_id=nino))
    [topic] = await out.topics(group)
    assert topic["name"].startswith("Anna Sample")
    [welcome] = await out.texts(group, 0)
    assert "Nino" in welcome
    assert "Открыт 1 " in welcome
    said = "\n".join(await out.texts(group, topic["message_thread_id"]))
    assert "is the car ready?" in said
    again = ClientWrote(conversation_id=conversation.id, message_id=message)
    before = len(await out.said(group))
    await _happen(out, again)
    assert len(await out.said(group)) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", ["responsible", "shift", "above", "silent", "absent"])
async def test_every_move_is_explained_in_the_language_of_the_group(
    company: Company, out: Outgoing, why: str, language: str
):
    nino, head = await company.person("Nino"), await company.person("Head")
    await company.sql("UPDATE people SET language = %s", language)
    conversation = await company.conversation(holder_id=nino)
    group = await out.telegram.group(title="Nino | clients")
    await _happen(out, PersonalGroupBound(chat_id=group, title="Nino | clients", person_id=nino))
    async with out.db.transaction() as tx:
        await conversations.store(tx, replace(conversation, holder_id=head))
    moved = {"conversation_id": conversation.id, "to_person": head, "from_person": nino, "why": why, "level": 1}
    body = ConversationMoved.model_validate(moved | {"waited_minutes": 7, "skipped": (0, 1), "missed": (2, 3)})
    await _happen(out, body)
    [topic] = await out.topics(group)
    told = (await out.texts(group, topic["message_thread_id"]))[-1].splitlines()
    assert "Head" in told[0]
    assert len(told) == 6
    assert len({line.split(":")[0] for line in told[1:5]}) == 4
