import logging

import pytest

from core.errors import AnswerLost, Broken, NeedsAttention, Rejected, Temporary
from integrations.umnico import (
    AttachmentKind,
    Channel,
    File,
    FirstMessage,
    Found,
    Missing,
    Outgoing,
    Refused,
    UmnicoApi,
    UploadedMedia,
    ensure_webhook,
    walk,
)
from tests.integrations.conftest import Reply
from tests.integrations.umnico.conftest import ACCOUNT, message

HTML = Reply(body=b"<html>sign in</html>", headers={"content-type": "text/html"})
HELLO = Outgoing("31", 15, "jarvis:1", sa_id=8, text="Hello")
OURS = "https://jarvis.test/hooks/umnico/secret-path"


def test_the_client_is_what_the_protocol_promises(client):
    promised: UmnicoApi = client
    methods = {name for name in vars(UmnicoApi) if not name.startswith("_")}
    assert {name for name in methods if callable(getattr(promised, name, None))} == methods


async def test_the_account_is_asked_for_with_the_token(server, client):
    server.on("/v1.3/account/me", Reply(json={"id": ACCOUNT, "name": "Cars"}))

    account = await client.account()

    assert (account.account_id, account.name) == (ACCOUNT, "Cars")
    assert server.calls[0].headers["authorization"] == "Bearer umnico-secret"


async def test_operators_and_channel_accounts_are_read(server, client):
    server.on("/v1.3/managers", Reply(json=[{"id": 15, "role": "owner"}, {"id": "16", "confirmed": False}]))
    server.on(
        "/v1.3/integrations",
        Reply(json=[{"id": 8, "type": "whatsapp2", "login": "100", "status": "active"}, {"id": 9, "type": "ok"}]),
    )

    assert [(one.operator_id, one.role, one.is_confirmed) for one in await client.operators()] == [
        (15, "owner", True),
        (16, None, False),
    ]
    first, second = await client.channel_accounts()
    assert (first.sa_id, first.channel, first.login, first.is_active) == (8, Channel.WHATSAPP, "100", True)
    assert (second.channel, second.is_active) == (Channel.OTHER, False)


async def test_only_some_sources_take_an_answer(server, client):
    server.on(
        "/v1.3/messaging/7001/sources",
        Reply(
            json=[{"id": "a", "realId": 31, "saId": 8, "type": "message"}, {"realId": 33, "type": "call"}, {"id": 1}]
        ),
    )
    sources = await client.sources(7001)
    assert [(one.real_id, one.sa_id, one.takes_messages) for one in sources] == [("31", 8, True), ("33", None, False)]


# -- the inbox ---------------------------------------------------------------------------------------------------------


async def test_the_inbox_ends_only_at_an_empty_page(server, client):
    lead = {"id": 7001, "customerId": 400, "customer": {"name": "Ada", "login": "100"}, "message": message()}
    server.on("/v1.3/leads/inbox", Reply(json=[lead, {"id": 7002}, "odd"]), Reply(204, body=b""))

    page = await client.inbox_page(limit=50)
    last = await client.inbox_page(offset=page.next_offset)

    assert [(one.lead_id, one.customer_id, one.customer_name) for one in page.leads] == [
        (7001, 400, "Ada"),
        (7002, None, None),
    ]
    assert page.leads[0].last_message.message_id == "m1"
    assert page.leads[1].last_message is None
    assert (page.unreadable, page.next_offset, last.next_offset) == (1, 3, None)
    assert [call.query["offset"] for call in server.calls] == ["0", "3"]


async def test_an_unknown_shape_is_never_an_empty_list(server, client):
    server.on("/v1.3/leads/inbox", Reply(json={"error": "odd"}))
    with pytest.raises(Broken):
        await client.inbox_page()


# -- the history -------------------------------------------------------------------------------------------------------

HISTORY = "/v1.3/messaging/7001/history/31"


