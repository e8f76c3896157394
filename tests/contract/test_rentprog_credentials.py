"""Tokens of RentProg end, are refused, are bought again, by one caller for all."""

import asyncio
from collections.abc import Iterator

import pytest

from core.errors import NeedsAttention, Temporary
from sandbox.company.branches import TBILISI
from tests.contract.rentprog_calls import calling, calls
from tests.sandbox.twin_at_work import TwinAtWork, twin_at_work


@pytest.fixture
def twin() -> Iterator[TwinAtWork]:
    with twin_at_work() as at_work:
        yield at_work


async def test_many_coroutines_buy_one_token_at_first_and_one_when_it_has_ended(twin: TwinAtWork):
    twin.order("limits", enabled=False)
    async with calling(twin) as client:
        await asyncio.gather(*(client.cars() for _ in range(20)))
        assert calls(twin, "public.get_token") == 1
        twin.order("tokens/expire", branch="tbilisi")
        await asyncio.gather(*(client.cars() for _ in range(20)))
    assert calls(twin, "public.get_token") == 2


async def test_a_token_is_renewed_before_its_four_minutes_are_over(twin: TwinAtWork):
    async with calling(twin) as client:
        await client.cars()
        twin.clock.advance(238)
        await client.cars()
    assert calls(twin, "public.get_token") == 2
    assert all(call["ok"] for call in twin.read("journal")["calls"])


async def test_a_token_that_ends_in_the_middle_of_a_list_is_replaced_without_a_word(twin: TwinAtWork):
    twin.order("tokens/expire", branch="tbilisi", after_calls=2)
    async with calling(twin) as client:
        for _ in range(4):
            await client.cars()
    assert calls(twin, "public.get_token") == 2


async def test_a_second_refusal_of_a_fresh_token_is_an_error_and_no_third_try(twin: TwinAtWork):
    twin.order("faults", operation="public.all_cars_full", status=401, times=5)
    async with calling(twin) as client:
        with pytest.raises(NeedsAttention):
            await client.cars()
        assert (calls(twin, "public.all_cars_full"), calls(twin, "public.get_token")) == (2, 2)
        twin.http.delete("/_sandbox/rentprog/faults")
        assert (await client.cars()).rows


async def test_a_token_that_nobody_knows_is_replaced_by_a_good_one(twin: TwinAtWork):
    wrong = {"token": "header.payload.signature", "exp": "2100-01-10T12:04:00.000+00:00"}
    twin.order("faults", operation="public.get_token", status=200, body=wrong)
    async with calling(twin) as client:
        assert (await client.cars()).rows
    assert calls(twin, "public.get_token") == 2


async def test_an_ended_web_token_asks_for_a_person_at_once(twin: TwinAtWork):
    async with calling(twin) as client:
        twin.order("tokens/expire", plane="internal")
        with pytest.raises(NeedsAttention):
            await client.users()
    assert calls(twin, "internal.users") == 1


async def test_a_403_points_at_the_headers(twin: TwinAtWork):
    twin.order("faults", operation="internal.users", status=403)
    async with calling(twin) as client:
        with pytest.raises(NeedsAttention, match="Origin"):
            await client.users()
        assert (await client.users()).rows


async def test_no_error_shows_a_token(twin: TwinAtWork):
    twin.order("faults", status=500, times=3)
    async with calling(twin) as client:
        with pytest.raises(Temporary) as caught:
            await client.cars()
    assert TBILISI.company_token not in str(caught.value)
