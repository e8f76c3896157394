"""Redis forgets everything; the branch does not notice. What dying processes leave behind stands in tests/chaos."""

import redis

from tests.flows.company import FREE, TBILISI, Company, text_of
from tests.flows.test_bookings import book, times


async def test_a_redis_that_forgets_everything_costs_nothing(company: Company) -> None:
    with redis.Redis.from_url(company.servers.redis_url) as server:
        booking = await book(company)
        server.flushall()
        await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
        server.flushall()
        await company.quiet()
        await company.director.act(f"bookings/{booking}/return", mileage=150_900)
        server.flushall()
    await company.quiet()
    assert await times(company, booking) == {"created": 1, "issued": 1, "returned": 1, "cancelled": 0}
    assert len(await company.lines(TBILISI, FREE, "🔑")) == 1
    assert len(await company.lines(TBILISI, FREE, "🏁")) == 1
    assert "150\u00a0900" in text_of(await company.card(TBILISI, FREE))