async def ids(client):
    return [one.message_id async for one in walk(client, 7001, "31")]


async def test_a_history_is_walked_to_its_beginning_and_nothing_comes_twice(server, client):
    server.on(
        HISTORY,
        Reply(json={"messages": [message("m3"), message("m2")], "cursor": "c1"}),
        Reply(json={"messages": [message("m2"), message("m1")], "cursor": "c2"}),
        Reply(204, body=b""),
    )
    assert await ids(client) == ["m3", "m2", "m1"]
    assert [call.json for call in server.calls] == [{}, {"cursor": "c1"}, {"cursor": "c2"}]


async def test_an_empty_page_with_a_new_cursor_is_not_the_end(server, client):
    server.on(
        HISTORY, Reply(json={"messages": [], "cursor": "c1"}), Reply(json={"messages": [message("m1")], "cursor": None})
    )
    assert await ids(client) == ["m1"]


@pytest.mark.parametrize(
    "replies",
    [
        [{"messages": [message("m2")], "cursor": "c1"}],
        [{"messages": [message("m2"), {"text": "no id"}]}],
        [{"messages": [message("m2")], "cursor": {"odd": 1}}],
        [{"messages": [message("m2")], "cursor": "c1"}, {"error": "odd"}],
    ],
    ids=["circle", "no_id", "odd_cursor", "odd_page"],
)
async def test_a_history_cannot_end_early_in_silence(server, client, replies):
    server.on(HISTORY, *(Reply(json=reply) for reply in replies))
    with pytest.raises(Broken):
        await ids(client)


async def test_a_history_entry_has_the_same_form_as_a_webhook_and_knows_its_lead(server, client):
    server.on(HISTORY, Reply(json={"messages": [message("m1", sa=None, source=None, incoming=False, userId=15), {}]}))

    page = await client.history_page(7001, "31")

    (told,) = page.messages
    assert (told.account_id, told.lead_id, told.source_real_id, told.direction, told.operator_id) == (
        ACCOUNT,
        7001,
        "31",
        "outgoing",
        15,
    )
    assert page.missing == (Missing.NO_BODY,)


# -- what we write -----------------------------------------------------------------------------------------------------


async def test_a_text_is_sent_with_all_that_umnico_needs(server, client):
    server.on("/v1.3/messaging/7001/send", Reply(json={"messageId": "m9"}))

    assert await client.send(7001, HELLO) == "m9"
    assert server.calls[0].json == {
        "message": {"text": "Hello"},
        "source": "31",
        "userId": 15,
        "saId": 8,
        "customId": "jarvis:1",
    }


async def test_an_attachment_is_sent_with_an_empty_text(server, client):
    server.on("/v1.3/messaging/7001/send", Reply(204, body=b""))
    media = UploadedMedia(AttachmentKind.PHOTO, "https://f.test/a", "a.jpg", "image/jpeg")

    assert await client.send(7001, Outgoing("31", 15, "jarvis:1", attachment=media)) is None
    assert server.calls[0].json["message"] == {
        "text": "",
        "attachment": {
            "type": "photo",
            "media": {"type": "image/jpeg", "filename": "a.jpg", "src": "https://f.test/a"},
        },
    }


@pytest.mark.parametrize("reply", [Reply(500), Reply(json={}, fault="cut"), HTML, Reply(body=b"{")])
async def test_a_send_without_a_readable_answer_is_lost_and_never_repeated(server, client, reply):
    server.on("/v1.3/messaging/7001/send", reply)
    with pytest.raises(AnswerLost):
        await client.send(7001, HELLO)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("outgoing", "error"),
    [(Outgoing("31", 15, "c", text=" "), Rejected), (Outgoing("31", 15, "c", text="x" * 1801), Broken)],
)
async def test_a_text_that_cannot_be_sent_never_leaves(server, client, outgoing, error):
    with pytest.raises(error):
        await client.send(7001, outgoing)
    assert server.calls == []


