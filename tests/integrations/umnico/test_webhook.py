import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.umnico import AttachmentKind, Channel, Delivery, Missing, Reason, Unreadable, parse, verify
from tests.integrations.umnico.conftest import NOW, message, webhook


def read(body):
    return parse(json.dumps(body).encode(), received_at=NOW)


def read_message(**changed):
    delivery = read(webhook(message=message(**changed)))
    assert isinstance(delivery, Delivery)
    assert delivery.message is not None
    return delivery.message


def test_a_message_of_a_client_is_read_whole():
    told = read_message()
    assert (told.account_id, told.lead_id, told.message_id) == (100200, 7001, "m1")
    assert (told.direction, told.channel, told.channel_type) == ("incoming", Channel.WHATSAPP, "whatsapp2")
    assert (told.sa_id, told.source_real_id) == (8, "31")
    assert told.sent_at == datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
    assert (told.text, told.attachments) == ("Is a car free?", ())
    assert (told.sender_login, told.sender_name, told.social_id) == ("10000000007", "Ada", "s7")
    assert (told.customer_id, told.operator_id, told.custom_id) == (400, None, None)


@pytest.mark.parametrize(
    "written",
    [
        1768046400000,
        "1768046400000",
        1768046400,
        "2026-01-10T12:00:00",
        "2026-01-10T12:00:00Z",
        "2026-01-10T12:00:00.000+00:00",
        "2026-01-10T16:00:00+04:00",
    ],
)
def test_a_moment_is_read_in_every_form_and_naive_is_utc(written):
    told = read_message(datetime=written)
    assert told.sent_at == datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
    assert told.has_own_time


@pytest.mark.parametrize("written", [None, "", "soon", [], {}, True, -5, 10**40, "09.11.2025 10:40"])
def test_a_message_without_a_readable_time_is_kept_with_the_moment_it_came(written):
    told = read_message(datetime=written)
    assert told.sent_at == NOW
    assert not told.has_own_time


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "photo", "media": {"type": "image/jpeg", "filename": "a.jpg", "src": "https://f.test/a"}},
        {"type": "photo", "mime": "image/jpeg", "url": "https://f.test/a", "name": "a.jpg"},
        {"type": "photo", "mime": "image/jpeg", "link": "https://f.test/a", "name": "a.jpg"},
        {"type": "image/jpeg", "src": "https://f.test/a", "filename": "a.jpg"},
        {"type": "photo", "media": {"path": "https://f.test/a", "name": "a.jpg", "mime": "image/jpeg"}},
    ],
)
def test_an_attachment_is_read_flat_and_nested(entry):
    (found,) = read_message(message={"attachments": [entry]}).attachments
    assert (found.kind, found.src, found.filename, found.mime) == (
        AttachmentKind.PHOTO,
        "https://f.test/a",
        "a.jpg",
        "image/jpeg",
    )


def test_an_attachment_of_which_nothing_is_known_is_still_an_attachment():
    found = read_message(message={"attachments": ["odd", {"type": "contact"}, {"type": "ptt", "url": 7}]}).attachments
    assert [(one.kind, one.src) for one in found] == [
        (AttachmentKind.OTHER, None),
        (AttachmentKind.OTHER, None),
        (AttachmentKind.VOICE, None),
    ]


@pytest.mark.parametrize("content", [{}, {"text": None}, {"text": 5}, None, "odd"])
def test_a_missing_text_is_an_empty_one(content):
    assert read_message(message=content).text == ""


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"source": {"realId": 31, "saId": 9}, "sa": None}, 9),
        ({"source": {"realId": 31}, "sa": {"id": 9}}, 9),
        ({"source": {"realId": 31, "saId": "9"}}, 9),
        ({"source": {"realId": 31}, "sa": None}, None),
    ],
)
def test_the_channel_account_stands_in_either_place(changed, expected):
    assert read_message(**changed).sa_id == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("whatsapp2", Channel.WHATSAPP),
        ("telegram", Channel.TELEGRAM),
        ("instagramV3", Channel.INSTAGRAM),
        ("avito", Channel.OTHER),
    ],
)
def test_the_channel_is_that_of_our_account_else_of_the_sender(kind, expected):
    assert read_message(sa={"id": 8, "type": kind}).channel is expected
    told = read_message(sa=None, sender={"type": kind})
    assert (told.channel, told.channel_type) == (expected, kind)


