from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.rentprog.dates import (
    TBILISI,
    SeasonDay,
    iso_date,
    iso_datetime,
    local_datetime,
    request_datetime,
    season_day,
    ui_datetime,
)
from integrations.rentprog.prices import Season
from integrations.rentprog.values import BadValueError
from tests.integrations.rentprog.conftest import load

READERS = {
    "local_datetime": local_datetime,
    "iso": iso_datetime,
    "date": iso_date,
    "season_day": season_day,
    "ui_datetime": ui_datetime,
}
VECTORS = load("date_vectors.json")
GOOD_MOMENTS = [vector for vector in VECTORS if vector.get("expected_utc")]
BLANKS = [vector for vector in VECTORS if vector.get("expected_utc", "absent") is None]
BAD = [vector for vector in VECTORS if "error" in vector]


@pytest.mark.parametrize("vector", GOOD_MOMENTS, ids=lambda vector: vector["input"])
def test_moments_of_the_vectors_are_aware_utc(vector):
    moment = READERS[vector["kind"]](vector["input"])

    assert moment == datetime.fromisoformat(vector["expected_utc"])
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize("vector", BLANKS, ids=lambda vector: repr(vector["input"]))
def test_blanks_of_the_vectors_are_no_value(vector):
    assert READERS[vector["kind"]](vector["input"]) is None


@pytest.mark.parametrize("vector", BAD, ids=lambda vector: vector["input"])
def test_impossible_dates_of_the_vectors_are_refused(vector):
    with pytest.raises(BadValueError, match=vector["error"]):
        READERS[vector["kind"]](vector["input"])


def test_vectors_are_all_used():
    plain = [vector for vector in VECTORS if "expected" in vector]

    assert len(GOOD_MOMENTS) + len(BLANKS) + len(BAD) + len(plain) == len(VECTORS)


def test_dates_and_season_days_of_the_vectors():
    assert iso_date("2025-04-30") == date(2025, 4, 30)
    assert season_day("01.11") == SeasonDay(month=11, day=1)


def test_f5_an_unpadded_hour_is_wall_time_in_tbilisi():
    assert local_datetime("24-11-2025 9:00") == datetime(2025, 11, 24, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(("text", "day"), [("14-11-2025 0:30", (2025, 11, 13)), ("03-11-2025 12:00", (2025, 11, 3))])
def test_f6_the_day_comes_before_the_month_above_and_below_twelve(text, day):
    assert local_datetime(text).date() == date(*day)


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (iso_date, "03.11.2025"),
        (iso_date, "03-11-2025"),
        (iso_date, "11/03/2025"),
        (iso_date, "2025-02-30"),
        (iso_date, "2025-11-03T10:00:00+04:00"),
        (local_datetime, "2025-11-03 10:00"),
        (local_datetime, "03.11.2025 10:00"),
        (local_datetime, "03-11-2025"),
        (local_datetime, "03-11-2025 24:00"),
        (local_datetime, "03-11-2025 10:60"),
        (local_datetime, "03-13-2025 10:00"),
        (local_datetime, "03-11-2025 10:00 "),
        (local_datetime, "03-11-2025 10:00\n"),
        (local_datetime, "٠٣-11-2025 10:00"),
        (local_datetime, "01-01-0001 0:00"),
        (local_datetime, 20251103),
        (local_datetime, ["03-11-2025 10:00"]),
        (iso_datetime, "2025-11-03T10:00:00"),
        (iso_datetime, "2025-11-03"),
        (season_day, "31.02"),
        (season_day, "11.31"),
        (ui_datetime, "05 абвг. 25 18:46"),
        (ui_datetime, "31 февр. 25 18:46"),
    ],
)
def test_g18_no_format_is_ever_guessed(reader, text):
    with pytest.raises(BadValueError, match="bad_date"):
        reader(text)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("05 янв. 25 18:46", 1),
        ("05 февр. 25 18:46", 2),
        ("05 мар. 25 18:46", 3),
        ("05 апр. 25 18:46", 4),
        ("05 мая 25 18:46", 5),
        ("05 июн. 25 18:46", 6),
        ("05 июля 25 18:46", 7),
        ("05 авг. 25 18:46", 8),
        ("05 сент. 25 18:46", 9),
        ("05 окт. 25 18:46", 10),
        ("05 нояб. 25 18:46", 11),
        ("05 дек. 25 18:46", 12),
    ],
)
def test_every_russian_month_of_the_web_pages_is_known(text, month):
    assert ui_datetime(text) == datetime(2025, month, 5, 14, 46, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - wall time
def test_any_minute_survives_the_way_to_the_wire_and_back(wall):
    moment = wall.replace(second=0, microsecond=0, tzinfo=TBILISI)
    text = f"{moment:%d-%m-%Y} {moment.hour}:{moment:%M}"

    assert local_datetime(text) == moment


def test_a_moment_is_asked_for_in_local_time_without_a_padded_hour():
    assert request_datetime(datetime(2025, 11, 22, 5, 0, tzinfo=UTC)) == "22-11-2025 9:00"


def test_a_season_may_wrap_over_the_new_year():
    winter = Season.from_wire({"id": "1", "name": "Зима", "start_date": "01.11", "end_date": "2025-03-31"})

    assert winter.rentprog_id == 1
    assert winter.covers(SeasonDay(month=12, day=31))
    assert winter.covers(SeasonDay(month=3, day=31))
    assert not winter.covers(SeasonDay(month=4, day=1))


def test_a_season_inside_one_year_covers_only_its_days():
    summer = Season.from_wire({"id": 2, "name": "Лето", "start_date": "01.04", "end_date": "31.10"})

    assert summer.covers(SeasonDay(month=4, day=1))
    assert not summer.covers(SeasonDay(month=1, day=5))
