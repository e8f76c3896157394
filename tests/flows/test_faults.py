"""Redis forgets everything, a worker or a deliverer dies in the middle; the branch hardly notices."""

import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import redis

from db.queries import evidence
from orchestrator.roles import Role, deliver, worker
from tests.flows.company import ADMIN, FREE, TBILISI, Company, text_of
from tests.flows.conftest import start_working
from tests.flows.opening import ROLES, company_at_work, jarvis_running
from tests.flows.process import has_ended, role_process
from tests.flows.test_bookings import book, times

Opened = Callable[[Role], AbstractAsyncContextManager[Company]]


@pytest.fixture
def company_without(db_url: str, redis_url: str, tmp_path: Path) -> Opened:
    """A working day on which one role has just ended."""

    @asynccontextmanager
    async def opened(missing: Role) -> AsyncIterator[Company]:
        roles = [role for role in ROLES if role is not missing]
        async with company_at_work(db_url, redis_url, tmp_path, roles=roles) as company:
            async with jarvis_running(company, [missing]):
                await company.director.start(company.people[ADMIN])
                await company.synced()
                await start_working(company)
            yield company

    return opened


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


@pytest.mark.parametrize("point", ["worker.after_claim", "worker.before_commit", "worker.after_commit"])
async def test_a_worker_that_is_killed_in_the_middle_leaves_everything_as_without_a_fault(
    company_without: Opened, point: str
) -> None:
    async with company_without(worker) as company:
        booking = await book(company)
        await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
        with role_process(company, "worker", dies_at=point) as dying:
            assert await has_ended(dying) == -signal.SIGKILL
        async with jarvis_running(company, [worker]):
            await company.quiet()
        assert await times(company, booking) == {"created": 1, "issued": 1, "returned": 0, "cancelled": 0}
        assert len(await company.lines(TBILISI, FREE, "🔑")) == 1
        assert "👤" in text_of(await company.card(TBILISI, FREE))
        assert (await company.ask(evidence.unfinished))["dead"] == 0


async def test_a_card_whose_sender_was_killed_after_the_edit_is_edited_again_and_nobody_sees_it(
    company_without: Opened,
) -> None:
    async with company_without(deliver) as company:
        before = await company.in_topic(TBILISI, FREE)
        await company.director.act(f"cars/{FREE}", fields={"mileage": 150_500})
        await company.thought()
        with role_process(company, "deliver", dies_at="deliverer.after_send") as dying:
            assert await has_ended(dying) == -signal.SIGKILL
        assert "150\u00a0500" in text_of(await company.card(TBILISI, FREE))
        async with jarvis_running(company, [deliver]):
            await company.quiet()
        assert "150\u00a0500" in text_of(await company.card(TBILISI, FREE))
        after = await company.in_topic(TBILISI, FREE)
        assert [message["message_id"] for message in after] == [message["message_id"] for message in before]
        last = (await company.ask(evidence.tries_of, "telegram.show_car_card"))[-1]
        assert last["state"] == "sent"
        assert last["attempt"] > 1
        assert (await company.ask(evidence.unfinished))["dead"] == 0


async def test_a_line_whose_sender_was_killed_after_sending_comes_once_more_and_the_record_says_so(
    company_without: Opened,
) -> None:
    async with company_without(deliver) as company:
        booking = await book(company)
        await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
        await company.thought()
        with role_process(company, "deliver", dies_at="deliverer.after_send") as dying:
            assert await has_ended(dying) == -signal.SIGKILL
        assert len(await company.lines(TBILISI, FREE, "🔑")) == 1
        async with jarvis_running(company, [deliver]):
            await company.quiet()
        assert len(await company.lines(TBILISI, FREE, "🔑")) == 2
        last = (await company.ask(evidence.tries_of, "telegram.send_message"))[-1]
        assert last["state"] == "sent"
        assert last["attempt"] > 1
        assert (await company.ask(evidence.unfinished))["dead"] == 0
