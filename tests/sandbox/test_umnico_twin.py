"""The twin on its own: what it posts, what it refuses, and what a person may order."""

import json
from base64 import b64encode
from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.twin_at_work import Mailbox, at_port, wait_until
from tests.sandbox.umnico_at_work import UmnicoAtWork, umnico_at_work


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def twin() -> Iterator[UmnicoAtWork]:
    with umnico_at_work() as at_work:
        yield at_work


@pytest.fixture
def hooked(twin: UmnicoAtWork, mailbox: Mailbox) -> Iterator[UmnicoAtWork]:
    with at_port(mailbox.app()) as jarvis:
        twin.hook(f"{jarvis}/hooks/umnico/s")
        yield twin


def bodies(mailbox: Mailbox, kind: str = "message.incoming") -> list[dict]:
    told = [json.loads(letter) for _, letter in mailbox.letters]
    return [body for body in told if body["type"] == kind]


# -- who may call ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "status"),
    [("Bearer {}", 200), ("bearer {}", 200), ("BEARER {}", 200), ("{}", 200), ("Bearer no", 401), ("", 401)],
)
def test_the_scheme_word_may_have_any_case_or_be_absent(twin: UmnicoAtWork, header: str, status: int):
    token = twin.read("credentials")["token"]
    assert twin.call("GET", "/account/me", Authorization=header.format(token)).status_code == status


def test_signing_in_gives_the_token(twin: UmnicoAtWork):
    good = twin.call("POST", "/auth/login", {"login": "inbox@example.test", "pass": "invented"}, Authorization="")
    assert good.json()["accessToken"]["token"] == twin.read("credentials")["token"]
    assert twin.call("POST", "/auth/login", {"login": "x", "pass": "y"}).status_code == 403


# -- clients write -----------------------------------------------------------------------------------------------------


def test_a_new_client_begins_a_lead_and_a_known_one_goes_on(hooked: UmnicoAtWork, mailbox: Mailbox):
    first = hooked.writes("Hello", name="Ada")
    second = hooked.writes("Again")
    hooked.settle()

    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["lead_id"] == second["lead_id"]
    told = bodies(mailbox)
    assert [body["message"]["message"]["text"] for body in told] == ["Hello", "Again"]
    assert [body["isNewLead"] for body in told] == [True, False]
    assert [json.loads(letter)["type"] for _, letter in mailbox.letters[:2]] == ["customer.created", "lead.created"]


@pytest.mark.parametrize(
    ("channel", "kind"), [("whatsapp", "whatsapp2"), ("telegram", "telegram"), ("instagram", "instagramV3")]
)
def test_each_channel_has_its_own_account(hooked: UmnicoAtWork, mailbox: Mailbox, channel: str, kind: str):
    hooked.writes(channel=channel, login="ada_l")
    hooked.settle()
    (body,) = bodies(mailbox)
    assert body["message"]["sa"]["type"] == body["message"]["sender"]["type"] == kind


def test_one_client_may_write_through_two_channels(twin: UmnicoAtWork):
    lead = twin.writes()["lead_id"]
    twin.writes("Also here", channel="telegram", login="ada_l", lead_id=lead)
    sources = twin.call("GET", f"/messaging/{lead}/sources").json()
    assert [source["saId"] for source in sources] == [88, 89]
    assert twin.writes("Me again", channel="telegram", login="ada_l")["lead_id"] == lead


def test_a_webhook_is_written_in_the_form_that_was_ordered(hooked: UmnicoAtWork, mailbox: Mailbox):
    photo = {"content_base64": b64encode(b"jpeg").decode()}
    hooked.writes("one", attachments=[photo])
    hooked.writes("two", attachments=[photo], iso=True, flat=True)
    hooked.writes("three", sa_in_source=True)
    hooked.writes("four", bare=True)
    hooked.settle()

    one, two, three, four = bodies(mailbox)
    assert isinstance(one["message"]["datetime"], int)
    assert one["message"]["message"]["attachments"][0]["media"]["filename"] == "photo.jpg"
    assert "+" not in two["message"]["datetime"]
    assert two["message"]["message"]["attachments"][0].keys() == {"type", "url", "name"}
    assert "saId" not in two["message"]["source"]
    assert "sa" not in three["message"]
    assert "message" not in four


