"""What staff say to a client leaves once, whole, to the right lead, or is told not to have left."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.commands import Command, Priority, SendToClient, lead_destination, send_to_client, text_hash
from core.errors import NeedsAttention, Temporary
from core.events import EventBody, LeadBehind, MessageNotSent, MessageSent
from core.ids import new_id
from core.plans import NOBODY
from core.settings import Settings
from db import commands
from db.queries import conversations, messages
from db.queries.messages import Attachment, Message
from db.session import Database
from integrations.http import Patience, RateBudget, open_http
from integrations.umnico import UmnicoApi, UmnicoClient
from orchestrator.deliverer import Deliverer
from orchestrator.progress import Progress
from orchestrator.streams import Bell
from orchestrator.umnico_sending import LONGEST_WAIT, SETTLING, UmnicoPerformer
from sandbox.umnico.account import ACCOUNT_ID, TOKEN
from sandbox.umnico.app import API_BASE
from tests import make
from tests.agents.inbox.at_work import InboxAtWork, inbox_at_work
from tests.wait import wait_until

LAST = 8
LONG = " ".join(["word"] * 900)
"""Three pieces of at most 1800 characters."""


@dataclass
class Desk:
    """A client who wrote, and the performer that answers them. ``lead`` is Umnico's number of the conversation."""

    inbox: InboxAtWork
    lead: int

    def performer(self, settings: Settings | None = None, umnico: UmnicoApi | None = None) -> UmnicoPerformer:
        api = umnico or self.inbox.client
        return UmnicoPerformer(
            self.inbox.db, api, self.inbox.storage, settings or self.inbox.settings, self.inbox.twin.clock
        )

    async def written(self, text: str = "Добрый день", lead: int | None = None, **told: Any) -> Message:
        """A message of staff that is ready to leave."""
        message_id = new_id()
        conversation_id = conversations.id_of(ACCOUNT_ID, lead or self.lead)
        message = Message(
            id=message_id,
            conversation_id=conversation_id,
            account_id=ACCOUNT_ID,
            direction="outgoing",
            author="staff",
            sent_at=self.inbox.twin.clock.now(),
            original=text,
            delivery="pending",
            custom_id=messages.custom_id_of(message_id),
        )
        await self.store(replace(message, **told))
        return replace(message, **told)

    async def store(self, message: Message) -> None:
        async with self.inbox.db.transaction() as tx:
            await messages.store(tx, message)

    async def row(self, message: Message) -> Message:
        async with self.inbox.db.transaction() as tx:
            found = await messages.find(tx, message.id)
        assert found is not None
        return found

    async def perform(
        self, command: Command, performer: UmnicoPerformer | None = None
    ) -> tuple[dict[str, Any], Sequence[EventBody]]:
        """As the deliverer does it: the save in a transaction of its own."""
        delivery = await (performer or self.performer()).perform(command)
        if delivery.save is None:
            return delivery.result, ()
        async with self.inbox.db.transaction() as tx:
            events = await delivery.save(tx)
        return delivery.result, [event.body for event in events]

    def command(self, message: Message, **told: Any) -> Command:
        body = SendToClient(
            conversation_id=message.conversation_id,
            message_id=message.id,
            text_hash=text_hash(message.client_words),
            attempt=told.pop("wanted", 0),
        )
        made = Command(
            id=1,
            body=body,
            destination=lead_destination(ACCOUNT_ID, self.lead),
            effect_key="client:1",
            priority=Priority.CLIENT,
            attempt=1,
            is_repeat=False,
            event_id=None,
            created_at=datetime.now(UTC),
        )
        return replace(made, **told)

    def client_read(self, lead: int | None = None) -> list[str]:
        return [one["text"] for one in self.inbox.twin.saw(lead or self.lead) if one["from"] == "company"]

    def fault(self, operation: str, **told: Any) -> None:
        self.inbox.twin.order("faults", operation=operation, **told)

    async def reread(self) -> list[EventBody]:
        lead = LeadBehind(account_id=ACCOUNT_ID, lead_id=self.lead)
        return await self.inbox.happen(lead, None, f"lead:{ACCOUNT_ID}:{self.lead}")


