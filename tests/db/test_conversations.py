"""Conversations and messages as rows: one of each, whoever told of it first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.ids import new_id
from db.queries import conversations, messages
from db.queries.conversations import Conversation
from db.queries.messages import Attachment, Message
from db.session import Database, Tx

NOW = datetime(2026, 3, 2, 8, 50, tzinfo=UTC)


def conversation(lead: int = 777, **told: object) -> Conversation:
    made = Conversation(id=conversations.id_of(100500, lead), account_id=100500, lead_id=lead, channel="whatsapp")
    return replace(made, **told)  # pyright: ignore[reportArgumentType] - names of columns


def message(umnico_id: str = "AB12", **told: object) -> Message:
    made = Message(
        id=messages.id_of_incoming(100500, umnico_id),
        conversation_id=conversations.id_of(100500, 777),
        account_id=100500,
        umnico_id=umnico_id,
        direction="incoming",
        author="client",
        sent_at=NOW,
        original="Hello",
        delivery="received",
    )
    return replace(made, **told)  # pyright: ignore[reportArgumentType] - names of columns


async def client(tx: Tx, number: int, phone: str | None) -> None:
    await tx.run(
        """INSERT INTO clients (id, rentprog_id, raw, updated_by, phone, phone_normalised)
           VALUES (%s, %s, '{}', 'fetch', %s, %s)""",
        (new_id(), number, phone, phone),
    )


async def test_a_conversation_comes_back_as_it_was_stored(db: Database):
    stored = conversation(phone="995555000111", contact_name="Nino\0 \ud800", session_expires_at=NOW)
    async with db.transaction() as tx:
        await conversations.store(tx, stored)
    async with db.transaction() as tx:
        found = await conversations.lock(tx, stored.id)
    assert found == replace(stored, contact_name="Nino\N{REPLACEMENT CHARACTER} ?")


async def test_a_message_told_twice_is_one_row_with_the_newest_state(db: Database):
    photo = Attachment(kind="photo", name="hood.jpg", storage_key="sha256/aa")
    async with db.transaction() as tx:
        await conversations.store(tx, conversation())
        await messages.store(tx, message())
        await messages.store(tx, message(original="Hello!", attachments=(photo,), edited_at=NOW))
        assert await messages.last_of(tx, conversation().id, limit=9) == [
            message(original="Hello!", attachments=(photo,), edited_at=NOW)
        ]
        assert await messages.known_of(tx, 100500, ["AB12", "EF34"]) == {"AB12"}


async def test_a_client_is_matched_by_phone_and_never_by_name(db: Database):
    async with db.transaction() as tx:
        await client(tx, 1, "995555000111")
        await client(tx, 2, "995555000222")
        [found] = await conversations.matching_clients(tx, conversation(phone="995555000111", contact_name="Two"))
        assert await conversations.matching_clients(tx, conversation(login="two", contact_name="Two")) == []
        row = await tx.row("SELECT rentprog_id FROM clients WHERE id = %s", (found,))
    assert row == {"rentprog_id": 1}


async def test_two_clients_with_one_phone_are_both_told_so_that_a_person_chooses(db: Database):
    async with db.transaction() as tx:
        await client(tx, 1, "995555000111")
        await client(tx, 2, "995555000111")
        assert len(await conversations.matching_clients(tx, conversation(phone="995555000111"))) == 2


async def test_whom_a_person_named_once_is_known_in_the_next_conversation(db: Database):
    async with db.transaction() as tx:
        await client(tx, 1, None)
        row = await tx.row("SELECT id FROM clients")
        assert row is not None
        first = conversation(channel="instagram", social_id="user_1")
        await conversations.remember_client(tx, first, row["id"])
        again = conversation(lead=778, channel="instagram", social_id="user_1")
        assert await conversations.matching_clients(tx, again) == [row["id"]]
        assert await conversations.matching_clients(tx, replace(again, channel="telegram")) == []


async def test_a_session_ends_an_hour_after_the_last_word(db: Database):
    async with db.transaction() as tx:
        await conversations.store(tx, conversations.prolonged(conversation(), now=NOW))
        assert await conversations.expired(tx, now=NOW + timedelta(minutes=60)) == []
        assert await conversations.expired(tx, now=NOW + timedelta(minutes=61)) == [conversation().id]


async def test_waiting_translations_come_the_oldest_first(db: Database):
    async with db.transaction() as tx:
        await conversations.store(tx, conversation())
        for umnico_id, minutes in (("late", 5), ("early", 1)):
            sent_at = NOW + timedelta(minutes=minutes)
            await messages.store(tx, message(umnico_id, sent_at=sent_at, translation_state="waiting"))
        waiting = await messages.waiting_for_translation(tx, limit=9, has_words=True)
        assert await messages.waiting_for_translation(tx, limit=9, has_words=False) == []
    assert [one.id for one in waiting] == [
        messages.id_of_incoming(100500, "early"),
        messages.id_of_incoming(100500, "late"),
    ]
