"""Rows 25 and 40 of the fault matrix, and the largest of row 24: strangers at the doors, over real sockets."""

import asyncio
import hmac
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NoReturn

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from db.session import Database
from orchestrator.connections import Limits
from orchestrator.http_server import listen, serve
from tests.orchestrator.door_at_work import NORTH, OLD_SECRET, SECRET, DoorAtWork, door_at_work, settings
from tests.wait import wait_until

CAR_GONE = b'{"event": "car_destroy", "payload": {"id": 7}}'
HEAD = f"POST {NORTH} HTTP/1.1\r\nHost: x\r\n".encode()
NOT_OURS = b"POST /no/such/page HTTP/1.1\r\nHost: x\r\n"
SHORT = Limits(head_s=0.6, body_s=1.0, idle_s=0.6, linger_s=0.5, sweep_s=0.02)
"""Long enough for an honest client on a busy machine; nothing here bounds what the database may take."""
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def door(db: Database, redis_url: str) -> AsyncIterator[DoorAtWork]:
    async with door_at_work(db, settings(deadline_s=0.5), redis_url, SHORT) as door:
        door.http.headers["Connection"] = "close"  # honest clients of a slow machine meet no deadline between requests
        yield door


async def kept(db: Database) -> int:
    async with db.transaction() as tx:
        return len(await tx.rows("SELECT 1 AS one FROM events"))


async def rest_of(line: Line) -> bytes:
    """Everything until the server ends the connection; fails when it does not within half a minute."""
    reader, writer = line
    got = b""
    with suppress(ConnectionError):
        while chunk := await asyncio.wait_for(reader.read(65_536), 30):
            got += chunk
    writer.close()
    return got


async def drip(line: Line, bytes_of: bytes) -> bytes:
    """Send a few bytes now and again for as long as the server bears it; returns what it said."""
    _, writer = line

    async def dripping() -> None:
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(bytes_of)
                await writer.drain()
                await asyncio.sleep(0.02)

    dropping = asyncio.ensure_future(dripping())
    got = await rest_of(line)
    dropping.cancel()
    return got


async def speak(door: DoorAtWork, words: bytes) -> Line:
    line = await door.speak()
    line[1].write(words)
    return line


