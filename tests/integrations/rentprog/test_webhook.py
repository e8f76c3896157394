import json
import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.rentprog import EVENTS, BookingState, Delivery, Unreadable, parse, verify
from tests.integrations.rentprog.conftest import FIXTURES, load
from tests.integrations.rentprog.test_ruby import inspect


def body(event, payload):
    return json.dumps({"event": event, "payload": payload}).encode()


def deliver(event, payload):
    delivery = parse(body(event, inspect(payload)), branch="tbilisi")
    assert isinstance(delivery, Delivery), delivery
    return delivery


def sample(name):
    delivery = parse((FIXTURES / f"webhook_{name}.json").read_bytes(), branch="tbilisi")
    assert isinstance(delivery, Delivery), delivery
    return delivery


@pytest.mark.parametrize(
    ("name", "entity", "operation", "entity_id"),
    [
        ("car_create", "car", "create", 61001),
        ("car_update", "car", "update", 61000),
        ("car_update_move", "car", "update", 61000),
        ("car_destroy", "car", "destroy", 61001),
        ("client_create", "client", "create", 370001),
        ("client_update", "client", "update", 370001),
        ("client_destroy", "client", "destroy", 370001),
        ("booking_create", "booking", "create", 500001),
        ("booking_update_issue", "booking", "update", 500001),
        ("booking_update_return", "booking", "update", 500001),
        ("booking_update_responsible", "booking", "update", 500001),
        ("booking_update_dates", "booking", "update", 500001),
        ("booking_destroy", "booking", "destroy", 500001),
    ],
)
def test_f3_every_sample_is_read(name, entity, operation, entity_id):
    delivery = sample(name)

    assert (delivery.entity, delivery.operation, delivery.entity_id) == (entity, operation, entity_id)
    assert delivery.branch == "tbilisi"
    assert delivery.unknown == {}
    assert delivery.content.unreadable == {}


@pytest.mark.parametrize("event", EVENTS)
def test_f3_all_nine_events_are_known(event):
    assert len(EVENTS) == 9
    assert deliver(event, {"id": 5}).event == event


@pytest.mark.parametrize(
    "event", ["car_delete", "Car_create", "payment_create", "", " car_create", None, 5, ["car_create"]]
)
def test_f3_any_other_event_is_quarantined(event):
    assert parse(body(event, {"id": 5}), branch="tbilisi").reason == "unknown_event"


def test_the_hand_over_changes_three_fields_at_once():
    assert sample("booking_update_issue").changes == {
        "state_raw": ("Новая", "Активная"),
        "state": (BookingState.NEW, BookingState.ACTIVE),
        "in_rent": (False, True),
        "start_worker_id": (None, 15001),
    }


def test_f5_both_sides_of_a_date_are_utc():
    changes = sample("booking_update_dates").changes

    assert changes["start_at"] == (
        datetime(2025, 11, 3, 15, 0, tzinfo=UTC),
        datetime(2025, 11, 4, 4, 30, tzinfo=UTC),
    )
    assert changes["total"] == (Decimal("487.00"), Decimal("455.50"))


def test_a_create_has_values_and_is_fetched_anyway():
    delivery = sample("booking_create")

    assert delivery.changes == {}
    assert delivery.values["description"] == "vanilla => note, time: 21:00"
    assert delivery.values["start_at"] == datetime(2025, 11, 3, 15, 0, tzinfo=UTC)
    assert delivery.values["state"] is BookingState.NEW
    assert delivery.needs_fetch


def test_a_plain_update_needs_no_fetch_and_a_destroy_neither():
    assert not sample("booking_update_issue").needs_fetch
    assert not sample("booking_destroy").needs_fetch


def test_f4_a_car_moves_to_the_new_side_of_its_company():
    delivery = sample("car_update_move")

    assert delivery.moves_to_company == 1001
    assert delivery.changes["company_id"] == (1003, 1001)
    assert delivery.content.service["branch_name"] == "Example Branch"


def test_g11_another_change_of_a_car_is_no_move():
    assert sample("car_update").moves_to_company is None
    assert deliver("car_update", {"id": 5, "company_id": [1001, 1001]}).moves_to_company is None


