"""RentProg is down, slow, refuses our token or breaks off in the middle; nothing is half-applied, and it recovers."""

from typing import Any

import pytest

from core.ids import rentprog_id
from db.queries import evidence, status
from sandbox.company.telegram import ALERTS_CHAT_ID
from tests.flows.company import FREE, TBILISI, Company, car_id
from tests.flows.test_bookings import book, times
from tests.wait import wait_until

TROUBLES = [
    pytest.param({"status": 503}, id="5xx"),
    pytest.param({"latency_s": 2.0}, id="too slow"),
    pytest.param({"half": True}, id="half an answer"),
    pytest.param({"drop": True}, id="cut off"),
    pytest.param({"status": 200, "body": "<html>please sign in</html>"}, id="a web page"),
]


async def waits_for_rentprog(company: Company) -> list[str]:
    """What `jarvis status` says about work that cannot go on."""
    return [str(queue["last_error"]) for queue in await company.ask(status.queues) if queue["last_error"]]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_booking_that_comes_while_rentprog_is_in_trouble_is_stored_whole_once_it_is_well(
    company: Company, trouble: dict[str, Any]
) -> None:
    await company.order("rentprog/faults", times=1000, **trouble)
    booking = await book(company)
    await wait_until(lambda: waits_for_rentprog(company))
    assert await company.ask(evidence.booking, rentprog_id("booking", booking)) is None
    await company.http.delete("rentprog/faults")
    await company.quiet()
    assert await times(company, booking) == {"created": 1, "issued": 0, "returned": 0, "cancelled": 0}
    stored = await company.ask(evidence.booking, rentprog_id("booking", booking))
    assert stored is not None
    assert stored["car_id"] == car_id(FREE)
    assert stored["client_id"] is not None
    assert (await company.ask(evidence.unfinished))["dead"] == 0


@pytest.mark.parametrize("trouble", TROUBLES[:3])
async def test_a_reconcile_that_meets_trouble_goes_on_at_its_page_and_takes_nothing_for_deleted(
    company: Company, trouble: dict[str, Any]
) -> None:
    await company.director.act(f"cars/{FREE}", fields={"mileage": 150_600}, webhook=False)
    before = await company.ask(evidence.rows_stored)
    await company.order("rentprog/faults", branch=TBILISI, times=1000, **trouble)
    await company.start_reconcile(TBILISI)
    await wait_until(lambda: waits_for_rentprog(company))
    [open_pass] = [one for one in await company.ask(status.syncs) if one["open_pass"] is not None]
    assert open_pass["branch"] == TBILISI
    assert await company.ask(evidence.rows_stored) == before
    await company.http.delete("rentprog/faults")
    await company.quiet()
    assert await company.ask(evidence.mileage_of, car_id(FREE)) == 150_600
    assert await company.ask(evidence.rows_stored) == before
    assert [one["open_pass"] for one in await company.ask(status.syncs)] == [None, None]
    assert (await company.ask(evidence.unfinished))["dead"] == 0


async def test_a_token_that_rentprog_refuses_is_raised_to_staff_and_work_goes_on_once_it_is_accepted(
    company: Company,
) -> None:
    await company.order("rentprog/faults", times=1000, status=401)
    await company.order("rentprog/tokens/expire")
    booking = await book(company)
    await company.reads(ALERTS_CHAT_ID, "rental_sync")
    assert await company.ask(evidence.booking, rentprog_id("booking", booking)) is None
    assert await waits_for_rentprog(company)
    await company.http.delete("rentprog/faults")
    await company.quiet()
    assert await times(company, booking) == {"created": 1, "issued": 0, "returned": 0, "cancelled": 0}
