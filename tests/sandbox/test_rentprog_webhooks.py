"""What the twin posts: the bodies of RentProg, in all notations, to the secret address of the branch."""

import json
from base64 import b64encode
from collections.abc import Iterator

import httpx
import pytest

from sandbox.app import SandboxSettings, create_app
from sandbox.company.branches import BATUMI, KUTAISI, TBILISI
from sandbox.rentprog.changes import Change
from sandbox.rentprog.ruby_inspect import RubyStyle, inspect
from sandbox.rentprog.webhooks import Style, Wording, body_of
from tests.sandbox.twin_at_work import Mailbox, TwinAtWork, at_port, twin_at_work, wait_until


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def twin(mailbox: Mailbox) -> Iterator[TwinAtWork]:
    with at_port(mailbox.app()) as jarvis, twin_at_work(jarvis_url=jarvis) as at_work:
        yield at_work


def payload(letter: tuple[str, bytes]) -> str:
    return json.loads(letter[1])["payload"]


# -- the notation ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "nil"),
        (True, "true"),
        (-12, "-12"),
        (763.0, "763.0"),
        (1e20, "1.0e+20"),
        (1.5e-05, "1.5e-05"),
        (-12.299999999999997, "-12.299999999999997"),
        ([], "[]"),
        ({}, "{}"),
        ("Иван", '"Иван"'),
        ('say "hi"', r'"say \"hi\""'),
        ("C:\\x", r'"C:\\x"'),
        ("a\nb\tc\x1b\x7f", r'"a\nb\tc\e\x7F"'),
        ("\x00\u200b", r'"\u0000\u200B"'),
        ("#{x} #$y #@z # #a", r'"\#{x} \#$y \#@z # #a"'),
        ("O'Sample", '"O\'Sample"'),
        ([None, "x", [1]], '[nil, "x", [1]]'),
    ],
)
def test_a_value_is_written_as_ruby_writes_it(value, expected: str):
    assert inspect(value) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (RubyStyle.RUBY, '{"id"=>1, "odd key"=>nil}'),
        (RubyStyle.RUBY34, '{"id" => 1, "odd key" => nil}'),
        (RubyStyle.SYMBOLS, '{:id=>1, :"odd key"=>nil}'),
        (RubyStyle.SYMBOLS34, '{id: 1, "odd key": nil}'),
    ],
)
def test_keys_are_written_in_the_style_of_the_ruby_version(style: RubyStyle, expected: str):
    assert inspect({"id": 1, "odd key": None}, style) == expected


def test_what_has_no_ruby_notation_is_refused():
    with pytest.raises(TypeError):
        inspect({1, 2})


def test_a_body_of_the_default_style_is_a_ruby_text_inside_json():
    change = Change("car_update", TBILISI, {"mileage": [1, 2], "id": 61000, "updated_from_api": False})
    assert body_of(change) == (
        '{"event":"car_update","payload":"{\\"mileage\\"=>[1, 2], \\"id\\"=>61000, \\"updated_from_api\\"=>false}"}'
    )


def test_wording_changes_the_text_and_not_the_meaning():
    change = Change("car_update", TBILISI, {"a": 1, "id": 7, "updated_from_api": False}, ("old", "new"))
    told = Wording(Style.JSON_OBJECT, shuffle_seed=3, text_id=True, service_diffs=True, with_updated_at=True)
    content = json.loads(body_of(change, told))["payload"]
    assert content == {"a": 1, "id": "7", "updated_from_api": [True, False], "updated_at": ["old", "new"]}
    assert list(content) != ["a", "id", "updated_from_api", "updated_at"]


# -- the delivery ---------------------------------------------------------------------------------------------------


def test_a_webhook_goes_to_the_secret_address_of_its_branch(twin: TwinAtWork, mailbox: Mailbox):
    told = twin.order("cars/61000", fields={"clean_state": False})
    assert mailbox.letters[0][0] == f"hooks/rentprog/tbilisi/{TBILISI.hook_secret}"
    assert payload(mailbox.letters[0]) == (
        '{"clean_state"=>[true, false], "id"=>61000, "created_from_api"=>false, "updated_from_api"=>false}'
    )
    assert [delivery["status"] for delivery in told["deliveries"]] == [200]


def test_an_issue_tells_only_what_changed_and_who_did_it(twin: TwinAtWork, mailbox: Mailbox):
    twin.order("bookings/500004/issue", style="json_object", user_id=15003)
    content = json.loads(mailbox.letters[0][1])
    assert content == {
        "event": "booking_update",
        "payload": {
            "state": ["Новая", "Активная"],
            "in_rent": [False, True],
            "start_worker_id": [None, 15003],
            "state_updater": [None, 15003],
            "id": 500004,
            "created_from_api": False,
            "updated_from_api": False,
            "user_id": 15003,
        },
    }


def test_a_create_is_nearly_complete_and_a_destroy_has_only_the_id(twin: TwinAtWork, mailbox: Mailbox):
    made = twin.order("clients", branch="kutaisi", fields={"name": "Новый"}, style="json_object")
    twin.order(f"clients/{made['id']}/destroy", style="json_object")
    created, destroyed = [json.loads(letter[1]) for letter in mailbox.letters]
    assert created["payload"]["name"] == "Новый"
    assert "updated_at" not in created["payload"]
    assert destroyed == {"event": "client_destroy", "payload": {"id": made["id"]}}
    assert KUTAISI.hook_secret in mailbox.letters[0][0]