def test_a_plain_company_on_a_create_is_told_but_is_no_move():
    delivery = sample("car_create")

    assert delivery.company_id == 1001
    assert delivery.moves_to_company is None


def test_f2_nil_clears_a_field_and_absence_keeps_it():
    assert deliver("booking_update", {"id": 5, "deposit": [270, None]}).changes == {
        "deposit": (Decimal("270.00"), None)
    }


def test_a_changed_phone_changes_its_digits():
    changes = deliver("client_update", {"id": 5, "phone": [None, "+1 (000) 000-00-01"]}).changes

    assert changes == {"phone": (None, "+1 (000) 000-00-01"), "phone_normalised": (None, "10000000001")}


@pytest.mark.parametrize("event", ["booking_update", "booking_create"])
@pytest.mark.parametrize(
    "payload",
    [
        {"id": 500001, "total": [487.5, 455], "description": ['say "nil"', None], "user_id": 5},
        {"created_from_api": [True, False], "id": "500001", "brand_new": {"deep": [1, None, True]}, "price": 12.5},
    ],
)
def test_all_three_forms_of_a_payload_give_the_same(event, payload):
    ruby = inspect(json.loads(json.dumps(payload), parse_float=Decimal))
    forms = [parse(body(event, form), branch="tbilisi") for form in (payload, json.dumps(payload), ruby)]

    first, second, third = [(form.entity_id, form.content, form.payload, form.needs_fetch) for form in forms]
    assert first == second == third


def test_g28_only_known_scalars_of_an_update_are_unwrapped():
    update = deliver(
        "car_update", {"id": 5, "values": [1, 2], "car_ids": [7, 8], "brand_new": [1, 2], "mileage": [1, 2]}
    )

    assert update.changes == {"mileage": (1, 2)}
    assert update.content.other == {"values": [1, 2], "car_ids": [7, 8]}
    assert update.unknown == {"brand_new": [1, 2]}


def test_g28_a_list_in_a_create_is_no_diff():
    create = deliver("car_create", {"id": 5, "mileage": [1, 2], "brand_new": [1, 2]})

    assert create.changes == {}
    assert create.values == {}
    assert create.content.unreadable == {"mileage": [1, 2]}
    assert create.unknown == {"brand_new": [1, 2]}


@pytest.mark.parametrize("value", [[1, 2, 3], [1], {"a": 1}, ["x", 2], [1, [2]], [1, {}]])
def test_a_scalar_in_a_shape_that_cannot_be_read_makes_us_fetch(value):
    delivery = deliver("car_update", {"id": 5, "mileage": value})

    assert delivery.changes == {}
    assert delivery.content.unreadable == {"mileage": value}
    assert delivery.needs_fetch


def test_an_impossible_date_in_a_diff_makes_us_fetch_and_the_rest_is_kept():
    delivery = deliver("booking_update", {"id": 5, "start_date": [None, "31-02-2025 9:00"], "days": [1, 2]})

    assert delivery.changes == {"days": (1, 2)}
    assert delivery.needs_fetch


def test_a_plain_value_in_an_update_has_no_old_side_and_makes_us_fetch():
    delivery = deliver("car_update", {"id": 5, "mileage": 100})

    assert delivery.changes == {}
    assert delivery.values == {"mileage": 100}
    assert delivery.needs_fetch


def test_service_scalars_are_unwrapped_too():
    assert deliver("booking_update", {"id": 5, "updated_from_api": [True, False], "user_id": 7}).content.service == {
        "updated_from_api": False,
        "user_id": 7,
    }