def test_a_webhook_can_be_lost_doubled_or_late(hooked: UmnicoAtWork, mailbox: Mailbox):
    lead = hooked.writes("lost", webhook=False)["lead_id"]
    hooked.writes("late", delay_s=2)
    hooked.writes("twice", twice=True)
    hooked.settle()
    assert [body["message"]["message"]["text"] for body in bodies(mailbox)] == ["twice", "twice", "late"]
    assert [line["text"] for line in hooked.saw(lead)] == ["lost", "late", "twice"]


def test_an_edit_tells_the_same_message_with_its_new_text(hooked: UmnicoAtWork, mailbox: Mailbox):
    written = hooked.writes("From Friday")
    hooked.order("edit", message_id=written["message_id"], text="From Saturday")
    hooked.settle()
    first, second = bodies(mailbox)
    assert first["message"]["messageId"] == second["message"]["messageId"]
    assert second["message"]["message"]["text"] == "From Saturday"
    assert hooked.saw(written["lead_id"])[0]["edited_at"] is not None


def test_an_operator_in_umnicos_own_window_is_echoed_without_a_custom_id(hooked: UmnicoAtWork, mailbox: Mailbox):
    lead = hooked.writes()["lead_id"]
    hooked.order("operator", lead_id=lead, text="Good day")
    hooked.settle()
    (body,) = bodies(mailbox, "message.outgoing")
    assert (body["message"]["userId"], body["message"]["incoming"]) == (15, False)
    assert "customId" not in body["message"]


def test_a_file_is_served_until_its_link_dies(twin: UmnicoAtWork):
    photo = {"content_base64": b64encode(b"jpeg").decode()}
    lead = twin.writes("", attachments=[photo, photo | {"dead": True}])["lead_id"]
    alive, dead = (sent["path"] for sent in twin.saw(lead)[0]["attachments"])
    served = twin.http.get(alive)
    assert (served.content, served.headers["content-type"]) == (b"jpeg", "image/jpeg")
    assert twin.http.get(dead).status_code == 404
    assert twin.order("links/expire") == {"ended": 1}
    assert twin.http.get(alive).status_code == 404


# -- webhooks ----------------------------------------------------------------------------------------------------------


def test_ten_webhooks_are_taken_and_no_address_twice(twin: UmnicoAtWork):
    for n in range(10):
        twin.hook(f"http://127.0.0.1:1/{n}")
    again = twin.call("POST", "/webhooks", {"url": "http://127.0.0.1:1/3", "name": "x"})
    assert (again.status_code, again.json()["message"]) == (422, "This server already exists")
    assert twin.call("POST", "/webhooks", {"url": "http://127.0.0.1:1/new", "name": "x"}).status_code == 422


def test_a_letter_is_repeated_until_it_is_taken_and_later_ones_wait(hooked: UmnicoAtWork, mailbox: Mailbox):
    mailbox.status = 503
    hooked.order("behaviour", hook_pause_s=0.05, hook_attempts=20, hook_off_after=1000)
    lead = hooked.writes("one", twice=True)["lead_id"]
    wait_until(lambda: len(mailbox.letters) >= 3)
    mailbox.status = 200
    hooked.writes("two")
    deliveries = hooked.settle()
    taken = [json.loads(delivery["body"]) for delivery in deliveries if delivery["status"] == 200]
    texts = [body["message"]["message"]["text"] for body in taken if body["type"] == "message.incoming"]
    assert texts == ["one", "one", "two"]
    assert {body["leadId"] for body in taken if body["type"] == "message.incoming"} == {lead}


def test_an_address_that_goes_on_failing_is_switched_off_and_can_be_switched_on(hooked: UmnicoAtWork, mailbox: Mailbox):
    mailbox.status = 500
    hooked.order("behaviour", hook_off_after=4)
    hooked.writes("one")
    hooked.settle()
    (webhook,) = hooked.call("GET", "/webhooks").json()
    assert webhook["status"] == 0

    mailbox.status = 200
    before = len(mailbox.letters)
    hooked.writes("missed")
    hooked.settle()
    assert len(mailbox.letters) == before

    hooked.call("PUT", f"/webhooks/{webhook['id']}", {"status": 1}).raise_for_status()
    hooked.writes("seen")
    hooked.settle()
    assert bodies(mailbox)[-1]["message"]["message"]["text"] == "seen"