async def test_row_25_headers_that_never_end_are_cut_off_and_others_are_served(door: DoorAtWork):
    heads = (b"", b"\r\n", b"POST /hooks", b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    idle = [await speak(door, head) for head in heads * 15]
    assert (await door.post(CAR_GONE)).status_code == 200
    assert set(await asyncio.gather(*(rest_of(line) for line in idle))) == {b""}


async def test_row_25_headers_that_drip_win_no_time(door: DoorAtWork):
    heads = {b"": b"\r\n", b"GET / HTTP/1.1\r\n": b"X-More: y\r\n", b"GET /": b"a"}
    answers = await asyncio.gather(*[drip(await speak(door, begun), more) for begun, more in heads.items()])
    assert answers == [b"", b"", b""]


async def test_row_25_the_headers_of_a_second_request_are_cut_off_too(door: DoorAtWork):
    line = await speak(door, NOT_OURS + b"Content-Length: 0\r\n\r\n")
    assert b"404" in await line[0].readline()
    await line[0].readuntil(b"}")
    line[1].write(b"GET /")
    assert await drip(line, b"a") == b""


@pytest.mark.parametrize("piece", [b"x", b"1\r\nx\r\n"], ids=["plain", "chunked"])
async def test_row_25_a_body_that_drips_is_given_up_at_the_deadline(door: DoorAtWork, db: Database, piece: bytes):
    length = {b"x": b"Content-Length: 200000\r\n\r\n"}.get(piece, b"Transfer-Encoding: chunked\r\n\r\n")
    assert (await drip(await speak(door, HEAD + length), piece)).startswith(b"HTTP/1.1 408 ")
    assert door.counts == {"refused_408": 1}
    assert await kept(db) == 0


async def test_row_25_half_a_body_and_then_silence_is_given_up_and_others_are_served(door: DoorAtWork, db: Database):
    lines = [await speak(door, HEAD + b"Content-Length: 100\r\n\r\nhalf of") for _ in range(50)]
    assert (await door.post(CAR_GONE)).status_code == 200
    answers = await asyncio.gather(*(rest_of(line) for line in lines))
    assert {answer[:13] for answer in answers} == {b"HTTP/1.1 408 "}
    assert await kept(db) == 1


async def test_row_25_a_client_that_leaves_in_the_middle_of_its_body_leaves_no_trace(
    door: DoorAtWork, db: Database, caplog: pytest.LogCaptureFixture
):
    for _ in range(20):
        _, writer = await speak(door, HEAD + b"Content-Length: 100\r\n\r\nhalf of")
        await writer.drain()
        writer.close()
    await wait_until(lambda: _is(door.counts["refused_400"] == 20))
    assert await kept(db) == 0
    assert "Exception" not in caplog.text


async def _is(truth: bool) -> bool:
    return truth


async def test_row_25_a_body_that_nobody_wants_may_not_drip_for_ever_either(door: DoorAtWork):
    line = await speak(door, NOT_OURS + b"Content-Length: 200000\r\n\r\n")
    assert (await drip(line, b"x")).startswith(b"HTTP/1.1 404 ")


async def test_row_25_a_body_that_nobody_wants_has_a_largest_size(db: Database, redis_url: str):
    limits = Limits(request_bytes=1_000_000)
    async with door_at_work(db, settings(), redis_url, limits) as door:
        line = await speak(door, NOT_OURS + b"Transfer-Encoding: chunked\r\n\r\n")
        answer = await drip(line, b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 404 ")
        assert (await door.post(CAR_GONE)).status_code == 200


async def test_row_25_a_connection_without_a_next_request_is_ended(door: DoorAtWork):
    line = await speak(door, NOT_OURS + b"Content-Length: 0\r\n\r\n")
    assert (await rest_of(line)).endswith(b'{"detail":"Not Found"}')


@pytest.mark.parametrize(
    "beginning",
    [b"", HEAD, HEAD + b"Content-Length: 100\r\n\r\nhalf of"],
    ids=["silent", "half a head", "half a body"],
)
async def test_row_25_a_thousand_that_keep_us_waiting_leave_room_for_the_others(
    db: Database, redis_url: str, beginning: bytes
):
    limits = Limits(connections=400, connections_of_peer=300)
    async with door_at_work(db, settings(per_second=10_000), redis_url, limits) as door:
        idle: list[Line] = []
        for batch in range(10):
            idle += await asyncio.gather(*(speak(door, beginning) for _ in range(100)))
            body = b'{"event": "car_destroy", "payload": {"id": %d}}' % (batch + 1)
            assert (await door.post(body)).status_code == 200
        assert sum(not reader.at_eof() for reader, _ in idle) <= 400
        for _, writer in idle:
            writer.close()
    assert await kept(db) == 10


async def test_row_25_a_peer_with_too_many_connections_costs_other_peers_nothing(db: Database, redis_url: str):
    limits = Limits(connections_of_peer=5)
    async with door_at_work(db, settings(), redis_url, limits) as door:
        mine = [await asyncio.open_connection("127.0.0.1", door.port, local_addr=("127.0.0.2", 0)) for _ in range(3)]
        theirs = [await door.speak() for _ in range(30)]
        await wait_until(lambda: _is(sum(reader.at_eof() for reader, _ in theirs) >= 25))
        for reader, writer in mine:
            writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(CAR_GONE) + CAR_GONE)
            assert b"200" in await reader.readline()
        for _, writer in mine + theirs:
            writer.close()


async def test_row_25_a_head_without_measure_is_refused(door: DoorAtWork):
    long = b"x" * 40_000
    heads = {
        "url": b"GET /" + long + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        "value": b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + long + b"\r\n\r\n",
        "endless value": b"GET / HTTP/1.1\r\nHost: x\r\nX-Endless: " + long,
        "endless name": b"GET / HTTP/1.1\r\nHost: x\r\n" + long,
        "many": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        "many without an end": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 200,
    }
    answers = {name: (await rest_of(await speak(door, head)))[:13] for name, head in heads.items()}
    assert answers == dict.fromkeys(heads, b"HTTP/1.1 431 ")
    assert (await door.post(CAR_GONE)).status_code == 200


async def test_row_25_the_head_of_a_second_request_is_measured_by_itself(db: Database, redis_url: str):
    """Of requests that come in one piece none pays for the one before; an endless one is refused all the same."""
    async with door_at_work(db, settings(), redis_url, Limits(head_bytes=300)) as door:
        whole = NOT_OURS + b"Content-Length: 400\r\n\r\n" + b"x" * 400
        line = await speak(door, whole * 3 + NOT_OURS)
        line[1].write(b"X-Endless: ")
        await line[1].drain()
        answer = await drip(line, b"x" * 50)
        assert [answer.count(b"HTTP/1.1 %d " % status) for status in (404, 431)] == [3, 1]


async def test_row_25_trailers_without_measure_are_refused(door: DoorAtWork, db: Database):
    body = b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + b"X-Trailer: y\r\n" * 200
    assert (await rest_of(await speak(door, HEAD + body))).startswith(b"HTTP/1.1 431 ")
    assert await kept(db) == 0


async def test_row_25_what_is_no_http_is_ended_with_400(door: DoorAtWork, db: Database):
    strange = {
        "nonsense": b"NONSENSE\r\n\r\n",
        "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "no path": b"GET http://x HTTP/1.1\r\n\r\n",
        "no ascii": b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        "two lengths": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two sizes": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "negative": HEAD + b"Content-Length: -5\r\n\r\n",
        "no chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
    }
    answers = {name: (await rest_of(await speak(door, words)))[:13] for name, words in strange.items()}
    assert answers == dict.fromkeys(strange, b"HTTP/1.1 400 ")
    assert await kept(db) == 0


async def test_a_client_that_offers_another_protocol_is_served_all_the_same(door: DoorAtWork, db: Database):
    offer = b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: %d\r\n\r\n" % len(CAR_GONE)
    assert (await rest_of(await speak(door, HEAD + offer + CAR_GONE))).startswith(b"HTTP/1.1 200 ")
    assert await kept(db) == 1


@asynccontextmanager
async def answering(limits: Limits) -> AsyncIterator[int]:
    """A server of ours whose answer fills every buffer on the way."""

    async def large(_request: Request) -> Response:
        return PlainTextResponse(b"x" * 30_000_000)

    async def small(_request: Request) -> Response:
        return PlainTextResponse(b"x")

    app = Starlette(routes=[Route("/large", large), Route("/small", small)])
    listening = listen("127.0.0.1", 0)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(app, listening, stop, grace_s=1, limits=limits))
        yield listening.getsockname()[1]
        stop.set()


