import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.rentprog import HistoryKind, OperationRecord, parse_description
from integrations.rentprog.pages import read_page
from tests.integrations.rentprog.conftest import load


def as_dict(description):
    entry = parse_description(description)
    return {"kind": entry.kind.value, **entry.fields}


@pytest.mark.parametrize("vector", load("history_vectors.json"), ids=lambda vector: vector["expected"]["kind"])
def test_lines_of_the_vectors(vector):
    assert as_dict(vector["description"]) == vector["expected"]


def change(**changed):
    usual = {
        "kind": "car_field_changed",
        "actor": "Иван Петров",
        "field": "mileage",
        "old": "1",
        "new": "2",
        "car_id": 61000,
    }
    return usual | changed


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Иван Петров изменил, mileage с 1 на 2 в авто № 61000", change()),
        ("Иван Петров изменил mileage с 1 на 2 в авто №61000", change()),
        ("Иван Петров изменил , mileage с 1 на 2, в авто № 61000", change()),
        ("CEO Petrov Ivan изменил , mileage с 1 на 2 в авто № 61000", change(actor="CEO Petrov Ivan")),
        (
            "Иван Петров изменил , car_class с на Эконом, в авто № 61000",
            change(field="car_class", old="", new="Эконом"),
        ),
        (
            "Иван Петров изменил , car_class с  на Эконом, в авто № 61000",
            change(field="car_class", old="", new="Эконом"),
        ),
        (
            "Иван Петров изменил , car_class с Средний на  в авто № 61000",
            change(field="car_class", old="Средний", new=""),
        ),
        (
            "Иван Петров изменил , gas_mileage с 7.4 на 8.25 в авто № 61000",
            change(field="gas_mileage", old="7.4", new="8.25"),
        ),
        (
            "Иван Петров изменил , car_name с Test Sedan 001 на Test Van 2 в авто № 61000 - Test Van - 2",
            change(field="car_name", old="Test Sedan 001", new="Test Van 2", car_label="Test Van - 2"),
        ),
    ],
)
def test_a_changed_field_of_a_car_with_all_its_traps(line, expected):
    assert as_dict(line) == expected


def test_g11_only_a_change_of_company_is_a_move():
    moved = parse_description("Иван Петров изменил, company_id с 1003 на 1001, в авто №61000")

    assert moved.kind is HistoryKind.CAR_MOVED
    assert moved.fields == {"actor": "Иван Петров", "from_company_id": 1003, "to_company_id": 1001, "car_id": 61000}


def test_g9_a_number_after_the_word_car_in_a_booking_line_is_the_booking():
    entry = parse_description("Ivanov Petr выдал авто, бронь №500123")

    assert entry.fields == {"actor": "Ivanov Petr", "booking_id": 500123}


@pytest.mark.parametrize("amount", ["400.0 GEL", "400.0GEL"])
def test_cash_from_hand_to_hand_is_two_payments_and_no_returned_car(amount):
    assert as_dict(f"CEO Ivanov Petr , принял от Иван Петров {amount}, платежи №1830001/1830002") == {
        "kind": "cash_handover",
        "receiver": "CEO Ivanov Petr",
        "giver": "Иван Петров",
        "amount": "400.0",
        "currency": "GEL",
        "payment_ids": [1830001, 1830002],
    }


@pytest.mark.parametrize(
    ("line", "direction", "method", "amount", "currency"),
    [
        ("А Б создал платёж №5, приход наличными 60.0GEL", "income", "cash", "60.0", "GEL"),
        ("А Б создал платёж № 5, расход наличными 60 USD", "expense", "cash", "60", "USD"),
        ("А Б создал платёж №5, приход банковской картой 12.50EUR", "income", "банковской картой", "12.50", "EUR"),
    ],
)
def test_payments_of_both_directions(line, direction, method, amount, currency):
    assert as_dict(line) == {
        "kind": "payment_created",
        "actor": "А Б",
        "payment_id": 5,
        "direction": direction,
        "method": method,
        "amount": amount,
        "currency": currency,
    }


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "выдал авто, бронь № 500123",
        "Иван Петров выдал авто, бронь № 500123 и ещё",
        "Иван Петров выдал авто № 61000",
        "Иван Петров изменил , company_id с на 1001 в авто № 61000",
        "Иван Петров изменил , mileage с 1 в авто № 61000",
        "Параметр: responsible, было: null, стало: Иван",
        "Иван Петров создал платёж №5, расход наличными",
        "Иван принял от Пётр 400.0 GEL, платежи №1",
        "Иван , принял от Пётр 1 400.0 GEL, платежи №1/2",
        "Иван Петров выдал авто, бронь № ٥",
        "x" * 5000,
    ],
)
def test_anything_else_is_unknown_and_has_no_fields(line):
    assert as_dict(line) == {"kind": "unknown"}


@given(
    st.lists(
        st.sampled_from(
            [
                "Иван",
                " изменил",
                " , ",
                "mileage",
                " с ",
                " на ",
                " в авто №",
                " 1",
                " - ",
                "принял от",
                " авто, бронь №",
            ]
        )
        | st.text(max_size=5),
        max_size=200,
    ).map("".join)
)
def test_no_line_crashes_or_stalls_the_parser(line):
    assert parse_description(line).kind in HistoryKind


def test_a_page_of_the_feed_is_newest_first_and_parsed():
    page = read_page("operation", OperationRecord, load("history_operations.json")["operations"]["data"])

    assert [row.rentprog_id for row in page.rows] == list(range(9000008, 9000000, -1))
    assert page.rows[-1].entry.kind is HistoryKind.BOOKING_ISSUED
    assert page.rows[0].entry.kind is HistoryKind.UNKNOWN
    assert page.rows[0].description == "Иван Петров сделал что-то новое"
