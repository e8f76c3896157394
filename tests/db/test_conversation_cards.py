"""What a conversation's topic shows, read in one go; and buttons that come back fresh after a press."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from core.commands import Button, Text, consent_to_offer, send_to_client
from core.ids import rentprog_id
from db import commands
from db.queries import buttons, conversation_cards, conversations
from db.queries.buttons import StoredButton
from db.queries.conversations import Conversation
from db.session import Database, Tx

NOW = datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
BOOKING = rentprog_id("booking", 5)


async def booked(tx: Tx, *, holder_id: UUID | None = None, state: str = "open") -> Conversation:
    """A conversation about a booking of a car, with a branch of its own."""
    await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('tbilisi', 'Tbilisi', 1)")
    await tx.run(
        """INSERT INTO cars (id, rentprog_id, branch, company_id, updated_by, plate)
           VALUES (%s, 9, 'tbilisi', 1, 'fetch', 'A1')""",
        (rentprog_id("car", 9),),
    )
    await tx.run(
        """INSERT INTO bookings (id, rentprog_id, number, branch, updated_by, car_id)
           VALUES (%s, 5, 5, 'tbilisi', 'fetch', %s)""",
        (BOOKING, rentprog_id("car", 9)),
    )
    return await conversations.store(
        tx,
        Conversation(
            id=conversations.id_of(7, 1),
            account_id=7,
            lead_id=1,
            channel="telegram",
            booking_id=BOOKING,
            branch="tbilisi",
            holder_id=holder_id,
            state=state,
        ),
    )


async def person_with_topic(tx: Tx, conversation_id: UUID, chat_id: int, *, state: str = "live") -> UUID:
    """Somebody in whose group the conversation has a topic with the number of the chat."""
    person_id = uuid4()
    await tx.run(
        """INSERT INTO people (id, name, role, tg_user_id, approved_at) VALUES (%s, 'Nino', 'employee', %s, now())""",
        (person_id, -chat_id),
    )
    await tx.run(
        """INSERT INTO chats (chat_id, purpose, title, person_id) VALUES (%s, 'personal_group', 'Clients', %s)""",
        (chat_id, person_id),
    )
    await conversations.show_at(tx, conversation_id, person_id)
    await tx.run(
        """INSERT INTO topics (id, chat_id, entity, version, state, thread_id, name)
           VALUES (%s, %s, %s, 1, %s, %s, 'Dana')""",
        (uuid4(), chat_id, conversations.subject_of(conversation_id), state, -chat_id),
    )
    return person_id


async def test_nothing_is_known_of_a_conversation_that_does_not_exist(db: Database):
    async with db.transaction() as tx:
        assert await conversation_cards.conversation_facts(tx, uuid4()) is None


async def test_a_booking_that_was_deleted_takes_its_car_with_it(db: Database):
    async with db.transaction() as tx:
        talk = await booked(tx)
        before = await conversation_cards.conversation_facts(tx, talk.id)
        await tx.run("UPDATE bookings SET deleted_at = now()")
        after = await conversation_cards.conversation_facts(tx, talk.id)
    assert before is not None
    assert after is not None
    assert (before.booking_number, before.plate) == (5, "A1")
    assert (after.booking_number, after.plate) == (None, None)


async def test_the_holders_topic_is_the_way_from_the_car(db: Database):
    async with db.transaction() as tx:
        talk = await booked(tx)
        await person_with_topic(tx, talk.id, -101)
        holder_id = await person_with_topic(tx, talk.id, -102)
        await tx.run("UPDATE conversations SET holder_id = %s", (holder_id,))
        found = await conversation_cards.topic_of_client(tx, [BOOKING])
    assert found == conversation_cards.TopicOfClient(-102, 102)


@pytest.mark.parametrize(("state", "topic_state"), [("closed", "live"), ("open", "dead")])
async def test_what_is_closed_or_dead_is_no_way(db: Database, state: str, topic_state: str):
    async with db.transaction() as tx:
        talk = await booked(tx, state=state)
        await person_with_topic(tx, talk.id, -101, state=topic_state)
        assert await conversation_cards.topic_of_client(tx, [BOOKING]) is None


async def test_without_bookings_there_is_no_client(db: Database):
    async with db.transaction() as tx:
        assert await conversation_cards.topic_of_client(tx, []) is None


async def test_only_the_message_that_waits_for_consent_waits(db: Database):
    asked, free = uuid4(), uuid4()
    consent = consent_to_offer(uuid4(), "10% off", staff_text="-10%", person_id=None, expires_at=NOW)
    async with db.transaction() as tx:
        await commands.order(
            tx,
            [
                send_to_client(7, 1, uuid4(), asked, "10% off", approval=consent),
                send_to_client(7, 1, uuid4(), free, "hello"),
            ],
        )
        assert await conversation_cards.awaits_approval(tx, asked)
        assert not await conversation_cards.awaits_approval(tx, free)


async def drawn(tx: Tx, group_key: str) -> StoredButton:
    wish = Button(label=Text(key="button-more"), event_kind="x", event={}, subject="x")
    [[token]] = await buttons.create_buttons(tx, 1, [[wish]], group_key=group_key)
    found = await buttons.find(tx, token, chat_id=1)
    assert found is not None
    return found


async def test_each_press_on_a_look_is_counted(db: Database):
    async with db.transaction() as tx:
        counts = [await buttons.times_used(tx, "look")]
        for drawing in range(2):
            button = await drawn(tx, f"look:{drawing}")
            counts.append(await buttons.times_used(tx, "look"))
            await buttons.take(tx, button, user_id=1)
            counts.append(await buttons.times_used(tx, "look"))
    assert counts == [0, 0, 1, 1, 2]