@pytest.mark.parametrize("connection", [b"keep-alive", b"close"])
async def test_row_25_who_never_reads_the_answer_is_cut_off_and_others_are_served(connection: bytes):
    async with answering(Limits(answer_s=0.6, idle_s=0.6, linger_s=0.5, sweep_s=0.02)) as port:
        with socket.create_connection(("127.0.0.1", port)) as deaf:
            deaf.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: " + connection + b"\r\n\r\n")
            async with httpx.AsyncClient() as http:
                assert (await http.get(f"http://127.0.0.1:{port}/small")).text == "x"
            await asyncio.to_thread(_is_cut, deaf)


def _is_cut(deaf: socket.socket) -> None:
    """Only when the server gave up does a write of ours fail: it has stopped reading, too."""
    deaf.settimeout(10)
    with pytest.raises(ConnectionError):
        _write_on(deaf)


def _write_on(deaf: socket.socket) -> NoReturn:
    while True:
        deaf.sendall(b"x" * 1000)


async def test_row_25_who_reads_slowly_but_reads_gets_all_of_the_answer():
    async with answering(Limits(answer_s=20, sweep_s=0.02)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**12)
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        assert len(await reader.readexactly(30_000_000)) == 30_000_000
        writer.close()


async def test_row_24_a_million_keys_are_more_than_a_body_may_have(door: DoorAtWork, db: Database):
    body = b'{"event":"car_update","payload":{"id":1,' + b",".join(b'"%d":0' % n for n in range(1_000_000)) + b"}}"
    line = await speak(door, HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:300_000])
    assert (await rest_of(line)).startswith(b"HTTP/1.1 413 ")
    assert await kept(db) == 0


async def test_row_24_a_body_that_our_reader_dies_of_is_kept_raw_and_raised(
    door: DoorAtWork, db: Database, monkeypatch: pytest.MonkeyPatch
):
    def stumble(body: bytes, *, branch: str) -> None:
        raise KeyError(body, branch)

    monkeypatch.setattr("orchestrator.ingress.headline", stumble)
    for _ in range(3):
        assert (await door.post(CAR_GONE)).status_code == 200
    async with db.transaction() as tx:
        [event] = await tx.rows("SELECT kind, payload, raw FROM events")
    assert (event["kind"], event["payload"]["reason"]) == ("webhook.quarantined", "our_fault")
    assert event["raw"] == CAR_GONE


async def test_row_40_every_secret_is_compared_in_constant_time_whichever_fits(
    door: DoorAtWork, monkeypatch: pytest.MonkeyPatch
):
    """Neither the first that fits nor an unknown branch ends the comparing early."""
    compared: list[int] = []
    really = hmac.compare_digest

    def counting(left: bytes, right: bytes) -> bool:
        compared.append(len(right))
        return really(left, right)

    monkeypatch.setattr("hmac.compare_digest", counting)
    wanted = {f"north/{SECRET}": 2, f"north/{OLD_SECRET}": 2, f"north/{SECRET[:-1]}": 2, "north/x": 2, "south/x": 1}
    wanted |= {"mute/x": 1, "nowhere/x": 1}
    counted = {}
    for path in wanted:
        compared.clear()
        await door.post(CAR_GONE, f"/hooks/rentprog/{path}")
        counted[path] = len(compared)
    assert counted == wanted


async def test_row_40_a_rotation_needs_no_restart(door: DoorAtWork):
    """Old alone, old and new, new alone: at no moment is a sender with a valid secret refused."""
    third = "third-secret-of-the-hook-of-north"
    answers = []
    for secrets in ((SECRET,), (SECRET, third), (third,)):
        door.rentprog.renew(settings(north=secrets))
        answers.append(
            [(await door.post(CAR_GONE, f"/hooks/rentprog/north/{one}")).status_code for one in (SECRET, third)]
        )
    assert answers == [[200, 404], [200, 200], [404, 200]]


async def test_row_40_a_captured_delivery_that_is_replayed_changes_nothing(door: DoorAtWork, db: Database):
    for _ in range(5):
        assert (await door.post(CAR_GONE)).status_code == 200
    assert await kept(db) == 1
    assert door.counts == {"accepted": 1, "repeat": 4}