def test_a_move_is_told_with_an_untrusted_branch_name_through_any_url(twin: TwinAtWork, mailbox: Mailbox):
    twin.order("cars/61000/move", to_branch="batumi", via_branch="batumi", style="json_string")
    content = json.loads(payload(mailbox.letters[0]))
    assert (content["company_id"], content["branch_name"]) == ([1001, 1003], "Example Branch")
    assert BATUMI.hook_secret in mailbox.letters[0][0]


def test_a_car_can_be_moved_to_a_company_that_nobody_knows(twin: TwinAtWork, mailbox: Mailbox):
    twin.order("cars/61000/move", to_branch=1000)
    assert '"company_id"=>[1001, 1000]' in payload(mailbox.letters[0])


def test_a_lost_webhook_changes_the_world_and_posts_nothing(twin: TwinAtWork, mailbox: Mailbox):
    twin.order("cars/61000", fields={"mileage": 5}, webhook=False)
    assert twin.world.cars.rows[61000]["mileage"] == 5
    assert mailbox.letters == []


def test_a_doubled_webhook_repeats_the_same_text(twin: TwinAtWork, mailbox: Mailbox):
    twin.order("cars/61000", fields={"mileage": 5, "year": 2001}, twice=True, shuffle=True)
    assert len(mailbox.letters) == 2
    assert mailbox.letters[0] == mailbox.letters[1]


def test_a_delayed_webhook_comes_after_the_answer_and_holds_nobody_up(twin: TwinAtWork, mailbox: Mailbox):
    told = twin.order("cars/61000", fields={"mileage": 5}, delay_s=0.3)
    assert told["deliveries"] == []
    twin.order("webhooks/raw", branch="tbilisi", body="{}")
    wait_until(lambda: len(mailbox.letters) == 2)
    assert [delivery["event"] for delivery in twin.read("webhooks")["deliveries"]] == ["raw", "car_update"]


def test_a_delayed_webhook_is_lost_when_the_twin_stops(mailbox: Mailbox):
    with at_port(mailbox.app()) as jarvis:
        with twin_at_work(jarvis_url=jarvis) as twin:
            twin.order("cars/61000", fields={"mileage": 5}, delay_s=60)
        assert mailbox.letters == []


def test_any_body_can_be_posted_as_it_is(twin: TwinAtWork, mailbox: Mailbox):
    twin.order("webhooks/raw", branch="batumi", body="not json {")
    assert mailbox.letters == [(f"hooks/rentprog/batumi/{BATUMI.hook_secret}", b"not json {")]
    twin.order("webhooks/raw", branch="batumi", body=b64encode(b"\xff\x00").decode(), is_base64=True)
    twin.order("webhooks/resend", delivery=2)
    assert [body for _, body in mailbox.letters[1:]] == [b"\xff\x00"] * 2


def test_a_refused_delivery_is_recorded_and_sent_again_only_when_asked(twin: TwinAtWork, mailbox: Mailbox):
    mailbox.status = 503
    twin.order("cars/61000", fields={"mileage": 5})
    mailbox.status = 200
    assert [delivery["status"] for delivery in twin.read("webhooks")["deliveries"]] == [503]
    twin.order("webhooks/resend", delivery=1)
    assert [delivery["status"] for delivery in twin.read("webhooks")["deliveries"]] == [503, 200]
    assert mailbox.letters[0] == mailbox.letters[1]


def test_an_unreachable_jarvis_is_recorded_as_failed():
    with twin_at_work(jarvis_url="http://127.0.0.1:1") as twin:
        told = twin.order("cars/61000", fields={"mileage": 5})
        assert [(d["status"], d["error"]) for d in told["deliveries"]] == [(None, "ConnectError")]
        assert twin.world.cars.rows[61000]["mileage"] == 5


def test_the_address_of_jarvis_may_come_later(mailbox: Mailbox):
    with at_port(mailbox.app()) as jarvis, twin_at_work() as twin:
        twin.order("cars/61000", fields={"mileage": 5})
        twin.order("webhooks/target", url=jarvis)
        twin.order("webhooks/resend", delivery=1)
        assert len(mailbox.letters) == 1


def test_the_whole_sandbox_posts_to_the_jarvis_of_its_settings(mailbox: Mailbox):
    with at_port(mailbox.app()) as jarvis, at_port(create_app(SandboxSettings(jarvis_url=jarvis))) as url:
        told = httpx.post(f"{url}/_sandbox/rentprog/cars/61000", json={"fields": {"mileage": 5}}).json()
    assert [delivery["status"] for delivery in told["deliveries"]] == [200]
    assert len(mailbox.letters) == 1


def test_the_record_of_deliveries_shows_no_secret(twin: TwinAtWork):
    twin.order("cars/61000", fields={"mileage": 5})
    assert TBILISI.hook_secret not in twin.http.get("/_sandbox/rentprog/webhooks").text