@pytest.fixture
async def desk(db: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    async with inbox_at_work(db, tmp_path) as inbox:
        inbox.hook()
        lead = inbox.twin.writes("Hello", name="Ada")["lead_id"]
        await inbox.receive()
        yield Desk(inbox, lead)


@asynccontextmanager
async def impatient(desk: Desk) -> AsyncIterator[UmnicoPerformer]:
    """With a client that waits for nothing itself."""
    async with open_http(30) as http:
        client = UmnicoClient(
            TOKEN,
            ACCOUNT_ID,
            base_url=f"{desk.inbox.twin.url}{API_BASE}",
            budget=RateBudget({}),
            http=http,
            clock=desk.inbox.twin.clock,
            patience=Patience(attempt_s=20, total_s=20),
        )
        yield desk.performer(umnico=client)


@pytest.fixture
async def bell(redis_url: str) -> AsyncIterator[Bell]:
    bell = Bell(redis_url)
    yield bell
    await bell.close()


def sent(message: Message) -> MessageSent:
    return MessageSent(conversation_id=message.conversation_id, message_id=message.id)


def not_sent(message: Message, why: str, *, is_unknown: bool = False) -> MessageNotSent:
    return MessageNotSent(
        conversation_id=message.conversation_id, message_id=message.id, why=why, is_unknown=is_unknown
    )


async def test_the_translation_reaches_the_client_once_and_is_told_as_sent(desk: Desk):
    message = await desk.written("Добрый день", translation="Good day", translation_state="done")
    result, events = await desk.perform(desk.command(message))
    assert list(events) == [sent(message)]
    assert (desk.client_read(), result["pieces"]) == (["Good day"], 1)
    row = await desk.row(message)
    assert (row.delivery, row.pieces_sent, row.delivery_note) == ("sent", 1, None)
    assert (await desk.inbox.conversation(desk.lead)).last_outgoing_at is not None


async def test_its_echo_is_not_shown_and_tells_nothing_again(desk: Desk):
    message = await desk.written()
    await desk.perform(desk.command(message))
    assert await desk.inbox.receive() == []
    assert await desk.inbox.look() == []
    assert [one.id for one in await desk.inbox.messages(desk.lead)][1:] == [message.id]


async def test_an_echo_that_comes_before_the_save_tells_it_and_the_save_does_not_again(desk: Desk):
    message = await desk.written()
    delivery = await desk.performer().perform(desk.command(message))
    assert await desk.inbox.receive() == [sent(message)]
    assert delivery.save is not None
    async with desk.inbox.db.transaction() as tx:
        assert list(await delivery.save(tx)) == []
    assert (await desk.row(message)).delivery == "sent"


async def test_a_long_text_leaves_in_pieces_in_their_order(desk: Desk):
    message = await desk.written(LONG)
    result, events = await desk.perform(desk.command(message))
    assert (result["pieces"], list(events)) == (3, [sent(message)])
    assert " ".join(desk.client_read()) == LONG
    assert await desk.inbox.receive() == []


async def test_files_leave_with_their_words_and_the_voice_of_staff_does_not(desk: Desk):
    stored = await desk.inbox.storage.put(b"jpeg", content_type="image/jpeg", filename="car.jpg")
    photo = Attachment(kind="photo", name="car.jpg", mime="image/jpeg", storage_key=stored.key)
    voice = Attachment(kind="voice", mime="audio/ogg", storage_key=stored.key)
    message = await desk.written("Your car", attachments=(voice, photo, photo))
    await desk.perform(desk.command(message))
    seen = [one for one in desk.inbox.twin.saw(desk.lead) if one["from"] == "company"]
    assert [(one["text"], [file["name"] for file in one["attachments"]]) for one in seen] == [
        ("Your car", ["car.jpg"]),
        ("", ["car.jpg"]),
    ]


async def test_a_crash_between_two_pieces_sends_the_rest_and_nothing_twice(desk: Desk):
    """The second piece reached Umnico and its answer never came back: what died knew nothing of it."""
    message = await desk.written(LONG)
    desk.fault("send", lead=desk.lead, latency_s=0)
    desk.fault("send", lead=desk.lead, drop=True, effect=True)
    with pytest.raises(Temporary):
        await desk.perform(desk.command(message))
    row = await desk.row(message)
    assert row.sending is not None
    assert (row.pieces_sent, row.sending.begun) == (1, 2)
    _, events = await desk.perform(desk.command(message, attempt=2, is_repeat=True))
    assert list(events) == [sent(message)]
    assert " ".join(desk.client_read()) == LONG


async def test_a_crash_before_a_piece_left_is_found_out_and_not_repeated_by_itself(desk: Desk):
    message = await desk.written()
    desk.fault("send", drop=True)
    with pytest.raises(Temporary):
        await desk.perform(desk.command(message))
    with pytest.raises(Temporary):
        await desk.perform(desk.command(message, attempt=2, is_repeat=True))
    desk.inbox.twin.clock.advance(SETTLING.total_seconds())
    _, events = await desk.perform(desk.command(message, attempt=3, is_repeat=True))
    assert list(events) == [not_sent(message, "lost", is_unknown=True)]
    assert ((await desk.row(message)).delivery, desk.client_read()) == ("unknown", [])
    assert await desk.perform(desk.command(message, attempt=4, is_repeat=True)) == ({"skipped": "unknown"}, ())


async def test_a_lost_answer_that_the_history_knows_is_sent(desk: Desk):
    message = await desk.written()
    desk.inbox.twin.order("behaviour", echoes=False)
    desk.fault("send", drop=True, effect=True)
    with pytest.raises(Temporary):
        await desk.perform(desk.command(message))
    _, events = await desk.perform(desk.command(message, attempt=2, is_repeat=True))
    assert list(events) == [sent(message)]
    assert desk.client_read() == ["Добрый день"]


async def test_an_echo_ends_the_doubt_about_a_message_that_nobody_knew_of(desk: Desk):
    message = await desk.written()
    desk.inbox.twin.order("behaviour", echoes=False)
    desk.fault("send", drop=True, effect=True)
    with pytest.raises(Temporary):
        await desk.perform(desk.command(message))
    desk.fault("history", status=503, times=3)
    _, events = await desk.perform(desk.command(message, attempt=LAST, is_repeat=True))
    assert list(events) == [not_sent(message, "lost", is_unknown=True)]
    assert await desk.reread() == [sent(message)]
    assert (await desk.row(message)).delivery == "sent"
    assert await desk.reread() == []


async def test_who_wants_an_unknown_message_again_gets_it_sent_once_more(desk: Desk):
    message = await desk.written(LONG)
    desk.fault("send", latency_s=0)
    desk.fault("send", drop=True)
    with pytest.raises(Temporary):
        await desk.perform(desk.command(message))
    await desk.perform(desk.command(message, attempt=LAST, is_repeat=True))
    await desk.store(replace(await desk.row(message), delivery="pending"))
    _, events = await desk.perform(desk.command(message, wanted=1))
    assert list(events) == [sent(message)]
    assert " ".join(desk.client_read()) == LONG


async def test_a_refusal_is_told_with_the_words_of_umnico(desk: Desk):
    desk.inbox.twin.order("behaviour", unreachable=["10000000007"])
    message = await desk.written()
    result, events = await desk.perform(desk.command(message))
    why = "refused: The number is not registered in this channel"
    assert (result, list(events)) == ({"not_sent": why}, [not_sent(message, why)])
    row = await desk.row(message)
    assert (row.delivery, row.delivery_note, desk.client_read()) == ("failed", why, [])


async def test_other_words_than_those_that_were_ordered_do_not_leave(desk: Desk):
    message = await desk.written("50 USD")
    command = desk.command(message)
    await desk.store(replace(message, original="40 USD"))
    _, events = await desk.perform(command)
    assert list(events) == [not_sent(message, "changed")]
    assert desk.client_read() == []


async def test_a_message_never_leaves_to_another_lead(desk: Desk):
    other = desk.inbox.twin.writes("Hi", login="10000000008")["lead_id"]
    await desk.inbox.receive()
    of_other = await desk.written("secret", lead=other)
    ours = await desk.written("ours")
    of_other_as_ours = SendToClient(
        conversation_id=ours.conversation_id, message_id=of_other.id, text_hash=text_hash("secret")
    )
    for wrong in (
        desk.command(of_other),
        replace(desk.command(ours), body=of_other_as_ours),
        desk.command(ours, destination=lead_destination(ACCOUNT_ID, other)),
    ):
        _, events = await desk.perform(wrong)
        assert [event.kind for event in events if event.kind != "umnico.message.not_sent"] in ([], ["alarm.raised"])
    assert (desk.client_read(), desk.client_read(other)) == ([], [])
    assert {(await desk.row(one)).delivery for one in (ours, of_other)} == {"failed"}


@pytest.mark.parametrize("changed", [{"send_enabled": False}, {"manager_id": None}, {"token": None}])
async def test_where_sending_is_off_staff_are_told_that_it_did_not_leave(desk: Desk, changed: dict[str, Any]):
    settings = desk.inbox.settings
    off = settings.model_copy(update={"umnico": settings.umnico.model_copy(update=changed)})
    message = await desk.written()
    _, events = await desk.perform(desk.command(message), desk.performer(off))
    assert list(events) == [not_sent(message, "off")]
    assert desk.client_read() == []


async def test_while_umnico_is_down_it_is_tried_again_and_after_the_last_time_told(desk: Desk):
    message = await desk.written()
    desk.fault("send", status=429, retry_after=0, times=20)
    with pytest.raises(Temporary):
        await desk.perform(desk.command(message))
    assert (await desk.row(message)).delivery == "pending"
    _, events = await desk.perform(desk.command(message, attempt=LAST))
    assert list(events) == [not_sent(message, "away")]
    assert desk.client_read() == []


async def test_a_wait_that_umnico_asks_for_again_and_again_is_told_in_the_end(desk: Desk):
    message = await desk.written()
    desk.fault("send", status=429, retry_after=60, times=2)
    async with impatient(desk) as performer:
        with pytest.raises(Temporary) as asked:
            await desk.perform(desk.command(message), performer)
    assert asked.value.retry_after == 60
    desk.inbox.twin.clock.advance(LONGEST_WAIT.total_seconds() + 60)
    async with impatient(desk) as performer:
        _, events = await desk.perform(desk.command(message, attempt=2), performer)
    assert list(events) == [not_sent(message, "away")]


async def test_a_token_that_is_refused_stops_the_queue_and_leaves_nothing_in_doubt(desk: Desk):
    message = await desk.written()
    desk.fault("send", status=401)
    with pytest.raises(NeedsAttention):
        await desk.perform(desk.command(message))
    _, events = await desk.perform(desk.command(message, is_repeat=True))
    assert list(events) == [sent(message)]


@pytest.mark.parametrize("delivery", ["held", "failed", "sent"])
async def test_what_a_person_holds_or_took_back_does_not_leave(desk: Desk, delivery: str):
    message = await desk.written(delivery=delivery)
    assert await desk.perform(desk.command(message)) == ({"skipped": delivery}, ())
    assert desk.client_read() == []


async def test_a_message_without_words_and_one_with_a_lost_file_are_told(desk: Desk):
    empty = await desk.written("  ")
    lost = await desk.written("Look", attachments=(Attachment(kind="photo", state="lost"),))
    assert list((await desk.perform(desk.command(empty)))[1]) == [not_sent(empty, "nothing")]
    assert list((await desk.perform(desk.command(lost)))[1]) == [not_sent(lost, "file")]
    assert desk.client_read() == []


async def test_the_answer_takes_the_channel_of_the_clients_last_message(desk: Desk):
    desk.inbox.twin.order("write", lead_id=desk.lead, channel="telegram", login="ada", text="And here")
    await desk.inbox.receive()
    message = await desk.written()
    await desk.perform(desk.command(message))
    assert desk.inbox.twin.saw(desk.lead)[-1]["channel"] == "telegram"


async def test_an_unknown_source_is_asked_for_and_several_are_left_to_a_person(desk: Desk):
    await desk.inbox.run("UPDATE conversations SET source_real_id = NULL, sa_id = NULL")
    first = await desk.written()
    assert list((await desk.perform(desk.command(first)))[1]) == [sent(first)]
    desk.inbox.twin.order("write", lead_id=desk.lead, channel="telegram", login="ada", text="And", webhook=False)
    second = await desk.written()
    assert list((await desk.perform(desk.command(second)))[1]) == [not_sent(second, "no-way")]


async def test_through_the_deliverer_a_lost_answer_delays_a_message_and_changes_no_order(
    desk: Desk, bell: Bell, db: Database
):
    first, second = await desk.written("one"), await desk.written("two")
    desk.fault("send", drop=True, effect=True)
    desk.fault("history", status=500, times=3)
    async with db.transaction() as tx:
        orders = [
            send_to_client(ACCOUNT_ID, desk.lead, one.conversation_id, one.id, one.client_words)
            for one in (first, second)
        ]
        await commands.order(tx, orders)
    deliverer = Deliverer(
        {"umnico": desk.performer()},
        make.deps(db),
        route=lambda _: NOBODY,
        bell=bell,
        progress=Progress(),
    )
    stop = asyncio.Event()

    async def both_sent() -> bool:
        return [(await desk.row(one)).delivery for one in (first, second)] == ["sent", "sent"]

    async with asyncio.TaskGroup() as group:
        group.create_task(deliverer.run(stop))
        await wait_until(both_sent)
        stop.set()
    assert desk.client_read() == ["one", "two"]
    async with db.transaction() as tx:
        told = await tx.rows("SELECT payload FROM events WHERE kind = 'umnico.message.sent' ORDER BY id")
    assert [row["payload"]["message_id"] for row in told] == [str(first.id), str(second.id)]
