"""What staff decide about a conversation, and who may."""

from datetime import timedelta

import pytest

from core.commands import SendMessage, ShowCarCard, ShowClientMessage, ShowConversationCard
from core.events import BookingUpdated, ClientUpdated, ClientWrote, ConversationSteered
from core.ids import new_id, rentprog_id
from core.roles import Role
from db.queries import chats, conversations
from tests.agents.client_topics.conftest import NOW, Company, keys, shown


async def client(company: Company, number: int = 4001, **columns):
    client_id = rentprog_id("client", number)
    given = {"first_name": "Anna", "last_name": "Sample"} | columns
    await company.sql(
        f"""INSERT INTO clients (id, rentprog_id, updated_by, {", ".join(given)})
            VALUES (%s, %s, 'fetch', {", ".join(["%s"] * len(given))})""",
        client_id,
        number,
        *given.values(),
    )
    return client_id


async def booking(company: Company, client_id, number: int = 9001):
    booking_id = rentprog_id("booking", number)
    await company.sql(
        """INSERT INTO bookings (id, rentprog_id, branch, client_id, start_at, end_at, state, in_rent, updated_by)
           VALUES (%s, %s, 'batumi', %s, %s, %s, 'confirmed', true, 'fetch')""",
        booking_id,
        number,
        client_id,
        NOW - timedelta(days=1),
        NOW + timedelta(days=3),
    )
    return booking_id


async def test_whoever_takes_a_conversation_holds_it_and_reads_what_waits(company: Company):
    nino, oleg = await company.person("Nino"), await company.person("Oleg")
    old, new = await company.group(nino), await company.group(oleg)
    conversation = await company.conversation(holder_id=nino)
    message = await company.wrote(conversation, delivery="shown")
    outcome = await company.steer(conversation, "take", oleg)
    assert (await company.now_of(conversation)).holder_id == oleg
    assert (new, "talk-taken") in keys(outcome)
    assert [(one.chat_id, one.message_id) for one in shown(outcome, ShowClientMessage)] == [(new, message)]
    assert old not in {one.chat_id for one in shown(outcome, ShowConversationCard)}


async def test_whoever_is_given_a_conversation_reads_what_waits(company: Company):
    nino, oleg = await company.person("Nino"), await company.person("Oleg")
    await company.group(nino)
    new = await company.group(oleg)
    conversation = await company.conversation(holder_id=nino)
    message = await company.wrote(conversation, delivery="shown")
    outcome = await company.steer(conversation, "assign", nino, to_person=oleg)
    assert (new, "talk-assigned") in keys(outcome)
    assert [(one.chat_id, one.message_id) for one in shown(outcome, ShowClientMessage)] == [(new, message)]


async def test_the_presser_counts_and_not_whom_the_button_was_made_for(company: Company):
    nino, oleg = await company.person("Nino"), await company.person("Oleg")
    conversation = await company.conversation(holder_id=nino)
    body = ConversationSteered(conversation_id=conversation.id, act="take", person_id=nino)
    await company.happen(body, by=oleg)
    assert (await company.now_of(conversation)).holder_id == oleg


@pytest.mark.parametrize(
    ("role", "branch", "is_allowed"),
    [
        (Role.EMPLOYEE, "tbilisi", False),
        (Role.BRANCH_HEAD, "batumi", False),
        (Role.BRANCH_HEAD, "tbilisi", True),
        (Role.DIRECTOR, None, True),
    ],
)
async def test_only_the_holder_or_a_head_of_the_branch_hands_over(company: Company, role, branch, is_allowed):
    nino, oleg = await company.person("Nino"), await company.person("Oleg")
    presser = await company.person("Presser", role, branch)
    conversation = await company.conversation(holder_id=nino)
    await company.steer(conversation, "assign", presser, to_person=oleg)
    assert ((await company.now_of(conversation)).holder_id == oleg) is is_allowed


async def test_the_holder_hands_over_and_a_person_without_a_group_is_named(company: Company):
    nino, oleg = await company.person("Nino"), await company.person("Oleg")
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    async with company.db.transaction() as tx:
        await conversations.show_at(tx, conversation.id, nino)
    outcome = await company.steer(conversation, "assign", nino, to_person=oleg)
    [line] = shown(outcome, SendMessage)
    assert line.chat_id == group
    assert [part.key for part in line.text.parts] == ["talk-has-no-group"]


async def test_nobody_is_given_a_conversation_who_works_here_no_more(company: Company):
    nino, gone = await company.person("Nino"), await company.person("Gone")
    await company.sql("UPDATE people SET is_active = false WHERE id = %s", gone)
    conversation = await company.conversation(holder_id=nino)
    await company.steer(conversation, "assign", nino, to_person=gone)
    assert (await company.now_of(conversation)).holder_id == nino


