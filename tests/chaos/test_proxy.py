"""The fault proxy itself: each fault as a plain client sees it, and the way back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis.asyncio as redis

from tests.chaos.proxy import FaultProxy, address_of, through
from tests.wait import wait_until

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SHORT_S = 0.15
"""Long enough for a byte over loopback, so that what did not come by then does not come."""


class Echo:
    """A server that answers each line with the same line, and remembers what it got."""

    def __init__(self) -> None:
        self.heard = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(1000):
                self.heard += chunk
                writer.write(chunk)
        writer.close()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[FaultProxy]:
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    async with FaultProxy(server.sockets[0].getsockname()) as proxy:
        yield proxy
    server.close()


@pytest.fixture
async def connect(proxy: FaultProxy) -> AsyncIterator[Callable[[], asyncio.Future[Pair]]]:
    writers: list[asyncio.StreamWriter] = []

    async def connect() -> Pair:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writers.append(writer)
        return reader, writer

    yield connect  # pyright: ignore[reportReturnType] - a coroutine function serves as well
    for writer in writers:
        writer.transport.abort()


async def says(pair: Pair, text: bytes) -> bytes:
    """What comes back; nothing when the connection ends."""
    reader, writer = pair
    writer.write(text)
    async with asyncio.timeout(30):
        with suppress(ConnectionError):
            return await reader.read(1000)
    return b""


async def hears_nothing(pair: Pair, text: bytes) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(SHORT_S):
            pair[1].write(text)
            await pair[0].read(1000)
            return False
    return True


async def test_a_healthy_proxy_passes_everything_on(proxy: FaultProxy, connect):
    large = b"x" * 300_000
    reader, writer = await connect()
    writer.write(large)
    assert await reader.readexactly(len(large)) == large
    assert proxy.hits == 0


async def test_a_refusing_proxy_cuts_what_is_open_and_refuses_what_comes(proxy: FaultProxy, connect):
    open_before = await connect()
    assert await says(open_before, b"a") == b"a"
    proxy.refuse()
    assert await says(open_before, b"b") == b""
    with pytest.raises(ConnectionRefusedError):
        await connect()
    proxy.heal()
    assert await says(await connect(), b"c") == b"c"


async def test_a_black_hole_takes_connections_and_bytes_and_gives_them_back_late(
    proxy: FaultProxy, echo: Echo, connect
):
    old = await connect()
    assert await says(old, b"1") == b"1"
    proxy.black_hole()
    new = await connect()
    assert await hears_nothing(old, b"2")
    assert await hears_nothing(new, b"3")
    assert echo.heard == b"1"
    assert proxy.hits == 2
    proxy.heal()
    assert [await says(old, b""), await says(new, b"")] == [b"2", b"3"]


async def test_a_client_that_gave_up_in_a_black_hole_may_still_be_heard_afterwards(
    proxy: FaultProxy, echo: Echo, connect
):
    _reader, writer = await connect()
    assert await says((_reader, writer), b"1") == b"1"
    proxy.black_hole()
    writer.write(b"late")
    await writer.drain()
    writer.close()
    assert echo.heard == b"1"
    proxy.heal()

    async def is_heard() -> bool:
        return echo.heard == b"1late"

    await wait_until(is_heard)


async def test_only_new_connections_hang(proxy: FaultProxy, connect):
    old = await connect()
    assert await says(old, b"1") == b"1"
    proxy.hang_new()
    new = await connect()
    assert await hears_nothing(new, b"2")
    assert await says(old, b"3") == b"3"
    proxy.heal()
    assert await says(new, b"") == b"2"


async def test_a_delay_comes_before_each_answer(proxy: FaultProxy, connect):
    pair = await connect()
    proxy.delay(SHORT_S)
    assert await hears_nothing(pair, b"1")
    assert await says(pair, b"") == b"1"


async def test_every_connection_is_cut_once(proxy: FaultProxy, connect):
    pairs = [await connect(), await connect()]
    assert [await says(pair, b"1") for pair in pairs] == [b"1", b"1"]
    proxy.cut_all()
    assert [await says(pair, b"2") for pair in pairs] == [b"", b""]
    assert proxy.hits == 2
    assert await says(await connect(), b"3") == b"3"


async def test_the_connection_is_cut_before_a_pattern_even_when_it_comes_in_two_pieces(
    proxy: FaultProxy, echo: Echo, connect
):
    pair = await connect()
    proxy.cut_before(b"COMMIT")
    assert await says(pair, b"xCOM") == b"xCOM"
    assert await says(pair, b"MIT") == b""
    assert echo.heard == b"xCOM"
    assert proxy.hits == 1
    assert await says(await connect(), b"COMMIT") == b"COMMIT"


async def test_what_was_said_before_a_fault_was_armed_does_not_spring_it(proxy: FaultProxy, connect):
    pair = await connect()
    assert await says(pair, b"COMMIT") == b"COMMIT"
    proxy.cut_before(b"COMMIT")
    assert await says(pair, b"next") == b"next"
    assert proxy.hits == 0


async def test_a_request_is_served_and_its_answer_is_lost(proxy: FaultProxy, echo: Echo, connect):
    pair = await connect()
    proxy.swallow_reply_to(b"two", times=None)
    assert await says(pair, b"one") == b"one"
    assert await says(pair, b"two") == b""
    assert await says(await connect(), b"two") == b""
    assert echo.heard == b"onetwotwo"
    assert proxy.hits == 2
    proxy.heal()
    assert await says(await connect(), b"two") == b"two"


async def test_a_server_that_is_away_is_an_ended_connection(tmp_path: Path):
    async with FaultProxy(str(tmp_path / "no.sock")) as proxy:
        pair = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await says(pair, b"1") == b""
        pair[1].close()


@pytest.fixture
async def postgres_proxy(db_url: str) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(address_of(db_url)) as proxy:
        yield proxy


INSERT = "INSERT INTO pauses (scope, name, reason) VALUES ('agent', %s, '')"


def stored(db_url: str) -> list[int]:
    with psycopg.connect(db_url) as connection:
        return sorted(int(name) for (name,) in connection.execute("SELECT name FROM pauses").fetchall())


async def insert(proxy: FaultProxy, db_url: str, n: int) -> None:
    async with await psycopg.AsyncConnection.connect(through(proxy, db_url)) as connection:
        await connection.execute(INSERT, (str(n),))


async def test_a_transaction_cut_before_its_commit_never_was(postgres_proxy: FaultProxy, db_url: str):
    postgres_proxy.cut_before(b"COMMIT")
    with pytest.raises(psycopg.OperationalError):
        await insert(postgres_proxy, db_url, 1)
    await insert(postgres_proxy, db_url, 2)
    assert stored(db_url) == [2]
    assert postgres_proxy.hits == 1


async def test_a_commit_whose_answer_is_lost_was_done(postgres_proxy: FaultProxy, db_url: str):
    postgres_proxy.swallow_reply_to(b"COMMIT")
    with pytest.raises(psycopg.OperationalError):
        await insert(postgres_proxy, db_url, 1)
    assert stored(db_url) == [1]
    assert postgres_proxy.hits == 1


async def test_a_word_in_a_parameter_is_no_statement(postgres_proxy: FaultProxy, db_url: str):
    async with await psycopg.AsyncConnection.connect(through(postgres_proxy, db_url), autocommit=True) as connection:
        postgres_proxy.cut_before(b"COMMIT")
        found = await connection.execute("SELECT %s::text", ("COMMIT",))
        assert await found.fetchone() == ("COMMIT",)
    assert postgres_proxy.hits == 0


async def test_a_statement_prepared_earlier_is_recognised_when_it_is_bound(postgres_proxy: FaultProxy, db_url: str):
    async with await psycopg.AsyncConnection.connect(through(postgres_proxy, db_url), autocommit=True) as connection:
        await connection.execute(INSERT, ("1",), prepare=True)
        postgres_proxy.swallow_reply_to(b"INSERT INTO pauses")
        with pytest.raises(psycopg.OperationalError):
            await connection.execute(INSERT, ("2",), prepare=True)
    assert stored(db_url) == [1, 2]


async def insert_in_one_pipeline(connection: psycopg.AsyncConnection, numbers: range) -> None:
    async with connection.pipeline():
        for n in numbers:
            await connection.execute(INSERT, (str(n),))
        await connection.commit()


async def test_a_commit_at_the_end_of_a_pipeline_is_done_before_the_cut(postgres_proxy: FaultProxy, db_url: str):
    async with await psycopg.AsyncConnection.connect(through(postgres_proxy, db_url)) as connection:
        postgres_proxy.swallow_reply_to(b"COMMIT")
        with pytest.raises(psycopg.OperationalError):
            await insert_in_one_pipeline(connection, range(200))
    assert stored(db_url) == list(range(200))


async def test_a_ring_is_lost_on_its_way_to_redis(redis_url: str):
    async with FaultProxy(address_of(redis_url)) as proxy, redis.Redis.from_url(through(proxy, redis_url)) as client:
        await client.ping()
        proxy.cut_before(b"XADD", times=None)
        with pytest.raises(redis.ConnectionError):
            await client.xadd("bell", {"id": "1"})
        proxy.heal()
        assert await client.xlen("bell") == 0
        await client.xadd("bell", {"id": "1"})
        assert await client.xlen("bell") == 1
