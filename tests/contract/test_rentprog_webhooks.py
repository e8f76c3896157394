"""Whatever notation RentProg writes a change in, it is read as the same delivery."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.rentprog.ruby import parse_hash
from integrations.rentprog.webhook import EVENTS, Delivery, parse
from sandbox.company import company
from sandbox.company.branches import KUTAISI, TBILISI
from sandbox.rentprog.changes import Change
from sandbox.rentprog.office import Office
from sandbox.rentprog.ruby_inspect import RubyStyle, inspect
from sandbox.rentprog.webhooks import Style, Wording, body_of
from tests.sandbox.twin_at_work import Mailbox, at_port, twin_at_work

HARD_TEXT = 'O\'Brien said "nil => #{x}, 21:00"\\ \n\t\x1b; DROP TABLE -- Ж 🚗'
DATES = {"start_date": "03-11-2030 19:00", "end_date": "07-11-2030 9:00", "description": HARD_TEXT}


def a_day_of_changes() -> Iterator[Change]:
    """Every event, with awkward texts."""
    office = Office(company())
    yield from office.create_car(TBILISI, {"car_name": HARD_TEXT, "vin": None, "gas_mileage": 7.4})
    yield from office.change_car(61000, {"clean_state": False, "mileage": 100650, "store_place": HARD_TEXT})
    yield from office.move_car(61001, KUTAISI.company_id)
    yield from office.destroy_car(61003)
    yield from office.create_client(TBILISI, {"name": HARD_TEXT, "email": None, "phone": "+1 (000) 000-00-01"})
    yield from office.change_client(370001, {"email": None, "category": "Постоянный"})
    yield from office.destroy_client(370002)
    yield from office.create_booking(TBILISI, 61000, 370001, DATES)
    yield from office.issue(500004, 1000)
    yield from office.change_booking(500005, {"end_date": "24-11-2030 9:00", "total": 455.5, "deposit": None})
    yield from office.take_back(500001, 138_750)
    yield from office.cancel(500006)
    yield from office.archive(500007)
    yield from office.destroy_booking(500002)


CHANGES = [*a_day_of_changes()]


def read(change: Change, wording: Wording) -> Delivery:
    delivery = parse(body_of(change, wording).encode(), branch=change.branch.code)
    assert isinstance(delivery, Delivery), delivery
    return replace(delivery, content_hash="")


def test_a_day_has_all_nine_events():
    assert {change.event for change in CHANGES} == EVENTS.keys()


@pytest.mark.parametrize("wording", [{"shuffle_seed": 5}, {}], ids=["shuffled", "in order"])
@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("change", CHANGES, ids=[f"{n}-{change.event}" for n, change in enumerate(CHANGES)])
def test_every_notation_is_read_as_the_same_delivery(change: Change, style: Style, wording: dict[str, int]):
    assert read(change, Wording(style, **wording)) == read(change, Wording(Style.JSON_OBJECT))


@pytest.mark.parametrize("change", CHANGES, ids=[f"{n}-{change.event}" for n, change in enumerate(CHANGES)])
def test_an_id_written_as_text_is_the_same_id(change: Change):
    as_text = read(change, Wording(text_id=True))
    assert as_text.entity_id == read(change, Wording()).entity_id == change.content["id"]


def test_awkward_texts_arrive_unchanged():
    created = next(read(change, Wording()) for change in CHANGES if change.event == "booking_create")
    assert created.payload["description"] == HARD_TEXT


def test_a_move_names_its_target_and_an_ordinary_change_does_not():
    targets = [read(change, Wording()).moves_to_company for change in CHANGES if change.event == "car_update"]
    assert [target for target in targets if target is not None] == [KUTAISI.company_id]


def test_service_scalars_that_come_as_pairs_change_nothing_else():
    change = next(change for change in CHANGES if change.event == "car_update")
    plain, paired = read(change, Wording()), read(change, Wording(service_diffs=True))
    assert plain.changes == paired.changes


def test_equal_texts_have_equal_hashes_and_the_branch_counts():
    body = body_of(CHANGES[0]).encode()
    first, again, elsewhere = (parse(body, branch=code) for code in ("tbilisi", "tbilisi", "batumi"))
    assert isinstance(first, Delivery)
    assert isinstance(again, Delivery)
    assert isinstance(elsewhere, Delivery)
    assert first.content_hash == again.content_hash != elsewhere.content_hash


def test_what_the_twin_posts_over_http_is_readable_by_its_address():
    mailbox = Mailbox()
    with at_port(mailbox.app()) as jarvis, twin_at_work(jarvis_url=jarvis) as twin:
        twin.order("bookings/500004/issue", style="ruby34")
        twin.order("cars/61010/move", to_branch="batumi", style="symbols")
        twin.order("clients/370001/destroy", style="json_string")
    read_back = [parse(body, branch=path.split("/")[2]) for path, body in mailbox.letters]
    assert [(d.branch, d.event, d.entity_id) for d in read_back if isinstance(d, Delivery)] == [
        ("tbilisi", "booking_update", 500004),
        ("kutaisi", "car_update", 61010),
        ("tbilisi", "client_destroy", 370001),
    ]


TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("style", RubyStyle)
@given(row=st.dictionaries(TEXTS, VALUES, max_size=6))
def test_whatever_ruby_writes_is_read_back(style: RubyStyle, row: dict[str, object]):
    parsed = parse_hash(inspect(row, style)).value
    assert json.loads(json.dumps(parsed, default=float)) == row
