"""Rows 14 to 20 of the fault matrix: Postgres restarts, loses a backend, keeps silent, refuses, is full."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from db.migrate import upgrade
from db.rights import APP_ROLE, as_role, make_roles
from orchestrator.embedded import EmbeddedPostgres, running_postgres
from orchestrator.inbox import ANSWER_S
from tests.chaos.proxy import FaultProxy, address_of, through
from tests.chaos.trial_circle import Circle, Ways, circle_at_work, webhook
from tests.conftest import APP_PASSWORD
from tests.wait import wait_until

CARS = range(1, 11)
LATER_CARS = range(11, 21)
SENDERS_WAIT_S = 5.0
"""From a webhook to its answer, whatever Postgres does (row 17): the door's own deadline is shorter."""
BUSY_S = 10.0
"""What a machine that is busy may add to it. What is looked for is a door that waits as long as Postgres is silent."""
LONGEST_S = SENDERS_WAIT_S + BUSY_S

At = Callable[..., AbstractAsyncContextManager[Circle]]


@pytest.fixture
def circle_at(redis_url: str, owner_url: str) -> At:
    """``circle_at(url, worker=other_url)``: the circle at work, each role by its way to Postgres."""

    @asynccontextmanager
    async def at(database_url: str, *, pool: int = 10, **others: str) -> AsyncGenerator[Circle]:
        ways = {name: Ways(url, redis_url) for name, url in others.items()}
        usual = Ways(database_url, redis_url)
        async with circle_at_work(usual, truth_url=owner_url, database_pool=pool, **ways) as circle:
            yield circle

    return at


@pytest.fixture
async def proxy(db_url: str) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(address_of(db_url)) as proxy:
        yield proxy


class PostgresOfOurOwn:
    """A durable server that a test may stop, crash and start again."""

    def __init__(self, home: Path) -> None:
        self._data = home / "postgres"
        self._server = EmbeddedPostgres(self._data)
        self.owner_url = self._server.start()
        make_roles(self.owner_url, password=APP_PASSWORD)
        upgrade(self.owner_url)
        self.url = as_role(self.owner_url, APP_ROLE, password=APP_PASSWORD)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def crash(self) -> None:
        """Every process of it ends at once and nothing is written any more, as at a power cut of Postgres alone."""
        first_line = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
        os.kill(int(first_line), signal.SIGQUIT)
        while running_postgres(self._data) is not None:
            pass


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresOfOurOwn]:
    with tempfile.TemporaryDirectory(prefix="jarvis-pg-") as home:
        server = PostgresOfOurOwn(Path(home))
        yield server
        server.stop()


@pytest.fixture
def emptied(server: PostgresOfOurOwn) -> PostgresOfOurOwn:
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("TRUNCATE events, runs, commands, alarms, destinations CASCADE")
    return server


async def test_row_14_postgres_is_stopped_and_crashes_again_and_again(emptied: PostgresOfOurOwn, redis_url: str):
    ways = Ways(emptied.url, redis_url)
    async with circle_at_work(ways, truth_url=emptied.owner_url) as circle, asyncio.TaskGroup() as group:
        streaming = group.create_task(circle.sender.stream(CARS, each=10))
        for end in (emptied.stop, emptied.crash):
            await circle.answers(200, more=20)
            await asyncio.to_thread(end)
            await circle.answers(503, more=2)
            await asyncio.to_thread(emptied.start)
        await streaming
        await circle.assert_all_done_once(said_at_most=2)
        assert circle.sender.without_retry_after == 0
        assert circle.sender.slowest_s < LONGEST_S


KILL_A_BACKEND = {
    "terminated": lambda pid, connection: connection.execute("SELECT pg_terminate_backend(%s)", (pid,)),
    "killed": lambda pid, connection: os.kill(pid, signal.SIGKILL),
}


@pytest.mark.parametrize("way", sorted(KILL_A_BACKEND))
async def test_row_15_one_backend_is_killed(emptied: PostgresOfOurOwn, redis_url: str, way: str):
    ways = Ways(emptied.url, redis_url)
    async with circle_at_work(ways, truth_url=emptied.owner_url) as circle, asyncio.TaskGroup() as group:
        streaming = group.create_task(circle.sender.stream(CARS, each=6))
        await circle.answers(200, more=20)
        with psycopg.connect(emptied.owner_url, autocommit=True) as connection:
            [(pid,)] = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'jarvis' ORDER BY query_start DESC LIMIT 1"
            ).fetchall()
            KILL_A_BACKEND[way](pid, connection)
        await streaming
        await circle.assert_all_done_once(said_at_most=2)
        assert circle.sender.without_retry_after == 0


@pytest.mark.parametrize("fault", ["cut_before", "swallow_reply_to"])
async def test_row_16_the_reply_to_commit_is_lost_in_every_role(db_url: str, circle_at: At, fault: str):
    async with AsyncExitStack() as stack:
        proxies = {
            role: await stack.enter_async_context(FaultProxy(address_of(db_url)))
            for role in ("ingress", "worker", "deliver")
        }
        ways = {role: through(proxy, db_url) for role, proxy in proxies.items()}
        circle = await stack.enter_async_context(circle_at(db_url, **ways))
        for proxy in proxies.values():
            getattr(proxy, fault)(b"COMMIT", times=3)
        await circle.sender.stream(CARS, each=3)
        await circle.assert_all_done_once(said_at_most=2)
        assert {role: proxy.hits for role, proxy in proxies.items()} == dict.fromkeys(proxies, 3)
        assert circle.sender.answers[503] > 0
        assert circle.sender.without_retry_after == 0