async def test_a_wrong_operator_is_for_an_engineer_and_a_wrong_number_for_the_asker(server, client):
    server.on(
        "/v1.3/messaging/7001/send",
        Reply(422, {"message": "User 400 doesn't exist for this account"}),
        Reply(422, {"error": {"message": "No such number"}}),
    )
    with pytest.raises(NeedsAttention):
        await client.send(7001, HELLO)
    with pytest.raises(Refused) as refused:
        await client.send(7001, HELLO)
    assert refused.value.said == "No such number"
    assert "number" not in str(refused.value)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_token_needs_attention(server, client, status):
    server.on("/v1.3/account/me", Reply(status))
    with pytest.raises(NeedsAttention):
        await client.account()


async def test_a_sign_in_page_is_temporary_for_a_read(server, client):
    server.on("/v1.3/account/me", HTML)
    with pytest.raises(Temporary) as raised:
        await client.account()
    assert not isinstance(raised.value, AnswerLost)


async def test_a_first_message_goes_to_digits_and_begins_a_lead(server, client):
    server.on("/v1.3/messaging/post", Reply(json={"leadId": 7009}))

    assert await client.write_first(FirstMessage("+1 000 000-00-07", 8, "jarvis:2", "Good day")) == 7009
    assert server.calls[0].json == {
        "message": {"text": "Good day"},
        "destination": "10000000007",
        "saId": 8,
        "customId": "jarvis:2",
    }
    with pytest.raises(Rejected):
        await client.write_first(FirstMessage("ada", 8, "jarvis:3", "Good day"))


@pytest.mark.parametrize("answer", [{"src": "S"}, {"media": {"src": "S"}}, {"data": {"src": "S"}}])
async def test_an_upload_is_multipart_and_its_address_stands_in_one_of_three_places(server, client, answer):
    server.on("/v1.3/messaging/upload", Reply(json=answer))

    media = await client.upload(File(b"\x89PNG\x00bytes", "машина.png", "image/png"), sa_id=8)

    assert (media.src, media.kind, media.mime) == ("S", AttachmentKind.PHOTO, "image/png")
    (call,) = server.calls
    assert call.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="media"' in call.body
    assert b"\x89PNG\x00bytes" in call.body
    assert b'name="saId"\r\n\r\n8' in call.body


async def test_an_upload_without_an_address_is_a_changed_contract(server, client):
    server.on("/v1.3/messaging/upload", Reply(json={"ok": True}))
    with pytest.raises(Broken):
        await client.upload(File(b"x", "x.txt", "text/plain"), sa_id=8)


async def test_a_contact_is_there_or_not(server, client):
    server.on("/v1.3/messaging/check-contact", Reply(json={}), Reply(404), Reply(422), Reply(403))
    assert [await client.is_reachable(8, "100") for _ in range(3)] == [True, False, False]
    with pytest.raises(NeedsAttention):
        await client.is_reachable(8, "100")


async def test_a_tag_with_a_slash_stays_one_part_of_the_path(server, client):
    server.on("/v1.3/tags/7001/VIP%2F2", Reply(json={}))
    await client.add_tag(7001, "VIP/2")
    assert server.paths() == ["/v1.3/tags/7001/VIP%2F2"]


# -- webhooks ----------------------------------------------------------------------------------------------------------


def hook(number, url=OURS, status=1):
    return {"id": number, "url": url, "name": "jarvis", "status": status}


async def test_a_webhook_that_is_on_is_left_alone(server, client):
    server.on("/v1.3/webhooks", Reply(json=[hook(1, "https://other.test"), hook(2)]))
    registration = await ensure_webhook(client, OURS, "jarvis")
    assert (registration.found, registration.has_gap) == (Found.ON, False)
    assert len(server.calls) == 1


