"""What the tools answer: computed by the company's rules, of this client only, with the unknown said as unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.reading_tools import unfounded
from core.errors import Rejected
from tests.agents.reading_tools.company import CX5, NOW, PRIUS, ROGUE

START, END = datetime.fromisoformat("2026-03-10T10:00"), datetime.fromisoformat("2026-03-14T10:00")
"""Wall times, as a model writes them."""
OUT, BACK = datetime(2026, 3, 10, 6, tzinfo=UTC), datetime(2026, 3, 14, 6, tzinfo=UTC)
"""The same moments: Georgia is four hours ahead."""


async def test_a_car_that_is_booked_in_the_window_is_not_offered(make_tools, mirror):
    await mirror.booking(ROGUE, OUT, BACK)
    found = await make_tools().availability(START, END)
    assert [(offer.model, offer.needs_transfer) for offer in found.offers] == [
        ("Toyota Prius", False),
        ("Mazda CX-5", True),
    ]
    assert (found.number_free, found.days) == (1, 4)
    assert found.start == "Tuesday 10 March 2026 10:00"


async def test_a_car_that_comes_back_at_the_very_hour_is_free(make_tools, mirror):
    await mirror.booking(ROGUE, OUT - timedelta(days=2), OUT)
    found = await make_tools().availability(START, END, words="rogue")
    assert [offer.car for offer in found.offers] == [ROGUE]


async def test_a_car_whose_booking_nobody_understands_is_no_promise(make_tools, mirror):
    await mirror.booking(ROGUE, OUT, BACK, state="unknown")
    (offer,) = (await make_tools().availability(START, END, words="rogue")).offers
    assert offer.is_certain is False


async def test_words_that_fit_no_car_bring_the_models_there_are(make_tools):
    found = await make_tools().availability(START, END, words="Ferrari")
    assert found.offers == ()
    assert found.known_models == ("Mazda CX-5", "Nissan Rogue", "Toyota Prius")


@pytest.mark.parametrize(
    ("start", "end"),
    [(END, START), (START - timedelta(days=60), START - timedelta(days=58)), (START, START + timedelta(days=400))],
)
async def test_a_window_that_makes_no_sense_is_refused(make_tools, start, end):
    with pytest.raises(Rejected):
        await make_tools().availability(start, end)


async def test_a_price_is_the_list_of_rentprog_by_the_rules_with_every_figure_a_fact(make_tools):
    tools = make_tools()
    found = await tools.price(ROGUE, START, END)
    listed = await tools.rentprog["tbilisi"].car_prices(ROGUE)
    winter = next(row for row in listed.prices.rows if row.season_rentprog_id == 1)
    per_day = winter.values[1]  # the bucket of 3 to 4 days
    assert found.total == f"{per_day * 4:.2f} USD"
    assert (found.days, found.is_free, found.unknown) == (4, True, ())
    assert unfounded(f"4 days, {per_day * 4} USD in all, {per_day} USD a day", tools.facts) == []


async def test_delivery_and_hours_are_added_by_the_rules(make_tools):
    found = await make_tools().price(ROGUE, START.replace(hour=6), END, issue_point="airport")
    assert {line.what: line.amount for line in found.lines if line.what != "rent"} == {
        "delivery": "20.00 USD",
        "return": "20.00 USD",
        "out_of_hours_issue": "20.00 USD",
    }


async def test_a_place_without_a_tariff_leaves_the_price_unknown_and_the_car_offered(make_tools):
    tools = make_tools()
    found = await tools.price(ROGUE, START, END, issue_city="Yerevan", issue_point="address")
    assert found.total is None
    assert any("no_tariff" in why for why in found.unknown)
    assert found.is_free is True
    assert len(unfounded("It costs 300 USD for 4 days", tools.facts)) == 1


async def test_a_one_way_return_without_a_known_home_is_for_a_person(make_tools):
    found = await make_tools().price(ROGUE, START, END, return_city="Batumi")
    assert found.total is None
    assert any("home_branch_unknown" in why for why in found.unknown)


async def test_an_extra_without_a_price_is_unknown_and_not_free(make_tools):
    found = await make_tools().price(ROGUE, START, END, extras=("child seat",))
    assert found.total is None
    assert found.unknown == ("no_extra_price: child seat",)


async def test_a_price_list_that_cannot_be_read_is_no_price(make_tools):
    found = await make_tools(apis={}).price(ROGUE, START, END)
    assert found.total is None
    assert found.unknown == ("price list could not be read",)


async def test_a_car_that_does_not_exist_is_refused(make_tools):
    with pytest.raises(Rejected):
        await make_tools().price(99999, START, END)


async def test_without_a_branch_a_car_is_priced_where_it_stands(make_tools):
    tools = make_tools(branch=None)
    assert [line.what for line in (await tools.price(CX5, START, END)).lines] == ["rent"]
    with pytest.raises(Rejected, match="Which branch"):
        await tools.availability(START, END)


async def test_only_the_bookings_of_this_client_are_told(make_tools, mirror):
    mine, other = await mirror.client(1), await mirror.client(2)
    await mirror.booking(PRIUS, OUT, BACK, number=4101, client_id=mine, total=300, deposit=200)
    await mirror.booking(ROGUE, OUT, BACK, number=4102, client_id=other, total=999)
    tools = make_tools(mine)
    found = await tools.my_bookings()
    assert [(one.number, one.total) for one in found.bookings] == [(4101, "300 USD")]
    assert len(unfounded("booking number 4102 for 999 USD", tools.facts)) == 2


async def test_whoever_is_not_known_has_no_bookings(make_tools, mirror):
    await mirror.booking(PRIUS, OUT, BACK, client_id=await mirror.client(1))
    found = await make_tools(None).my_bookings()
    assert (found.bookings, found.is_client_known) == ((), False)


async def test_the_branch_tells_its_hours_and_where_it_is(make_tools):
    tools = make_tools()
    found = await tools.branch_hours_and_address("batumi")
    assert (found.opens, found.closes, found.map_url) == ("09:00", "20:00", "https://maps.example/batumi")
    assert unfounded("09:00-20:00, Sea Street 12, https://maps.example/batumi", tools.facts) == []


async def test_a_branch_that_nobody_has_is_refused_with_those_there_are(make_tools):
    with pytest.raises(Rejected, match="tbilisi"):
        await make_tools().branch_hours_and_address("Paris")


async def test_maintenance_is_that_of_the_clients_own_car(make_tools, mirror):
    mine = await mirror.client(1)
    await mirror.booking(PRIUS, OUT, BACK, number=4101, client_id=mine)
    repair = {"technical": True, "repair": True}
    await mirror.booking(PRIUS, NOW, NOW + timedelta(days=2), number=4102, **repair)
    await mirror.booking(CX5, NOW, NOW + timedelta(days=2), number=4103, **repair)
    found = await make_tools(mine).maintenance_windows()
    assert [(one.model, one.start) for one in found.windows] == [("Toyota Prius", "Monday 2 March 2026 12:50")]
    strangers = make_tools(None)
    assert (await strangers.maintenance_windows()).windows == ()
    assert strangers.facts[-1].text == "nothing is known of maintenance"
