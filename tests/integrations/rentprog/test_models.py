import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.money import Currency
from integrations.rentprog import (
    BookingRecord,
    BookingState,
    CarRecord,
    ClientRecord,
    Direction,
    PaymentMethod,
    PaymentPurpose,
    PaymentRecord,
    PriceRecord,
    StaffRecord,
    unknown_keys,
)
from integrations.rentprog.pages import read_page
from integrations.rentprog.values import BadValueError
from tests.integrations.rentprog.conftest import load


def bookings():
    return read_page("booking", BookingRecord, load("booking_list.json")["bookings"]["data"]).rows


def payments():
    return read_page("payment", PaymentRecord, load("payments_company_counts.json")["counts"]["data"]).rows


def payment(**changed):
    return load("payments_company_counts.json")["counts"]["data"][0]["attributes"] | changed


def test_a_planned_booking_is_read_whole():
    booking = bookings()[0]

    assert booking.rentprog_id == 500001
    assert booking.number == 4018
    assert booking.car_rentprog_id == 61000
    assert booking.client_rentprog_id == 370001
    assert (booking.state_raw, booking.state) == ("Новая", BookingState.NEW)
    assert (booking.active, booking.in_rent, booking.archive, booking.technical) == (True, False, False, False)
    assert booking.total == Decimal("414.50")
    assert booking.gas_start == "0"
    assert booking.insurance_tier == "Full Coverage"
    assert booking.middle_name is None
    assert booking.source_created_at == datetime(2025, 11, 18, 8, 9, 13, 270000, tzinfo=UTC)


def test_f5_the_formatted_times_are_never_used():
    booking = bookings()[0]

    assert booking.start_at == datetime(2025, 11, 21, 6, 0, tzinfo=UTC)
    assert booking.end_at == datetime(2025, 11, 24, 5, 0, tzinfo=UTC)


def test_f2_an_absent_key_gives_no_column_and_null_clears_one():
    booking = BookingRecord.from_wire({"id": 5, "deposit": None})

    assert booking.columns() == {"rentprog_id": 5, "deposit": None}
    assert booking.canonical() == {"rentprog_id": 5, "deposit": None}


def test_the_fingerprint_changes_with_what_we_keep_and_only_with_that():
    first = BookingRecord.from_wire({"id": 5, "total": 100, "ride": False})
    same = BookingRecord.from_wire({"total": Decimal("100.0"), "id": "5", "ride": True})
    other = BookingRecord.from_wire({"id": 5, "total": Decimal("100.01"), "ride": False})

    assert first.fingerprint == same.fingerprint
    assert first.fingerprint != other.fingerprint
    assert len(first.fingerprint) == 64


def test_the_canonical_form_is_json():
    for record in (*bookings(), *payments()):
        assert json.loads(json.dumps(record.canonical())) == record.canonical()


def test_records_cannot_be_changed():
    with pytest.raises(ValidationError):
        bookings()[0].total = Decimal(1)


def test_a_technical_booking_is_known_by_its_mark_alone():
    technical = bookings()[2]

    assert technical.technical is True
    assert technical.client_rentprog_id is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Отъездила", BookingState.FINISHED),
        ("Завершена", BookingState.FINISHED),
        ("Отмена", BookingState.CANCELLED),
        ("Отменена", BookingState.CANCELLED),
        ("Отказ клиента", BookingState.REFUSED),
        ("Недозвон", BookingState.NO_ANSWER),
        ("Не подтверждена", BookingState.UNCONFIRMED),
        ("Подтверждена", BookingState.CONFIRMED),
        ("Ожидает ответа клиента", BookingState.WAITING),
        ("Что-то новое", BookingState.UNKNOWN),
        (None, BookingState.UNKNOWN),
    ],
)
def test_states_are_mapped_and_an_unknown_text_stays_raw(text, state):
    booking = BookingRecord.from_wire({"id": 5, "state": text})

    assert (booking.state_raw, booking.state) == (text, state)


def test_a_company_may_name_its_own_states():
    booking = BookingRecord.from_wire({"id": 5, "state": "В пути"}, states={"В пути": BookingState.ACTIVE})

    assert booking.state is BookingState.ACTIVE


def test_cars_keep_their_quirks_outside():
    first, second = read_page("car", CarRecord, load("cars_all_cars_full.json")).rows

    assert (first.plate, first.model, first.code) == ("AA001AA", "Test Car", "Test 001")
    assert (first.clean, first.tank_full, first.tank_liters) == (True, False, 60)
    assert first.last_inspection == date(2025, 4, 30)
    assert first.deposit == Decimal("270.00")
    assert second.fuel is None
    assert second.tire_type == 4
    assert second.company_id == 1003
    assert second.plate == "AA-003-AA"


def test_a_client_has_its_phone_as_digits_too():
    (client,) = read_page("client", ClientRecord, load("clients_list.json")["clients"]["data"]).rows

    assert (client.first_name, client.last_name, client.middle_name) == ("Test", "Client", None)
    assert client.phone == "+1 (000) 000-00-01"
    assert client.phone_normalised == "10000000001"
    assert client.email is None
    assert client.category == "Новый"