async def test_a_webhook_that_was_switched_off_is_switched_on_and_the_gap_is_told(server, client):
    server.on("/v1.3/webhooks", Reply(json=[hook(2, status=0)]))
    server.on("/v1.3/webhooks/2", Reply(json=hook(2)))
    registration = await ensure_webhook(client, OURS, "jarvis")
    assert (registration.found, registration.has_gap, registration.webhook.is_on) == (Found.OFF, True, True)
    assert (server.calls[1].method, server.calls[1].json) == ("PUT", {"status": 1})


async def test_an_absent_webhook_is_created(server, client):
    server.on("/v1.3/webhooks", Reply(json=[]), Reply(json=hook(3)))
    registration = await ensure_webhook(client, OURS, "jarvis")
    assert (registration.found, registration.webhook.webhook_id) == (Found.ABSENT, 3)
    assert server.calls[1].json == {"url": OURS, "name": "jarvis"}


async def test_a_webhook_that_another_process_created_first_is_taken(server, client):
    server.on(
        "/v1.3/webhooks", Reply(json=[]), Reply(422, {"message": "This server already exists"}), Reply(json=[hook(4)])
    )
    assert (await ensure_webhook(client, OURS, "jarvis")).webhook.webhook_id == 4


async def test_ten_webhooks_of_others_need_a_person(server, client):
    server.on("/v1.3/webhooks", Reply(json=[hook(n, f"https://other.test/{n}") for n in range(1, 11)]))
    with pytest.raises(NeedsAttention):
        await ensure_webhook(client, OURS, "jarvis")


# -- files -------------------------------------------------------------------------------------------------------------


async def test_a_file_is_fetched_without_our_token_through_a_redirect(server, client):
    server.on("/old", Reply(302, headers={"location": "/f/car.jpg"}))
    server.on("/f/car.jpg", Reply(body=b"bytes", headers={"content-type": "image/jpeg; x=1"}))

    file = await client.download(f"{server.url}/old")

    assert (file.content, file.filename, file.mime) == (b"bytes", "car.jpg", "image/jpeg")
    assert all("authorization" not in call.headers for call in server.calls)


async def test_the_name_of_a_file_cannot_lead_out_of_a_folder(server, client):
    server.on("/f", Reply(body=b"x", headers={"content-disposition": 'attachment; filename="../../etc/x"'}))
    assert "/" not in (await client.download(f"{server.url}/f")).filename


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_a_dead_link_is_rejected(server, client, status):
    server.on("/f", Reply(status))
    with pytest.raises(Rejected, match="dead"):
        await client.download(f"{server.url}/f")


@pytest.mark.parametrize(
    "src",
    ["http://127.0.0.1:1/x", "http://[::1]/x", "http://169.254.169.254/meta", "file:///etc/passwd", "x", "http://[/"],
)
async def test_a_link_into_our_own_network_is_never_followed(client, src):
    with pytest.raises(Rejected):
        await client.download(src)


async def test_a_redirect_into_our_own_network_is_never_followed(server, client):
    server.on("/f", Reply(302, headers={"location": "http://127.0.0.1:1/x"}))
    with pytest.raises(Rejected, match="private"):
        await client.download(f"{server.url}/f")


async def test_redirects_in_a_circle_end(server, client):
    server.on("/f", Reply(302, headers={"location": "/f"}))
    with pytest.raises(Rejected, match="too many"):
        await client.download(f"{server.url}/f")


async def test_no_secret_is_logged_or_shown(server, client, caplog):
    caplog.set_level(logging.DEBUG)
    server.on("/v1.3/webhooks", Reply(json=[hook(2)]))
    server.on("/v1.3/messaging/7001/send", Reply(500))
    shown = repr(await client.webhooks()) + repr(client)
    with pytest.raises(AnswerLost) as lost:
        await client.send(7001, HELLO)
    for text in (caplog.text, shown, str(lost.value), repr(HELLO)):
        assert "umnico-secret" not in text
        assert "secret-path" not in text
        assert "Hello" not in text