def test_an_address_where_nobody_listens_is_switched_off_too(twin: UmnicoAtWork):
    twin.hook("http://127.0.0.1:1/")
    twin.order("behaviour", hook_off_after=3)
    twin.writes()
    assert {delivery["error"] for delivery in twin.settle()} == {"ConnectError"}
    assert twin.read("state")["webhooks"][0]["status"] == 0


def test_any_body_can_be_posted(hooked: UmnicoAtWork, mailbox: Mailbox):
    hooked.order("webhooks/raw", body="not json {")
    hooked.settle()
    assert mailbox.letters[0][1] == b"not json {"


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"userId": 4001}, 422),
        ({"userId": None}, 422),
        ({"userId": []}, 422),
        ({"source": "999"}, 422),
        ({"saId": 90}, 422),
        ({"message": {}}, 422),
        ({"message": {"text": " "}}, 422),
        ({"message": {"text": "x" * 4097}}, 422),
        ({"message": {"text": "", "attachment": {"type": "photo", "media": {"src": "https://other.test/a"}}}}, 500),
        ({"message": {"text": "", "attachment": {"type": "song", "media": {"src": "x"}}}}, 422),
    ],
)
def test_a_send_is_checked_as_the_real_one_checks_it(twin: UmnicoAtWork, changed: dict, status: int):
    written = twin.writes()
    body = {"message": {"text": "Hi"}, "source": written["source_real_id"], "userId": 16, "customId": "c"} | changed
    assert twin.call("POST", f"/messaging/{written['lead_id']}/send", body).status_code == status
    assert len(twin.saw(written["lead_id"])) == 1 + (status == 200)


@pytest.mark.parametrize(
    "body",
    [
        {"destination": "+100", "saId": 88},
        {"destination": "100", "saId": 1},
        {"destination": "100", "saId": 90},
        {"destination": "666", "saId": 88},
        {"destination": "100"},
    ],
)
def test_a_first_message_needs_digits_and_a_channel_that_knows_them(twin: UmnicoAtWork, body: dict):
    twin.order("behaviour", unreachable=["666"])
    assert twin.call("POST", "/messaging/post", body | {"message": {"text": "Hi"}}).status_code == 422
    assert twin.read("clients") == []


def test_a_fault_before_the_effect_sends_nothing_and_one_after_it_loses_only_the_answer(twin: UmnicoAtWork):
    written = twin.writes()
    path = f"/messaging/{written['lead_id']}/send"
    body = {"message": {"text": "Hi"}, "source": written["source_real_id"], "userId": 16}

    twin.order("faults", operation="send", status=503)
    assert twin.call("POST", path, body).status_code == 503
    assert len(twin.saw(written["lead_id"])) == 1

    twin.order("faults", operation="send", drop=True, effect=True)
    with pytest.raises(httpx.RemoteProtocolError):
        twin.call("POST", path, body)
    assert len(twin.saw(written["lead_id"])) == 2
    assert twin.call("POST", path, body).status_code == 200


def test_a_fault_for_one_lead_leaves_the_others_alone(twin: UmnicoAtWork):
    one, two = twin.writes()["lead_id"], twin.writes(login="10000000008")["lead_id"]
    twin.order("faults", operation="sources", lead=one, status=429, retry_after=7)
    assert twin.call("GET", f"/messaging/{two}/sources").status_code == 200
    refused = twin.call("GET", f"/messaging/{one}/sources")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")


def test_the_clock_moves_and_messages_have_its_time(twin: UmnicoAtWork):
    twin.order("clock", seconds=86_400)
    now = twin.read("state")["now"]
    lead = twin.writes()["lead_id"]
    assert twin.saw(lead)[0]["at"] >= now


def test_the_journal_shows_no_secret(hooked: UmnicoAtWork):
    token = hooked.read("credentials")["token"]
    hooked.call("POST", "/auth/login", {"login": "inbox@example.test", "pass": "invented"})
    hooked.call("GET", "/webhooks")
    shown = json.dumps(hooked.read("journal")) + json.dumps(hooked.read("state"))
    assert "webhook.create" in shown
    for secret in ("hooks/umnico/s", token, '"invented"'):
        assert secret not in shown
