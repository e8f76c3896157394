"""One contract over real HTTP: the client of ours and the twin mean the same."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import AnswerLost, NeedsAttention, Rejected, Temporary
from integrations.umnico import (
    AttachmentKind,
    Channel,
    Delivery,
    File,
    FirstMessage,
    Found,
    Outgoing,
    Refused,
    UmnicoMessage,
    ensure_webhook,
    parse,
    walk,
)
from tests.sandbox.twin_at_work import Mailbox, at_port
from tests.sandbox.umnico_at_work import UmnicoAtWork, calling, umnico_at_work

JARVIS, CUSTOM_ID = 16, "jarvis:outbox:1"
PHOTO = {"name": "car.jpg", "mime": "image/jpeg", "content_base64": b64encode(b"jpeg").decode()}
VOICE = {"type": "audio", "name": "v.ogg", "mime": "audio/ogg", "content_base64": b64encode(b"ogg").decode()}


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def twin() -> Iterator[UmnicoAtWork]:
    with umnico_at_work() as at_work:
        yield at_work


@pytest.fixture
def jarvis(mailbox: Mailbox) -> Iterator[str]:
    with at_port(mailbox.app()) as url:
        yield f"{url}/hooks/umnico/secret"


def deliveries(mailbox: Mailbox) -> list[Delivery]:
    read = [parse(letter, received_at=datetime.now(UTC)) for _, letter in mailbox.letters]
    assert all(isinstance(one, Delivery) for one in read)
    return [one for one in read if isinstance(one, Delivery)]


def messages(mailbox: Mailbox) -> list[UmnicoMessage]:
    return [one.message for one in deliveries(mailbox) if one.message is not None]


def outgoing(written: dict, text: str = "Good day", **changed) -> Outgoing:
    told = {"source_real_id": written["source_real_id"], "operator_id": JARVIS, "custom_id": CUSTOM_ID, "text": text}
    return Outgoing(**(told | changed))


async def history(client, written: dict) -> list[UmnicoMessage]:
    return [one async for one in walk(client, written["lead_id"], written["source_real_id"])]


async def test_the_account_its_operators_and_its_channels_are_read(twin: UmnicoAtWork):
    known = twin.read("credentials")
    async with calling(twin) as client:
        assert (await client.account()).account_id == known["account_id"]
        assert known["operator_id"] in {one.operator_id for one in await client.operators()}
        channels = await client.channel_accounts()
    assert [one.channel for one in channels] == [Channel.WHATSAPP, Channel.TELEGRAM, Channel.INSTAGRAM]
    assert all(one.is_active for one in channels)


async def test_a_wrong_token_needs_attention(twin: UmnicoAtWork):
    async with calling(twin, "wrong") as client:
        with pytest.raises(NeedsAttention):
            await client.account()


@pytest.mark.parametrize("form", [{}, {"iso": True}, {"flat": True}, {"sa_in_source": True, "iso": True}])
async def test_webhook_and_history_tell_the_same_message_in_every_form(
    twin: UmnicoAtWork, mailbox: Mailbox, jarvis: str, form: dict
):
    async with calling(twin) as client:
        await ensure_webhook(client, jarvis, "jarvis")
        written = twin.writes("Привет 👋", name="Ада", attachments=[PHOTO, VOICE], **form)
        twin.settle()
        (told,) = messages(mailbox)
        (kept,) = await history(client, written)
        files = [await client.download(sent.src) for sent in told.attachments]

    assert (told.account_id, told.lead_id, told.message_id) == (kept.account_id, kept.lead_id, kept.message_id)
    assert (told.text, told.direction, told.channel, told.sa_id) == ("Привет 👋", "incoming", Channel.WHATSAPP, 88)
    assert (told.sender_login, told.sender_name, told.customer_id) == ("10000000007", "Ада", kept.customer_id)
    assert told.source_real_id == kept.source_real_id == written["source_real_id"]
    assert abs(told.sent_at - kept.sent_at) < timedelta(milliseconds=2)
    assert [(sent.kind, sent.filename) for sent in told.attachments] == [
        (AttachmentKind.PHOTO, "car.jpg"),
        (AttachmentKind.AUDIO, "v.ogg"),
    ]
    assert [file.content for file in files] == [b"jpeg", b"ogg"]


async def test_all_that_the_twin_posts_is_of_a_known_type_and_repeats_have_one_key(
    twin: UmnicoAtWork, mailbox: Mailbox, jarvis: str
):
    async with calling(twin) as client:
        await ensure_webhook(client, jarvis, "jarvis")
    written = twin.writes("From Friday", twice=True)
    twin.order("edit", message_id=written["message_id"], text="From Saturday")
    twin.writes("", bare=True)
    twin.settle()

    told = deliveries(mailbox)
    assert all(one.is_known_type for one in told)
    first, second, edited, bare = (one for one in told if one.type == "message.incoming")
    assert first.key == second.key != edited.key
    assert (bare.needs_history, bare.lead_id) == (True, written["lead_id"])


async def test_a_text_reaches_the_client_and_comes_back_with_our_id(twin: UmnicoAtWork, mailbox: Mailbox, jarvis: str):
    written = twin.writes()
    async with calling(twin) as client:
        await ensure_webhook(client, jarvis, "jarvis")
        message_id = await client.send(written["lead_id"], outgoing(written, sa_id=88))
        twin.settle()
        newest = (await history(client, written))[0]

    (echo,) = messages(mailbox)
    for told in (echo, newest):
        assert (told.message_id, told.custom_id, told.operator_id) == (message_id, CUSTOM_ID, JARVIS)
        assert told.direction == "outgoing"
    assert twin.saw(written["lead_id"])[-1]["text"] == "Good day"


async def test_an_answer_of_an_operator_in_umnico_is_told_apart_from_ours(
    twin: UmnicoAtWork, mailbox: Mailbox, jarvis: str
):
    written = twin.writes()
    async with calling(twin) as client:
        await ensure_webhook(client, jarvis, "jarvis")
    twin.order("operator", lead_id=written["lead_id"], text="I am here")
    twin.settle()
    (told,) = messages(mailbox)
    assert (told.direction, told.custom_id, told.operator_id) == ("outgoing", None, 15)


async def test_a_file_is_uploaded_once_and_sent_with_an_empty_text(twin: UmnicoAtWork):
    written = twin.writes()
    async with calling(twin) as client:
        media = await client.upload(File(b"%PDF", "договор.pdf", "application/pdf"), sa_id=88)
        await client.send(written["lead_id"], outgoing(written, text="", attachment=media))
        assert (await client.download(media.src)).content == b"%PDF"
    (sent,) = twin.saw(written["lead_id"])[-1]["attachments"]
    assert (sent["type"], sent["name"], sent["mime"]) == ("doc", "договор.pdf", "application/pdf")


async def test_a_lost_answer_is_settled_by_the_history(twin: UmnicoAtWork):
    written = twin.writes()
    async with calling(twin) as client:
        twin.order("faults", operation="send", drop=True, effect=True)
        with pytest.raises(AnswerLost):
            await client.send(written["lead_id"], outgoing(written))
        assert [one.custom_id for one in await history(client, written)] == [CUSTOM_ID, None]

        twin.order("faults", operation="send", status=500)
        with pytest.raises(AnswerLost):
            await client.send(written["lead_id"], outgoing(written, custom_id="jarvis:outbox:2"))
        assert "jarvis:outbox:2" not in {one.custom_id for one in await history(client, written)}


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}, {"status": 429, "retry_after": 0}])
async def test_a_read_outlives_a_bad_moment(twin: UmnicoAtWork, fault: dict):
    written = twin.writes()
    async with calling(twin) as client:
        twin.order("faults", operation="history", times=2, **fault)
        assert len(await history(client, written)) == 1


async def test_a_page_for_people_ends_no_history_in_silence(twin: UmnicoAtWork):
    written = twin.writes()
    async with calling(twin) as client:
        for body in ("<html>busy</html>", " "):
            twin.order("faults", operation="history", status=200, body=body)
            with pytest.raises(Temporary):
                await history(client, written)
        assert len(await history(client, written)) == 1


async def test_a_history_of_many_pages_is_whole_and_newest_first(twin: UmnicoAtWork):
    twin.order("behaviour", history_page=3)
    every = [twin.writes(f"message {n}") for n in range(8)]
    async with calling(twin) as client:
        found = await history(client, every[0])
    assert [one.message_id for one in found] == [written["message_id"] for written in reversed(every)]


async def test_what_comes_while_a_history_is_read_neither_repeats_nor_hides_anything(twin: UmnicoAtWork):
    twin.order("behaviour", history_page=2)
    every = [twin.writes(f"message {n}") for n in range(5)]
    found = []
    async with calling(twin) as client:
        async for one in walk(client, every[0]["lead_id"], every[0]["source_real_id"]):
            found.append(one.message_id)
            twin.writes("meanwhile")
    assert found == [written["message_id"] for written in reversed(every)]


async def test_each_source_has_its_own_history_and_another_source_of_a_lead_is_none(twin: UmnicoAtWork):
    phone = twin.writes("by phone")
    telegram = twin.writes("by telegram", channel="telegram", login="ada_l", lead_id=phone["lead_id"])
    async with calling(twin) as client:
        assert [one.text for one in await history(client, phone)] == ["by phone"]
        assert [one.text for one in await history(client, telegram)] == ["by telegram"]
        with pytest.raises(Refused):
            await client.history_page(phone["lead_id"], "9999")


async def test_the_gap_of_a_switched_off_webhook_is_filled_from_inbox_and_history(
    twin: UmnicoAtWork, mailbox: Mailbox, jarvis: str
):
    async with calling(twin) as client:
        assert (await ensure_webhook(client, jarvis, "jarvis")).found is Found.ABSENT
        mailbox.status = 500
        twin.order("behaviour", hook_off_after=3)
        twin.writes("one")
        twin.writes("two", login="10000000008")
        twin.settle()
        mailbox.status = 200
        registration = await ensure_webhook(client, jarvis, "jarvis")
        assert (registration.found, registration.has_gap) == (Found.OFF, True)
        assert (await ensure_webhook(client, jarvis, "jarvis")).found is Found.ON

        page = await client.inbox_page()
        texts = set()
        for lead in page.leads:
            for source in await client.sources(lead.lead_id):
                texts |= {one.text async for one in walk(client, lead.lead_id, source.real_id)}
        assert texts == {"one", "two"}
        assert [lead.last_message.text for lead in page.leads] == ["two", "one"]
        assert page.next_offset is not None
        assert (await client.inbox_page(offset=page.next_offset)).next_offset is None

        mailbox.letters.clear()
        twin.writes("three")
        twin.settle()
    assert [one.text for one in messages(mailbox)] == ["three"]


async def test_a_first_message_begins_a_lead_that_the_client_answers(twin: UmnicoAtWork):
    twin.order("behaviour", unreachable=["10000000666"])
    async with calling(twin) as client:
        lead_id = await client.write_first(FirstMessage("+1 000 000-00-09", 88, CUSTOM_ID, "Good day"))
        with pytest.raises(Refused) as refused:
            await client.write_first(FirstMessage("10000000666", 88, CUSTOM_ID, "Good day"))
        assert await client.is_reachable(88, "10000000009")
        assert not await client.is_reachable(88, "10000000666")
    assert "not registered" in refused.value.said
    assert twin.writes("Who is this?", login="10000000009")["lead_id"] == lead_id


async def test_a_client_sent_as_operator_is_for_an_engineer(twin: UmnicoAtWork):
    written = twin.writes()
    async with calling(twin) as client:
        with pytest.raises(NeedsAttention):
            await client.send(written["lead_id"], outgoing(written, operator_id=4001))


async def test_a_tag_is_put_on_the_lead(twin: UmnicoAtWork):
    lead = twin.writes()["lead_id"]
    async with calling(twin) as client:
        await client.add_tag(lead, "ждёт ответа")
    assert twin.read("state")["leads"][0]["tags"] == ["ждёт ответа"]


async def test_a_dead_link_is_rejected_and_a_busy_file_server_is_temporary(twin: UmnicoAtWork):
    written = twin.writes("", attachments=[PHOTO | {"dead": True}, PHOTO])
    async with calling(twin) as client:
        (message,) = await history(client, written)
        dead, alive = (sent.src for sent in message.attachments)
        with pytest.raises(Rejected):
            await client.download(dead)
        twin.order("faults", operation="file", status=503, times=3)
        with pytest.raises(Temporary):
            await client.download(alive)
        assert (await client.download(alive)).content == b"jpeg"