async def test_a_conversation_is_closed_reopened_and_prolonged(company: Company):
    nino = await company.person("Nino")
    conversation = await company.conversation(holder_id=nino, is_consult=True, session_expires_at=NOW)
    await company.steer(conversation, "close", nino)
    closed = await company.now_of(conversation)
    assert (closed.state, closed.is_consult, closed.session_expires_at) == ("closed", False, None)
    await company.steer(conversation, "reopen", nino)
    assert (await company.now_of(conversation)).session_expires_at == NOW + timedelta(hours=1)
    await company.steer(conversation, "prolong", nino)
    assert (await company.now_of(conversation)).session_expires_at == NOW + timedelta(hours=2)


async def test_consult_mode_begins_and_ends_and_is_said_each_time(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    began = await company.steer(conversation, "consult", nino)
    assert (await company.now_of(conversation)).is_consult
    ended = await company.steer(conversation, "consult_end", nino)
    assert not (await company.now_of(conversation)).is_consult
    assert keys(began) + keys(ended) == [(group, "talk-consult"), (group, "talk-consult-over")]


async def test_a_decision_that_changes_nothing_is_silent_and_gives_the_card_new_buttons(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    conversation = await company.conversation(holder_id=nino)
    await company.steer(conversation, "prolong", nino)
    for act in ("take", "reopen", "consult_end"):
        [body] = [command.body for command in (await company.steer(conversation, act, nino)).commands]
        assert body == ShowConversationCard(chat_id=group, conversation_id=conversation.id)


async def test_the_card_of_the_car_links_to_the_topic_of_its_client_as_soon_as_it_opens_or_closes(company: Company):
    nino = await company.person("Nino")
    await company.group(nino)
    car_id = new_id()
    await company.sql(
        "INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by) VALUES (%s, 61, 'tbilisi', 1, 'fetch')",
        car_id,
    )
    async with company.db.transaction() as tx:
        await chats.bind_forum(tx, -1009, title="Tbilisi", branch="tbilisi", bound_by="test")
    booking_id = new_id()
    await company.sql(
        """INSERT INTO bookings (id, rentprog_id, branch, car_id, state, updated_by)
           VALUES (%s, 9, 'tbilisi', %s, 'active', 'fetch')""",
        booking_id,
        car_id,
    )
    conversation = await company.conversation(holder_id=nino, booking_id=booking_id)
    wrote = ClientWrote(conversation_id=conversation.id, message_id=await company.wrote(conversation))
    opened, told = await company.happen(wrote), await company.happen(wrote)
    closed = await company.steer(conversation, "close", nino)
    card = [ShowCarCard(chat_id=-1009, car_id=car_id)]
    assert [shown(one, ShowCarCard) for one in (opened, told, closed)] == [card, [], card]


async def test_a_client_whom_a_person_named_is_known_the_next_time(company: Company):
    nino = await company.person("Nino")
    client_id = await client(company)
    booking_id = await booking(company, client_id)
    conversation = await company.conversation(holder_id=nino, channel="telegram", login="anna", branch=None)
    await company.steer(conversation, "link_client", nino, client_id=client_id)
    linked = await company.now_of(conversation)
    assert (linked.client_id, linked.is_client_chosen) == (client_id, True)
    assert (linked.booking_id, linked.branch) == (booking_id, "batumi")
    another = await company.conversation(778, channel="telegram", login="anna")
    async with company.db.transaction() as tx:
        assert await conversations.matching_clients(tx, another) == [client_id]


async def test_a_booking_that_changes_refreshes_the_card_of_whoever_writes_about_it(company: Company):
    nino = await company.person("Nino")
    group = await company.group(nino)
    client_id = await client(company)
    conversation = await company.conversation(holder_id=nino, client_id=client_id)
    async with company.db.transaction() as tx:
        await conversations.show_at(tx, conversation.id, nino)
    booking_id = await booking(company, client_id)
    body = BookingUpdated(booking_id=booking_id, car_id=None, found_by="webhook", changed=("state",))
    outcome = await company.happen(body)
    assert [one.chat_id for one in shown(outcome, ShowConversationCard)] == [group]
    assert (await company.now_of(conversation)).booking_id == booking_id
    changed = await company.happen(ClientUpdated(client_id=client_id, changed=("phone",), found_by="webhook"))
    assert [one.chat_id for one in shown(changed, ShowConversationCard)] == [group]


async def test_a_booking_of_somebody_who_does_not_write_orders_nothing(company: Company):
    booking_id = await booking(company, await client(company))
    body = BookingUpdated(booking_id=booking_id, car_id=None, found_by="webhook", changed=("state",))
    assert (await company.happen(body)).commands == ()