def test_staff_have_cash_by_currency():
    first, second = read_page("staff", StaffRecord, load("users.json")).rows

    assert first.cash == {
        Currency.GEL: Decimal("120.50"),
        Currency.USD: Decimal("0.00"),
        Currency.EUR: Decimal("40.00"),
    }
    assert second.cash == {}
    assert second.active is False


@pytest.mark.parametrize(
    "accounts",
    [
        [{"currency_id": 2, "cash": 5}],
        [{"currency_id": 1, "cash": 5}, {"currency_id": 1, "cash": 6}],
        [{"currency_id": 1, "cash": None}],
        "none",
        [5],
    ],
)
def test_cash_that_would_need_a_guess_is_refused(accounts):
    with pytest.raises(BadValueError):
        StaffRecord.from_wire({"id": 1, "name": "Test", "currency_accounts": accounts})


def test_payments_are_read_with_currency_method_and_direction():
    rent, deposit, insurance, delivery, expense, balance = payments()

    assert (rent.amount, rent.currency, rent.rated_amount) == (Decimal("100.00"), Currency.USD, Decimal("269.98"))
    assert rent.exchange_rate == Decimal("0.3704")
    assert rent.cashier_rentprog_id == 15001
    assert deposit.purpose is PaymentPurpose.DEPOSIT
    assert not deposit.is_revenue
    assert insurance.method is PaymentMethod.CARD
    assert delivery.currency is Currency.EUR
    assert expense.direction is Direction.EXPENSE
    assert balance.method is PaymentMethod.CLIENT_BALANCE


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"cash": False}, "no_payment_method"),
        ({"cash_card": True}, "several_payment_methods"),
        ({"operation": None}, "no_direction"),
        ({"currency_id": 2}, "unknown_currency"),
        ({"sum": None}, "no_amount"),
        ({"created_at": None}, "no_paid_at"),
        ({"created_at": "2025-11-18T13:07:36"}, "bad_date"),
    ],
)
def test_g8_a_payment_that_is_not_clear_goes_to_quarantine(changed, reason):
    with pytest.raises(BadValueError, match=reason):
        PaymentRecord.from_wire(payment(**changed))


def test_an_unknown_payment_group_is_kept_raw():
    odd = PaymentRecord.from_wire(payment(group="Новая группа"))

    assert (odd.group, odd.purpose) == ("Новая группа", PaymentPurpose.UNKNOWN)


def test_f8_one_bad_row_in_ten_does_not_hide_the_nine():
    rows = [
        {"id": str(n), "type": "booking", "attributes": {"id": n, "start_date": "01-02-2025 9:00"}}
        for n in range(1, 10)
    ]
    rows.insert(4, {"id": "77", "type": "booking", "attributes": {"id": 77, "start_date": "31-02-2025 10:00"}})

    page = read_page("booking", BookingRecord, rows)

    assert [row.rentprog_id for row in page.rows] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    (bad,) = page.bad_rows
    assert (bad.rentprog_id, bad.reason, bad.field) == (77, "bad_date", "start_date")
    assert bad.raw["attributes"]["start_date"] == "31-02-2025 10:00"
    assert page.received == len(page.rows) + len(page.bad_rows) == 10


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("text", "not_an_object"),
        (None, "not_an_object"),
        ({"state": "Новая"}, "no_id"),
        ({"id": "x"}, "bad_id"),
        ({"id": "5", "attributes": {"id": 6}}, "ids_differ"),
    ],
)
def test_rows_without_a_usable_identity_are_bad_rows(row, reason):
    (bad,) = read_page("booking", BookingRecord, [row]).bad_rows

    assert bad.reason == reason


@given(st.data())
@pytest.mark.parametrize("model", [BookingRecord, CarRecord, ClientRecord, PaymentRecord, StaffRecord, PriceRecord])
def test_any_object_is_a_record_or_a_bad_row_and_never_a_crash(model, data):
    wire = st.none() | st.booleans() | st.integers() | st.decimals() | st.text() | st.just("21-11-2025 9:00")
    names = st.sampled_from([field.wire for field in model.table])
    row = data.draw(st.dictionaries(names, wire)) | {"id": 5, "values": [1]}

    page = read_page("car", model, [row])

    assert len(page.rows) + len(page.bad_rows) == 1
    for record in page.rows:
        json.dumps(record.canonical(), allow_nan=False, ensure_ascii=False).encode()


def test_unknown_keys_stay_in_raw_and_can_be_reported():
    known = bookings()[0]
    novel = BookingRecord.from_wire({"id": 5, "brand_new": [1, Decimal("2.5")], "ride": True})

    assert unknown_keys("booking", known.raw) == frozenset()
    assert unknown_keys("booking", novel.raw) == {"brand_new"}
    assert novel.raw_json() == {"id": 5, "brand_new": [1, 2.5], "ride": True}


@pytest.mark.parametrize(("entity", "name"), [("car", "cars_all_cars_full.json"), ("client", "clients_list.json")])
def test_nothing_in_the_samples_is_unknown(entity, name):
    loaded = load(name)
    samples = loaded if isinstance(loaded, list) else [row["attributes"] for row in loaded["clients"]["data"]]

    assert frozenset().union(*(unknown_keys(entity, sample) for sample in samples)) == frozenset()