@pytest.mark.parametrize(
    "field", [{"userId": 15}, {"managerId": "15"}, {"operator": {"id": 15}}, {"manager": 15}, {"operatorId": 15}]
)
def test_an_outgoing_message_names_its_operator_in_one_of_many_ways(field):
    delivery = read(webhook("message.outgoing", message=message(incoming=False, customId="jarvis:7", **field)))
    assert delivery.message.direction == "outgoing"
    assert (delivery.message.operator_id, delivery.message.custom_id) == (15, "jarvis:7")


def test_the_type_of_the_webhook_decides_the_direction():
    assert read(webhook("message.outgoing", message=message(incoming=None))).message.direction == "outgoing"


@pytest.mark.parametrize(
    ("changed", "expected", "needs_history"),
    [
        ({"message": None}, Missing.NO_BODY, True),
        ({"message": {"text": "odd"}}, Missing.NO_MESSAGE_ID, True),
        ({"leadId": None}, Missing.NO_LEAD, False),
    ],
)
def test_a_delivery_without_its_message_says_what_is_missing(changed, expected, needs_history):
    delivery = read(webhook(**changed))
    assert (delivery.message, delivery.missing, delivery.needs_history) == (None, expected, needs_history)


def test_a_lead_event_carries_no_message_and_misses_none():
    delivery = read({"type": "lead.changed", "accountId": 5, "lead": {"id": 9, "statusId": 2}})
    assert (delivery.lead_id, delivery.is_known_type, delivery.missing) == (9, True, None)


def test_an_unknown_type_is_kept_whole():
    delivery = read({"type": "lead.sung", "accountId": 5, "song": [1]})
    assert not delivery.is_known_type
    assert delivery.payload["song"] == [1]


def test_repeats_have_one_key_whatever_their_form_and_an_edit_has_another():
    first = read(webhook())
    again = read(webhook(message=message(datetime="2026-01-10T12:00:00", sa=None)))
    edited = read(webhook(message=message(text="Is a van free?")))
    assert first.key == again.key
    assert edited.key != first.key


def test_a_key_stays_short_for_any_stranger():
    assert len(read({"type": "x" * 10_000, "accountId": 5}).key) < 300


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY_BODY),
        (b" \n", Reason.EMPTY_BODY),
        (b"{", Reason.BAD_JSON),
        (b"\xff", Reason.BAD_JSON),
        (b'{"a":NaN}', Reason.BAD_JSON),
        (b"[" * 100_000, Reason.BAD_JSON),
        (b"[" * 60 + b"]" * 60, Reason.BAD_JSON),
        (b"[]", Reason.NOT_AN_OBJECT),
        (b"{}", Reason.NO_TYPE),
        (b'{"type":7}', Reason.NO_TYPE),
        (b'{"type":"message.incoming"}', Reason.NO_ACCOUNT),
        (b'{"type":"x","accountId":true}', Reason.NO_ACCOUNT),
    ],
)
def test_a_body_that_is_no_webhook_says_why(body, reason):
    unreadable = parse(body, received_at=NOW)
    assert isinstance(unreadable, Unreadable)
    assert unreadable.reason is reason


def test_texts_that_postgres_refuses_become_visible():
    assert read_message(message={"text": "a\x00b\ud800"}).text == "a\\u0000b\\ud800"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("messageId", "datetime", "message", "sender", "source", "sa", "userId", "customId", "incoming")


@given(
    st.sampled_from(["message.incoming", "message.outgoing", "lead.changed", "?"]),
    JSON,
    st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)),
)
def test_no_body_of_a_stranger_raises(kind, lead, content):
    for told in (lead, content):
        body = {"type": kind, "accountId": 1, "leadId": lead, "lead": lead, "message": told}
        assert isinstance(read(body), Delivery | Unreadable)


@given(st.binary(max_size=60))
def test_no_bytes_of_a_stranger_raise(body):
    assert isinstance(parse(body, received_at=NOW), Delivery | Unreadable)


def test_the_secret_is_compared_with_every_valid_one():
    assert verify("new", ["old", "new"])
    assert not verify("", [""])
    assert not verify("\ud800", ["old"])