def test_f10_awkward_texts_survive():
    text = 'O\'Brien, "x"; -- \\ => nil #{y}'

    assert deliver("client_update", {"id": 5, "name": [text, None]}).changes == {"first_name": (text, None)}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty_body"),
        (b"\xff\xfe", "bad_encoding"),
        ('{"event": "car_create"'.encode("utf-16"), "bad_encoding"),
        (b"   ", "bad_json"),
        (b"hello", "bad_json"),
        (b'{"event": "car_update", "payload": {"id": 1', "bad_json"),
        (b'{"event": "car_update", "payload": {"id": NaN}}', "bad_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"car_create"', "not_an_object"),
        (b"{}", "unknown_event"),
        (b'{"payload": {"id": 1}}', "unknown_event"),
        (body("car_delete", {"id": 1}), "unknown_event"),
        (b'{"event": "car_update"}', "empty_payload"),
        (body("car_update", None), "empty_payload"),
        (body("car_update", ""), "empty_payload"),
        (body("car_update", " \n "), "empty_payload"),
        (body("car_update", {}), "empty_payload"),
        (body("car_update", "{}"), "empty_payload"),
        (body("car_update", 5), "bad_payload_type"),
        (body("car_update", 0), "bad_payload_type"),
        (body("car_update", 1.5), "bad_payload_type"),
        (b'{"event": "car_update", "payload": false}', "bad_payload_type"),
        (body("car_update", []), "bad_payload_type"),
        (body("car_update", [{"id": 1}]), "bad_payload_type"),
        (body("car_update", "hello"), "bad_payload"),
        (body("car_update", "[1, 2]"), "bad_payload"),
        (body("car_update", "null"), "bad_payload"),
        (body("car_update", "nil"), "bad_payload"),
        (body("car_update", '{"id"=>1'), "bad_payload"),
        (body("car_update", '{"id"=>1, "at"=>2025-01-01 10:00:00 +0400}'), "bad_payload"),
        (body("car_update", '{"mileage"=>[1, 2]}'), "no_id"),
        (body("car_update", {"id": None}), "no_id"),
        (body("car_update", {"id": ""}), "no_id"),
        (body("car_update", {"id": "abc"}), "no_id"),
        (body("car_update", {"id": 0}), "no_id"),
        (body("car_update", {"id": -5}), "no_id"),
        (body("car_update", {"id": True}), "no_id"),
        (body("car_update", {"id": 1.5}), "no_id"),
        (body("car_update", {"id": 2**70}), "no_id"),
        (body("car_update", {"id": [1, 2]}), "no_id"),
        (body("car_update", {"id": {"a": 1}}), "no_id"),
        (body("car_create", {"id": [None, 5]}), "no_id"),
    ],
)
def test_each_condition_has_its_reason(raw, reason):
    unreadable = parse(raw, branch="tbilisi")

    assert isinstance(unreadable, Unreadable), unreadable
    assert unreadable.reason == reason


@pytest.mark.parametrize("given_id", [5, "5", [None, 5], [5, "5"]])
def test_an_id_may_be_a_number_a_text_or_even_a_diff_of_an_update(given_id):
    assert deliver("car_update", {"mileage": [1, 2], "id": given_id}).entity_id == 5


def test_a_byte_order_mark_is_no_obstacle():
    assert parse(b"\xef\xbb\xbf" + body("car_destroy", {"id": 5}), branch="tbilisi").entity_id == 5


def test_of_duplicate_keys_the_last_one_wins_in_body_and_payload():
    in_object = parse(b'{"event": "x", "event": "car_update", "payload": {"id": 1, "id": 5}}', branch="tbilisi")
    in_ruby = parse(body("car_update", '{"id"=>1, "id"=>5, :id=>6}'), branch="tbilisi")
    in_json_text = parse(body("car_update", '{"id": 1, "id": 5}'), branch="tbilisi")

    assert (in_object.entity_id, in_object.duplicate_keys) == (5, 2)
    assert (in_ruby.entity_id, in_ruby.duplicate_keys) == (6, 2)
    assert (in_json_text.entity_id, in_json_text.duplicate_keys) == (5, 1)


def test_g1_the_hash_covers_branch_event_and_raw_payload():
    def content_hash(event="booking_update", payload='{"id"=>5}', branch="tbilisi"):
        return parse(body(event, payload), branch=branch).content_hash

    hashes = {
        content_hash(),
        content_hash(branch="batumi"),
        content_hash(event="booking_destroy"),
        content_hash(payload='{"id"=>6}'),
        content_hash(payload='{"id" => 5}'),
    }
    assert content_hash() == content_hash()
    assert len(hashes) == 5


