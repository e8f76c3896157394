"""Whose message it is: client, booking, branch and the one person who answers first."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.events import ClientWrote, ConversationMoved, EventBody
from core.ids import new_id
from db.queries import conversations
from tests.agents.inbox.at_work import InboxAtWork

PHONE = "10000000007"


@pytest.fixture(autouse=True)
def hooked(inbox: InboxAtWork) -> None:
    inbox.hook()


async def booking(inbox: InboxAtWork, client_id: UUID, *, branch: str = "harbour", responsible: int | None = 7) -> UUID:
    booking_id, now = new_id(), inbox.twin.clock.now()
    await inbox.run(
        """INSERT INTO bookings (id, rentprog_id, raw, updated_by, branch, client_id, start_at, end_at, state, in_rent,
                                 responsible_rentprog_id)
           VALUES (%s, %s, '{}', 'fetch', %s, %s, %s, %s, 'active', true, %s)""",
        (booking_id, booking_id.int % 10**9, branch, client_id, now, now + timedelta(days=3), responsible),
    )
    return booking_id


async def linked(inbox: InboxAtWork, person_id: UUID, number: int = 7) -> None:
    await inbox.run(
        "INSERT INTO rentprog_staff (branch, rentprog_id, name, person_id) VALUES ('harbour', %s, 'R', %s)",
        (number, person_id),
    )


async def away(inbox: InboxAtWork, person_id: UUID, until: datetime | None = None) -> None:
    await inbox.run(
        "INSERT INTO absences (id, person_id, from_at, until_at, told_by) VALUES (%s, %s, %s, %s, 'test')",
        (new_id(), person_id, inbox.twin.clock.now() - timedelta(hours=1), until),
    )


async def written(inbox: InboxAtWork, text: str = "Hello", **told: Any) -> tuple[int, list[EventBody]]:
    lead = inbox.twin.writes(text, **told)["lead_id"]
    return lead, await inbox.receive()


async def test_a_client_is_known_by_the_phone_and_their_booking_names_branch_and_holder(inbox: InboxAtWork):
    await inbox.person("Shift")
    responsible = await inbox.person("Responsible")
    await linked(inbox, responsible)
    client = await inbox.client_row(1, PHONE)
    rented = await booking(inbox, client)
    lead, told = await written(inbox)
    found = await inbox.conversation(lead)
    assert (found.phone, found.client_id, found.booking_id, found.branch) == (PHONE, client, rented, "harbour")
    assert (found.holder_id, found.trust) == (responsible, f"client:{client}")
    moved, wrote = told
    assert isinstance(moved, ConversationMoved)
    assert isinstance(wrote, ClientWrote)
    assert (moved.to_person, moved.why, moved.level) == (responsible, "responsible", 0)


async def test_two_leads_of_one_phone_are_two_conversations_of_one_client(inbox: InboxAtWork):
    client = await inbox.client_row(1, PHONE)
    first, _ = await written(inbox)
    second, _ = await written(inbox, channel="telegram", login="ada")
    await inbox.run("UPDATE conversations SET phone = %s, client_id = NULL WHERE lead_id = %s", (PHONE, second))
    await written(inbox, "Again", channel="telegram", login="ada")
    both = [await inbox.conversation(first), await inbox.conversation(second)]
    assert [one.client_id for one in both] == [client, client]
    assert both[0].id != both[1].id


async def test_several_clients_with_the_phone_are_left_to_a_person(inbox: InboxAtWork):
    await inbox.client_row(1, PHONE)
    await inbox.client_row(2, PHONE)
    lead, _ = await written(inbox)
    assert (await inbox.conversation(lead)).client_id is None


@pytest.mark.parametrize("login", ["ada", PHONE, "995 555"])
async def test_nobody_is_recognised_by_a_name_or_by_a_number_that_is_no_phone(inbox: InboxAtWork, login: str):
    client = await inbox.client_row(1, PHONE)
    await inbox.run("UPDATE clients SET first_name = 'Ada', last_name = 'Client' WHERE id = %s", (client,))
    lead, told = await written(inbox, channel="telegram", login=login, name="Ada Client")
    found = await inbox.conversation(lead)
    assert (found.client_id, found.phone, found.contact_name, found.login) == (None, None, "Ada Client", login)
    assert [body.kind for body in told] == ["umnico.message.incoming"]


async def test_whom_a_person_named_is_known_when_the_contact_writes_again(inbox: InboxAtWork):
    client = await inbox.client_row(1, None)
    lead, _ = await written(inbox, channel="instagram", login="ada")
    async with inbox.db.transaction() as tx:
        await conversations.remember_client(tx, await inbox.conversation(lead), client)
    await written(inbox, "Again", channel="instagram", login="ada")
    assert (await inbox.conversation(lead)).client_id == client


async def test_whom_a_person_chose_is_not_changed_by_a_phone(inbox: InboxAtWork):
    chosen = await inbox.client_row(1, None)
    lead, _ = await written(inbox)
    await inbox.run("UPDATE conversations SET client_id = %s, is_client_chosen = true", (chosen,))
    await inbox.client_row(2, PHONE)
    await written(inbox, "Again")
    assert (await inbox.conversation(lead)).client_id == chosen


async def test_without_a_responsible_person_the_least_busy_of_the_shift_answers(inbox: InboxAtWork):
    first, second = await inbox.person("First"), await inbox.person("Second")
    holders = [(await inbox.conversation((await written(inbox, login=f"1000000000{n}"))[0])).holder_id for n in (1, 2)]
    assert set(holders) == {first, second}


async def test_an_absent_responsible_person_and_an_absent_shift_are_skipped_up_to_the_head(inbox: InboxAtWork):
    responsible = await inbox.person("Responsible")
    head = await inbox.person("Head", "branch_head")
    await linked(inbox, responsible)
    await booking(inbox, await inbox.client_row(1, PHONE))
    await away(inbox, responsible)
    lead, [moved, _] = await written(inbox)
    assert isinstance(moved, ConversationMoved)
    assert (moved.to_person, moved.why, moved.level, moved.skipped) == (head, "above", 1, (0,))
    assert (await inbox.conversation(lead)).holder_id == head


async def test_a_holder_keeps_the_conversation_and_who_works_no_more_is_replaced(inbox: InboxAtWork):
    first = await inbox.person("First")
    lead, _ = await written(inbox)
    second = await inbox.person("Second")
    _, told = await written(inbox, "Again")
    assert [body.kind for body in told] == ["umnico.message.incoming"]
    await inbox.run("UPDATE people SET is_active = false WHERE id = %s", (first,))
    _, [moved, _] = await written(inbox, "And again")
    assert isinstance(moved, ConversationMoved)
    assert (moved.from_person, moved.to_person) == (first, second)
    assert (await inbox.conversation(lead)).holder_id == second


async def test_with_nobody_at_all_the_message_is_told_all_the_same(inbox: InboxAtWork):
    lead, told = await written(inbox)
    assert [body.kind for body in told] == ["umnico.message.incoming"]
    assert (await inbox.conversation(lead)).holder_id is None


async def test_a_stranger_is_of_the_branch_of_whoever_answers_first_until_a_booking_says_otherwise(inbox: InboxAtWork):
    await inbox.run("INSERT INTO branches (code, name, company_id) VALUES ('hill', 'Hill', 2)")
    elsewhere = await inbox.person("Elsewhere", branch="hill")
    lead, _ = await written(inbox)
    found = await inbox.conversation(lead)
    assert (found.branch, found.holder_id) == ("hill", elsewhere)
    await booking(inbox, await inbox.client_row(1, PHONE))
    await written(inbox, "I have booked")
    assert (await inbox.conversation(lead)).branch == "harbour"


async def test_a_holder_without_a_branch_names_none(inbox: InboxAtWork):
    await inbox.run("INSERT INTO branches (code, name, company_id) VALUES ('hill', 'Hill', 2)")
    director = await inbox.person("Director", "director", branch=None)
    lead, _ = await written(inbox)
    found = await inbox.conversation(lead)
    assert (found.branch, found.holder_id) == (None, director)


@pytest.mark.parametrize(("named", "branch"), [("harbour", "harbour"), ("closed-long-ago", "hill")])
async def test_the_account_that_a_client_wrote_to_names_the_branch(inbox: InboxAtWork, named: str, branch: str):
    await inbox.run("INSERT INTO branches (code, name, company_id) VALUES ('hill', 'Hill', 2)")
    await inbox.person("Elsewhere", branch="hill")
    umnico = inbox.settings.umnico.model_copy(update={"branches": {88: named}})
    inbox.settings = inbox.settings.model_copy(update={"umnico": umnico})
    lead, _ = await written(inbox)
    assert ((await inbox.conversation(lead)).sa_id, (await inbox.conversation(lead)).branch) == (88, branch)


async def test_a_closed_conversation_opens_when_the_client_writes_and_its_session_lasts_an_hour(inbox: InboxAtWork):
    lead, _ = await written(inbox)
    await inbox.run("UPDATE conversations SET state = 'closed', session_expires_at = NULL")
    before = inbox.twin.clock.now()
    await written(inbox, "One more question")
    found = await inbox.conversation(lead)
    assert found.session_expires_at is not None
    assert found.state == "open"
    assert found.session_expires_at >= before + timedelta(hours=1)


async def test_the_answer_goes_where_the_client_wrote_last(inbox: InboxAtWork):
    lead, _ = await written(inbox)
    first = await inbox.conversation(lead)
    inbox.twin.order("write", lead_id=lead, channel="telegram", login="ada", text="Here now")
    await inbox.receive()
    second = await inbox.conversation(lead)
    assert (first.channel, second.channel) == ("whatsapp", "telegram")
    assert first.source_real_id != second.source_real_id
    assert (second.sa_id, second.phone) == (89, PHONE)