async def test_row_17_a_postgres_that_keeps_silent_is_told_to_the_sender_before_its_patience_ends(
    db_url: str, proxy: FaultProxy, circle_at: At
):
    assert ANSWER_S < SENDERS_WAIT_S
    async with circle_at(through(proxy, db_url)) as circle:
        await circle.sender.stream(CARS)
        proxy.black_hole()
        async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as group:
            for car in LATER_CARS:
                group.create_task(circle.sender.post(webhook(car)))
            looking = group.create_task(circle.readyz())
        assert circle.sender.answers == {200: len(CARS), 503: len(LATER_CARS)}
        assert circle.sender.slowest_s < LONGEST_S
        assert circle.sender.without_retry_after == 0
        assert "postgres" in str(looking.result()["reasons"])
        proxy.heal()
        await circle.sender.stream(LATER_CARS)
        await circle.assert_all_done_once(said_at_most=2)
        assert "postgres" not in str((await circle.readyz())["reasons"])


END_OUR_BACKENDS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name IN ('jarvis', 'jarvis-presence')
"""
TABLES = {"events": "INSERT", "runs": "UPDATE", "commands": "UPDATE"}
TROUBLE = """
CREATE SEQUENCE troubles_of_{table};
CREATE FUNCTION trouble_of_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF nextval('troubles_of_{table}') <= 3 THEN
        RAISE EXCEPTION 'trouble ordered by the test' USING ERRCODE = '{sqlstate}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trouble AFTER {doing} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION trouble_of_{table}();
"""


async def endure(circle: Circle, as_owner: Callable[[str], None], sqlstate: str) -> None:
    """Each door, worker and deliverer meets this error three times in the middle of its transactions."""
    for table, doing in TABLES.items():
        await asyncio.to_thread(as_owner, TROUBLE.format(table=table, doing=doing, sqlstate=sqlstate))
    await circle.sender.stream(CARS, each=2)
    await circle.assert_all_done_once(said_at_most=2)
    met = [await circle.rows(f"SELECT last_value AS n FROM troubles_of_{table}") for table in TABLES]
    assert min(row["n"] for [row] in met) > 3
    assert circle.sender.answers[503] > 0
    assert circle.sender.without_retry_after == 0


async def test_row_18_a_serialization_failure_makes_everybody_try_again(
    db_url: str, circle_at: At, as_owner: Callable[[str], None]
):
    async with circle_at(db_url) as circle:
        await endure(circle, as_owner, "40001")


async def test_row_18_a_worker_that_loses_a_real_deadlock_saves_again(db_url: str, owner_url: str, circle_at: At):
    async with circle_at(db_url) as circle:
        await circle.sender.post(webhook(1, 0))
        await circle.quiet()
        [event] = await circle.rows("SELECT subject FROM events")
        async with await psycopg.AsyncConnection.connect(owner_url) as rival:
            await rival.execute("SET deadlock_timeout = '60s'")
            await rival.execute("SET lock_timeout = '9s'")  # the worker would give up after ten
            await rival.execute("LOCK TABLE alarms IN EXCLUSIVE MODE")
            await circle.sender.post(webhook(1, 1))

            async def worker_waits() -> bool:
                waiting = "SELECT FROM pg_locks WHERE relation = 'alarms'::regclass AND NOT granted"
                return bool(await circle.rows(waiting))

            await wait_until(worker_waits)
            await rival.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (event["subject"],))
        await circle.assert_all_done_once()


async def test_row_19_all_connections_are_in_use(db_url: str, owner_url: str, circle_at: At):
    async with circle_at(db_url, pool=2) as circle:
        async with await psycopg.AsyncConnection.connect(owner_url) as rival:
            await rival.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            async with asyncio.TaskGroup() as group:
                for car in CARS:
                    group.create_task(circle.sender.post(webhook(car)))
        assert circle.sender.answers == {503: len(CARS)}
        assert circle.sender.without_retry_after == 0
        assert circle.sender.slowest_s < LONGEST_S
        await circle.sender.stream(CARS)
        await circle.assert_all_done_once()


async def test_row_19_the_server_takes_no_more_connections(db_url: str, circle_at: At, as_owner: Callable[[str], None]):
    async with circle_at(db_url) as circle:
        await circle.sender.stream(CARS)
        [database] = await circle.rows("SELECT current_database() AS name")
        limit = f"ALTER DATABASE {database['name']} CONNECTION LIMIT"
        await asyncio.to_thread(as_owner, f"{limit} 0")
        await asyncio.to_thread(as_owner, END_OUR_BACKENDS)
        async with asyncio.TaskGroup() as group:
            streaming = group.create_task(circle.sender.stream(LATER_CARS))
            await circle.answers(503, more=2)
            await asyncio.to_thread(as_owner, f"{limit} -1")
            await streaming
        await circle.assert_all_done_once(said_at_most=2)
        assert circle.sender.without_retry_after == 0
        assert circle.sender.slowest_s < LONGEST_S


async def test_row_20_the_disk_is_full(db_url: str, circle_at: At, as_owner: Callable[[str], None]):
    async with circle_at(db_url) as circle:
        await endure(circle, as_owner, "53100")
