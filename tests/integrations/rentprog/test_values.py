import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.rentprog import values
from integrations.rentprog.storable import storable_tree
from integrations.rentprog.values import BadValueError

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("wire", "amount"),
    [
        (90, "90.00"),
        (Decimal("81.43"), "81.43"),
        ("269.98", "269.98"),
        (Decimal("-12.299999999999997"), "-12.30"),
        (Decimal("0.005"), "0.01"),
        ("0", "0.00"),
    ],
)
def test_money_is_a_decimal_of_two_places_however_it_came(wire, amount):
    assert str(values.money(wire)) == amount


@pytest.mark.parametrize("wire", [7, "7", "007"])
def test_f14_an_id_is_the_same_as_int_and_as_text(wire):
    assert values.identity(wire) == 7


@pytest.mark.parametrize("wire", [None, "", "null"])
@pytest.mark.parametrize(
    "read", [values.text, values.integer, values.money, values.number, values.optional_flag, values.identity]
)
def test_null_and_its_texts_mean_missing(read, wire):
    assert read(wire) is None


@pytest.mark.parametrize(
    ("read", "wire", "reason"),
    [
        (values.identity, True, "bad_id"),
        (values.identity, 0, "bad_id"),
        (values.identity, -5, "bad_id"),
        (values.identity, Decimal("7.5"), "bad_id"),
        (values.identity, "7a", "bad_id"),
        (values.identity, "٧", "bad_id"),
        (values.identity, 2**63, "bad_id"),
        (values.required_identity, None, "no_id"),
        (values.integer, True, "bad_integer"),
        (values.integer, Decimal("7.5"), "bad_integer"),
        (values.integer, "12 345", "bad_integer"),
        (values.integer, 2**31, "number_out_of_range"),
        (values.money, True, "bad_number"),
        (values.money, "NaN", "bad_number"),
        (values.money, "1e5", "bad_number"),
        (values.money, "12,5", "bad_number"),
        (values.money, Decimal("1e999999"), "number_out_of_range"),
        (values.money, Decimal("Infinity"), "number_out_of_range"),
        (values.text, True, "bad_text"),
        (values.text, ["a"], "bad_text"),
        (values.optional_flag, "да", "bad_flag"),
        (values.optional_flag, 2, "bad_flag"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(read, wire, reason):
    with pytest.raises(BadValueError, match=reason):
        read(wire)


@pytest.mark.parametrize(("wire", "year"), [(2018, 2018), ("2018", 2018), (Decimal("2018.0"), 2018), ("2018.0", 2018)])
def test_whole_numbers_come_as_ints_texts_and_floats(wire, year):
    assert values.integer(wire) == year


@pytest.mark.parametrize(("wire", "expected"), [(True, True), ("true", True), (1, True), (0, False), ("false", False)])
def test_flags_come_as_bools_numbers_and_texts(wire, expected):
    assert values.optional_flag(wire) is expected


def test_a_flag_without_a_third_state_reads_nil_as_false():
    assert values.flag(None) is False


@pytest.mark.parametrize("wire", [2, "2", 0, None, 40])
def test_g8_an_unknown_currency_id_is_refused(wire):
    with pytest.raises(BadValueError):
        values.currency(wire)


@pytest.mark.parametrize(("wire", "code"), [(39, "GEL"), ("1", "USD"), (3, "EUR")])
def test_g8_the_three_known_currencies(wire, code):
    assert values.currency(wire) == code


@pytest.mark.parametrize("phone", ["+1 (000) 000-00-01", "10000000001", "1 000 000 00 01"])
def test_a_phone_in_any_notation_has_the_same_digits(phone):
    assert values.digits(phone) == "10000000001"


@pytest.mark.parametrize("phone", [None, "-", "none"])
def test_a_phone_without_digits_is_none(phone):
    assert values.digits(phone) is None


@pytest.mark.parametrize("wire", ["O'Brien", 'say "hi"', "a, b; -- c", "back\\slash", "'; DROP TABLE x;--", "Ираклий"])
def test_f10_awkward_texts_survive_unchanged(wire):
    assert values.text(wire) == wire


def test_nul_and_lone_surrogates_become_visible_escapes():
    assert values.text("a\x00b\ud800c") == "a\\u0000b\\ud800c"


@given(ANYTHING)
@pytest.mark.parametrize(
    "read",
    [
        values.text,
        values.integer,
        values.money,
        values.number,
        values.optional_flag,
        values.flag,
        values.identity,
        values.currency,
    ],
)
def test_a_converter_gives_a_value_or_refuses_and_never_crashes(read, wire):
    with contextlib.suppress(BadValueError):
        read(wire)


@given(ANYTHING)
def test_whatever_json_held_becomes_storable(wire):
    tree = storable_tree(wire)

    assert "\\u0000" not in repr(tree).replace("\\\\u0000", "")
    repr(tree).encode()


@pytest.mark.parametrize(
    ("wire", "stored"),
    [
        (Decimal("-12.299999999999997"), -12.299999999999997),
        (Decimal("81.43"), 81.43),
        (Decimal("1e999"), "1E+999"),
        (Decimal("0.1234567890123456789012345"), "0.1234567890123456789012345"),
        (Decimal(10) ** 400, "1" + "0" * 400),
    ],
)
def test_raw_numbers_stay_exact(wire, stored):
    kept = storable_tree({"n": [wire]})["n"][0]

    assert Decimal(str(kept)) == Decimal(str(stored))