@pytest.mark.parametrize("depth", [52, 1_000, 20_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_deep_body_is_bad_json_and_never_a_crash(depth, opening, closing):
    deep = opening * depth + "1" + closing * depth
    raw = f'{{"event": "car_update", "payload": {{"id": 5, "x": {deep}}}}}'.encode()

    assert parse(raw, branch="tbilisi").reason == "bad_json"


def test_a_payload_of_fifty_levels_is_read_in_every_form():
    payload = {"id": 5}
    for _ in range(49):
        payload = {"id": 5, "x": payload}

    forms = [parse(body("car_update", form), branch="x") for form in (payload, json.dumps(payload), inspect(payload))]

    assert [form.entity_id for form in forms] == [5, 5, 5]


def test_nul_and_lone_surrogates_survive_as_text_that_jsonb_takes():
    raw = rb'{"event": "client_update", "payload": {"id": 5, "name": ["a\u0000b", "\ud800"], "\u0000": "\udfff"}}'

    delivery = parse(raw, branch="tbilisi")

    assert delivery.changes == {"first_name": ("a\\u0000b", "\\ud800")}
    assert delivery.payload == {"id": 5, "name": ["a\\u0000b", "\\ud800"], "\\u0000": "\\udfff"}
    json.dumps(delivery.payload, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "raw",
    [
        body("car_update", {str(n): n for n in range(20_000)} | {"id": 5}),
        b'{"event": "car_update", "payload": {"id": 5, "n": ' + b"9" * 250_000 + b"}}",
        b'{"event": "car_update", "payload": {"id": 5, "n": 1.' + b"9" * 250_000 + b"}}",
        b'{"event": "car_update", "payload": {"id": 5, "n": 1e999999}}',
        b'{"event": "car_update", "payload": {"id": 5, "deposit": [1e999999, -1e-999999]}}',
        b'{"event": "car_update", "payload": {' + b'"id": 5,' * 30_000 + b'"id": 5}}',
    ],
    ids=["many keys", "long integer", "long fraction", "huge number", "huge money", "one key many times"],
)
def test_a_hostile_body_is_read_quickly_and_its_payload_can_be_stored(raw):
    started = time.process_time()
    delivery = parse(raw, branch="tbilisi")

    assert delivery.entity_id == 5
    json.dumps(delivery.payload, allow_nan=False).encode()
    assert time.process_time() - started < 3


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reason_or_a_delivery(raw):
    assert isinstance(parse(raw, branch="tbilisi"), Delivery | Unreadable)


@given(
    st.sampled_from(sorted(EVENTS)),
    st.dictionaries(
        st.sampled_from(["id", "mileage", "start_date", "state", "company_id", "phone", "active", "new"]),
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.integers()),
    ),
)
def test_any_payload_gives_a_reason_or_a_delivery_that_can_be_stored(event, payload):
    delivery = parse(body(event, payload), branch="tbilisi")
    stored = getattr(delivery, "payload", {})

    assert isinstance(delivery, Delivery | Unreadable)
    json.dumps(stored, allow_nan=False, ensure_ascii=False).encode()


def test_an_unreadable_body_is_not_repeated_in_its_detail():
    unreadable = parse(body("car_update", '{"id"=>1, "phone"=>"+1000'), branch="tbilisi")

    assert unreadable.detail
    assert "+1000" not in unreadable.detail


@pytest.mark.parametrize(
    ("given_secret", "secrets", "is_ours"),
    [
        ("right", ["right"], True),
        ("old", ["new", "old"], True),
        ("wrong", ["right"], False),
        ("", [""], False),
        ("", [], False),
        ("right ", ["right"], False),
        ("секрет", ["секрет"], True),
        ("\ud800", ["right"], False),
    ],
)
def test_the_secret_of_the_address(given_secret, secrets, is_ours):
    assert verify(given_secret, secrets) is is_ours


def test_samples_are_all_tested():
    names = {path.stem for path in FIXTURES.glob("webhook_*.json")}

    assert len(names) == 13
    assert load("webhook_car_destroy.json")["event"] == "car_destroy"
