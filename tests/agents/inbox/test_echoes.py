"""What we sent comes back: it is nobody's words, it proves that a piece arrived, and it never settles another's."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.events import EventBody, MessageSent, OperatorWrote
from core.ids import new_id
from db.queries import conversations, messages
from db.queries.messages import Message, Sending
from tests.agents.inbox.at_work import ACCOUNT_ID, JARVIS, InboxAtWork

WORDS = Sending(attempt=0, text_hash="h", pieces=1, begun=1, sent=0)


@pytest.fixture
async def lead(inbox: InboxAtWork) -> int:
    inbox.hook()
    lead_id = inbox.twin.writes("Hello")["lead_id"]
    await inbox.receive()
    return lead_id


async def ours(inbox: InboxAtWork, lead: int, *, sending: Sending = WORDS, delivery: str = "unknown") -> UUID:
    message = Message(
        id=new_id(),
        conversation_id=conversations.id_of(ACCOUNT_ID, lead),
        account_id=ACCOUNT_ID,
        direction="outgoing",
        author="staff",
        sent_at=inbox.twin.clock.now(),
        original="Good day",
        delivery=delivery,
        sending=sending,
    )
    async with inbox.db.transaction() as tx:
        await messages.store(tx, message)
    return message.id


async def comes_back(
    inbox: InboxAtWork,
    lead: int,
    *,
    umnico_id: str = "U1",
    custom_id: str | None = None,
    text: str = "Good day",
    operator: int = JARVIS,
) -> list[EventBody]:
    told: dict[str, Any] = {
        "messageId": umnico_id,
        "datetime": int(inbox.twin.clock.now().timestamp() * 1000),
        "message": {"text": text},
        "userId": operator,
    }
    told |= {} if custom_id is None else {"customId": custom_id}
    body = {"type": "message.outgoing", "accountId": ACCOUNT_ID, "leadId": lead, "message": told}
    inbox.twin.order("webhooks/raw", body=json.dumps(body))
    return await inbox.receive()


async def row(inbox: InboxAtWork, message_id: UUID) -> Message:
    async with inbox.db.transaction() as tx:
        found = await messages.find(tx, message_id)
    assert found is not None
    return found


@pytest.mark.parametrize("delivery", ["pending", "unknown", "failed"])
async def test_an_echo_settles_a_message_and_tells_it_once(inbox: InboxAtWork, lead: int, delivery: str):
    message_id = await ours(inbox, lead, delivery=delivery)
    custom_id = messages.piece_id_of(message_id, 0, 0)
    told = await comes_back(inbox, lead, custom_id=custom_id)
    assert told == [MessageSent(conversation_id=conversations.id_of(ACCOUNT_ID, lead), message_id=message_id)]
    assert await comes_back(inbox, lead, custom_id=custom_id, text="Good day ") == []
    found = await row(inbox, message_id)
    assert (found.delivery, found.umnico_id) == ("sent", "U1")
    assert len(await inbox.messages(lead)) == 2


async def test_the_echo_of_a_first_piece_is_not_the_whole_message(inbox: InboxAtWork, lead: int):
    message_id = await ours(inbox, lead, sending=replace(WORDS, pieces=2))
    assert await comes_back(inbox, lead, custom_id=messages.piece_id_of(message_id, 0, 0)) == []
    first = await row(inbox, message_id)
    assert (first.delivery, first.pieces_sent) == ("unknown", 1)
    told = await comes_back(inbox, lead, umnico_id="U2", custom_id=messages.piece_id_of(message_id, 0, 1))
    assert [body.kind for body in told] == ["umnico.message.sent"]


async def test_the_echo_of_older_words_proves_nothing_about_newer_ones(inbox: InboxAtWork, lead: int):
    message_id = await ours(inbox, lead, sending=replace(WORDS, attempt=2, since=2))
    assert await comes_back(inbox, lead, custom_id=messages.piece_id_of(message_id, 1, 0)) == []
    assert (await row(inbox, message_id)).delivery == "unknown"


async def test_an_echo_in_another_conversation_settles_nothing(inbox: InboxAtWork, lead: int):
    other = inbox.twin.writes("Hi", login="10000000008")["lead_id"]
    await inbox.receive()
    message_id = await ours(inbox, lead)
    assert await comes_back(inbox, other, custom_id=messages.piece_id_of(message_id, 0, 0)) == []
    assert (await row(inbox, message_id)).delivery == "unknown"


@pytest.mark.parametrize(
    "custom_id", ["jarvis:", "jarvis:nonsense:0:0", "jarvis:00000000-0000-4000-8000-000000000000:0:0"]
)
async def test_an_id_of_ours_that_nobody_knows_is_never_shown_as_words(inbox: InboxAtWork, lead: int, custom_id: str):
    assert await comes_back(inbox, lead, custom_id=custom_id) == []
    assert len(await inbox.messages(lead)) == 1


async def test_without_our_id_an_echo_is_known_by_umnicos(inbox: InboxAtWork, lead: int):
    arrived = replace(WORDS, sent=1, umnico_ids=("U1",))
    await ours(inbox, lead, sending=arrived, delivery="sent")
    assert await comes_back(inbox, lead) == []
    assert len(await inbox.messages(lead)) == 2


async def test_without_any_id_a_piece_in_doubt_is_known_by_its_words(inbox: InboxAtWork, lead: int):
    message_id = await ours(inbox, lead)
    [told] = await comes_back(inbox, lead)
    assert isinstance(told, MessageSent)
    assert (await row(inbox, message_id)).delivery == "sent"


@pytest.mark.parametrize(("text", "operator"), [("Other words", JARVIS), ("Good day", 15)])
async def test_other_words_or_another_operator_are_somebodys_own(
    inbox: InboxAtWork, lead: int, text: str, operator: int
):
    message_id = await ours(inbox, lead)
    [told] = await comes_back(inbox, lead, text=text, operator=operator)
    assert isinstance(told, OperatorWrote)
    assert (await row(inbox, message_id)).delivery == "unknown"
