"""What a webhook means against what is stored: every rule of "Applying events" without any I/O."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from agents.rental_sync.decide import Age, Decision, Verdict, Why, age_of, judge, refusal_of
from agents.rental_sync.rows import Links, next_state
from integrations.rentprog import EVENTS
from tests.agents.rental_sync.told import NOW, SETTINGS, delivery, source, stored, whole


def judged(event, payload, row=None, *, branch="tbilisi", is_repeat=False, is_buried=False) -> Decision:
    told = delivery(event, payload, branch=branch)
    return judge(told, row, is_repeat=is_repeat, is_buried=is_buried, settings=SETTINGS)


def columns_of(decision: Decision):
    assert decision.told is not None, decision
    return dict(decision.told.columns)


def test_f2_only_the_keys_of_the_diff_are_patched():
    decision = judged("booking_update", {"id": 500001, "total": [487.0, 455.5]}, stored("booking"))
    assert decision.verdict is Verdict.PATCH
    assert columns_of(decision) == {"total": Decimal("455.50")}


def test_f2_an_explicit_null_clears_just_that_field():
    decision = judged("booking_update", {"id": 500001, "deposit": [270, None]}, stored("booking"))
    assert columns_of(decision) == {"deposit": None}


@pytest.mark.parametrize("event", EVENTS)
def test_f3_every_one_of_the_nine_names_is_judged(event):
    entity, operation = EVENTS[event]
    number = stored(entity)["rentprog_id"]
    verdicts = {"create": Verdict.FETCH, "update": Verdict.NOTHING, "destroy": Verdict.DESTROY}
    assert judged(event, {"id": number}, stored(entity)).verdict is verdicts[operation]


def test_f4_a_company_diff_moves_the_car_whichever_address_it_came_through():
    row = stored("car")
    decision = judged("car_update", {"id": 61000, "company_id": [1003, 1001]}, row, branch="kutaisi")
    assert columns_of(decision) == {"company_id": 1001}
    assert decision.told is not None
    change = next_state(row, decision.told, source(), Links(), SETTINGS)
    assert (change.after["branch"], change.after["company_id"]) == ("tbilisi", 1001)


@pytest.mark.parametrize("company_id", [1000, 4711])
@pytest.mark.parametrize("content", ["update", "create"])
def test_f4_the_parent_and_unknown_companies_are_refused_loudly(company_id, content):
    payloads = {"update": {"id": 61000, "company_id": [1003, company_id], "mileage": [100, 200]}}
    payload = payloads.get(content, {"id": 61000, "company_id": company_id})
    decision = judged(f"car_{content}", payload, stored("car"))
    assert (decision.verdict, decision.why) == (Verdict.QUARANTINE, Why.UNKNOWN_COMPANY)
    assert decision.company_id == company_id


def test_f4_a_car_that_loses_its_company_is_asked_for_instead_of_placed():
    decision = judged("car_update", {"id": 61000, "company_id": [1003, None]}, stored("car"))
    assert decision.verdict is Verdict.FETCH


def test_a_create_through_another_branch_is_fetched_with_a_warning():
    decision = judged("car_create", {"id": 61001, "company_id": 1002}, branch="tbilisi")
    assert (decision.verdict, decision.why, decision.company_id) == (Verdict.FETCH, Why.BRANCH_DIFFERS, 1002)


def test_f5_both_sides_of_a_date_are_wall_time_in_tbilisi():
    pair = ["21-11-2025 10:00", "22-11-2025 9:00"]
    decision = judged("booking_update", {"id": 500001, "start_date": pair}, stored("booking"))
    assert columns_of(decision)["start_at"].isoformat() == "2025-11-22T05:00:00+00:00"


def test_an_old_side_that_is_not_stored_is_out_of_order():
    decision = judged("booking_update", {"id": 500001, "total": [100, 200]}, stored("booking"))
    assert (decision.verdict, decision.why) == (Verdict.FETCH, Why.SUPERSEDED)


def test_an_older_updated_at_is_out_of_order():
    row = stored("car", updated_at="2026-01-10T15:00:00.000+04:00")
    pairs = {"mileage": [100, 200], "updated_at": ["2026-01-10T13:00:00.000+04:00", "2026-01-10T14:00:00.000+04:00"]}
    assert judged("car_update", {"id": 61000, **pairs}, row).why is Why.SUPERSEDED


def test_a_stored_value_that_is_already_the_new_one_needs_nothing():
    decision = judged("booking_update", {"id": 500001, "total": [1, 487]}, stored("booking"))
    assert (decision.verdict, decision.why) == (Verdict.NOTHING, Why.ALREADY_SO)


def test_of_two_fields_only_the_one_that_is_not_so_yet_is_patched():
    pairs = {"total": [1, 487], "deposit": [270, 300]}
    assert columns_of(judged("booking_update", {"id": 500001, **pairs}, stored("booking"))) == {
        "deposit": Decimal("300.00")
    }


def test_g1_a_text_that_may_be_a_toggle_is_fetched_and_not_applied():
    decision = judged("booking_update", {"id": 500001, "total": [487, 1]}, stored("booking"), is_repeat=True)
    assert (decision.verdict, decision.why, decision.told) == (Verdict.FETCH, Why.REPEATED, None)


def test_g28_a_list_of_two_in_a_field_of_its_own_kind_is_no_diff():
    decision = judged("car_update", {"id": 61000, "price_periods": ["1-2", "3-4"]}, stored("car"))
    assert decision.verdict is Verdict.NOTHING


def test_g28_a_list_in_a_create_is_never_unwrapped():
    told = delivery("car_create", {"id": 61000, "mileage": [1, 2]})
    assert not told.changes


@pytest.mark.parametrize("value", ["31-02-2025 10:00", ["24-11-2025 9:00", "31-02-2025 10:00"]])
def test_a_value_that_cannot_be_read_is_fetched_not_guessed(value):
    decision = judged("booking_update", {"id": 500001, "end_date": value}, stored("booking"))
    assert (decision.verdict, decision.why) == (Verdict.FETCH, Why.UNREADABLE)


def test_an_update_of_something_unknown_is_fetched():
    assert judged("car_update", {"id": 61000, "mileage": [1, 2]}).why is Why.UNKNOWN


def test_an_update_after_a_tombstone_is_fetched():
    assert judged("car_update", {"id": 61000, "mileage": [1, 2]}, is_buried=True).why is Why.DELETED


def test_an_update_of_a_deleted_row_is_fetched():
    row = stored("car") | {"deleted_at": NOW}
    assert judged("car_update", {"id": 61000, "mileage": [100, 2]}, row).why is Why.DELETED


def test_a_destroy_of_something_unknown_leaves_a_tombstone():
    assert judged("car_destroy", {"id": 61000}).verdict is Verdict.BURY


def test_a_second_destroy_needs_nothing():
    row = stored("car") | {"deleted_at": NOW}
    assert judged("car_destroy", {"id": 61000}, row).verdict is Verdict.NOTHING


def test_a_flag_that_was_never_told_counts_as_off_before_a_change():
    row = stored("booking") | {"technical": None}
    assert columns_of(judged("booking_update", {"id": 500001, "technical": [False, True]}, row)) == {"technical": True}


def test_one_part_of_a_name_is_compared_with_the_same_part():
    row = stored("booking")
    decision = judged("booking_update", {"id": 500001, "last_name": ["Client", "Person"]}, row)
    assert decision.told is not None
    change = next_state(row, decision.told, source(), Links(), SETTINGS)
    assert change.after["client_name"] == "Test Person"
    assert change.after["raw"]["last_name"] == "Person"


def test_a_booking_that_goes_to_another_branch_follows_its_company():
    row = stored("booking")
    decision = judged("booking_update", {"id": 500001, "company_id": [1001, 1002]}, row)
    assert decision.told is not None
    assert next_state(row, decision.told, source(), Links(), SETTINGS).after["branch"] == "kutaisi"


# -- whole objects against what is stored -----------------------------------------------------------------------------


def age(row, told, *, asked_at=NOW, buried_at=None):
    change = next_state(row, told, source(asked_at=asked_at), Links(), SETTINGS)
    return age_of(change, told, asked_at=asked_at, buried_at=buried_at)


def test_the_greater_updated_at_wins():
    row = stored("car", updated_at="2026-01-10T15:00:00.000+04:00")
    older = whole("car", mileage=50, updated_at="2026-01-10T14:59:59.999+04:00")
    newer = whole("car", mileage=50, updated_at="2026-01-10T15:00:00.001+04:00")
    assert (age(row, older), age(row, newer)) == (Age.OLDER, Age.NEWER)


def test_a_row_written_after_the_question_is_asked_for_again():
    row = stored("car") | {"updated_at": NOW + timedelta(seconds=1)}
    assert age(row, whole("car", mileage=50)) is Age.UNSURE
    assert age(row, whole("car")) is Age.NEWER


def test_an_object_destroyed_after_the_question_is_asked_for_again():
    assert age(None, whole("car"), buried_at=NOW + timedelta(seconds=1)) is Age.UNSURE
    assert age(None, whole("car"), buried_at=NOW - timedelta(seconds=1)) is Age.NEWER


def test_a_whole_object_without_a_field_keeps_the_stored_value():
    told = whole("car", mileage=200)
    partial = replace(told, columns={name: value for name, value in told.columns.items() if name != "plate"})
    change = next_state(stored("car"), partial, source(), Links(), SETTINGS)
    assert (change.after["plate"], change.after["mileage"]) == ("AA-001-AA", 200)
    assert change.changed == {"mileage"}


@pytest.mark.parametrize("company_id", [1000, 4711])
@pytest.mark.parametrize("entity", ["car", "client", "booking"])
def test_f4_a_fetched_object_of_an_unknown_company_is_refused(entity, company_id):
    assert refusal_of(whole(entity, company_id=company_id), None, SETTINGS) is Why.UNKNOWN_COMPANY


def test_f4_a_new_car_without_a_company_is_not_put_anywhere():
    assert refusal_of(whole("car", company_id=None), None, SETTINGS) is Why.NO_COMPANY
    assert refusal_of(whole("car", company_id=None), stored("car"), SETTINGS) is None
