"""Whatever RentProg does wrong becomes one of the four errors, and the next good answer is read again."""

from collections.abc import Iterator

import pytest

from core.errors import Broken, NeedsAttention, Temporary
from integrations.rentprog import BadRecord
from tests.contract.rentprog_calls import IMPATIENT, calling
from tests.sandbox.twin_at_work import TwinAtWork, twin_at_work


@pytest.fixture
def twin() -> Iterator[TwinAtWork]:
    with twin_at_work() as at_work:
        yield at_work


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"drop": True}], ids=str)
async def test_a_passing_failure_is_not_noticed_and_a_lasting_one_is_temporary(
    twin: TwinAtWork, fault: dict[str, object]
):
    async with calling(twin) as client:
        twin.order("faults", operation="internal.users", times=2, **fault)
        assert (await client.users()).rows
        twin.order("faults", operation="internal.users", times=3, **fault)
        with pytest.raises(Temporary):
            await client.users()
        assert (await client.users()).rows


async def test_a_server_that_does_not_answer_in_time_is_asked_again_and_then_given_up(twin: TwinAtWork):
    async with calling(twin, patience=IMPATIENT) as client:
        twin.order("faults", operation="internal.users", times=1, latency_s=2.5)
        assert (await client.users()).rows
        twin.order("faults", operation="internal.users", times=3, latency_s=2.5)
        with pytest.raises(Temporary, match="Timeout"):
            await client.users()
        assert (await client.users()).rows


@pytest.mark.parametrize(("told", "waits"), [({"retry_after": 7}, 7), ({}, 60)])
async def test_over_the_limit_means_waiting_as_long_as_asked(twin: TwinAtWork, told: dict[str, int], waits: int):
    twin.order("faults", operation="internal.users", status=429, **told)
    async with calling(twin) as client:
        assert (await client.users()).rows
        assert client.timer.longest == pytest.approx(waits, abs=0.5)


async def test_the_vendors_own_limit_is_waited_out(twin: TwinAtWork):
    twin.order("limits", per_minute={"get": 1})
    async with calling(twin) as client:
        await client.cars()
        assert (await client.cars()).rows
        assert client.timer.longest > 30


@pytest.mark.parametrize("fault", [{"half": True}, {"status": 200, "body": '{"data": [1, 2'}], ids=["half", "broken"])
async def test_half_a_page_is_no_page(twin: TwinAtWork, fault: dict[str, object]):
    async with calling(twin) as client:
        twin.order("faults", operation="public.all_cars_full", **fault)
        with pytest.raises(Temporary):
            await client.cars()
        assert (await client.cars()).rows


async def test_a_web_page_with_200_is_never_taken_for_data(twin: TwinAtWork):
    page = "<!doctype html><title>Sign in</title>"
    async with calling(twin) as client:
        twin.order("faults", operation="public.all_cars_full", status=200, body=page)
        with pytest.raises(Temporary):
            await client.cars()
        twin.order("faults", operation="internal.users", status=200, body=page)
        with pytest.raises(NeedsAttention):
            await client.users()
        assert (await client.cars()).rows
        assert (await client.users()).rows


@pytest.mark.parametrize("body", [{"message": "ok"}, "null", "7", {"data": {"rows": []}}], ids=str)
async def test_an_answer_of_another_shape_is_never_an_empty_list(twin: TwinAtWork, body: object):
    twin.order("faults", operation="public.all_cars_full", status=200, body=body)
    async with calling(twin) as client:
        with pytest.raises(Broken):
            await client.cars()


async def test_one_bad_row_in_ten_is_told_and_the_nine_others_are_read(twin: TwinAtWork):
    twin.order("bookings/500004", fields={"start_date": "31-02-2030 10:00"}, webhook=False)
    async with calling(twin) as client:
        page = await client.booking_page(1)
        with pytest.raises(BadRecord):
            await client.booking(500004)
    assert [(bad.rentprog_id, bad.reason, bad.field) for bad in page.bad_rows] == [(500004, "bad_date", "start_date")]
    assert len(page.rows) == page.received - 1
    assert page.received >= 9
