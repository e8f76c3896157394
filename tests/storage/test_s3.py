"""What only the bucket promises: signatures that hold, and the store's troubles in our error words."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from core.errors import NeedsAttention, Temporary
from storage.api import Storage
from storage.keys import key_of
from tests.storage.conftest import open_s3, s3_client
from tests.storage.signed_s3 import BUCKET

KEY = key_of("ab" * 32)


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def test_a_link_gives_the_object_and_its_type(s3: Storage, web: httpx.AsyncClient) -> None:
    stored = await s3.put(b"pixels", content_type="image/png")

    answer = await web.get(await s3.presign(stored.key, timedelta(minutes=5)))

    assert answer.content == b"pixels"
    assert answer.headers["content-type"] == "image/png"


async def test_an_expired_link_is_refused(s3: Storage, web: httpx.AsyncClient) -> None:
    stored = await s3.put(b"pixels", content_type="image/png")

    answer = await web.get(await s3.presign(stored.key, timedelta(seconds=-1)))

    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_a_link_does_not_open_another_object(s3: Storage, web: httpx.AsyncClient) -> None:
    mine = await s3.put(b"mine", content_type="image/png")
    other = await s3.put(b"of another client", content_type="image/png")

    link = await s3.presign(mine.key, timedelta(minutes=5))
    answer = await web.get(link.replace(mine.key, other.key))

    assert answer.status_code == httpx.codes.FORBIDDEN


async def test_objects_lie_under_the_prefix_and_their_headers_are_ascii(s3: Storage, s3_address: str) -> None:
    stored = await s3.put(b"pixels", content_type="image/png", filename="Капот.png")

    head = s3_client(s3_address).head_object(Bucket=BUCKET, Key=f"branch/{stored.key}")

    assert head["Metadata"] == {"filename": "%D0%9A%D0%B0%D0%BF%D0%BE%D1%82.png"}
    assert head["ContentType"] == "image/png"


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "another-secret"}, {"access_key": "another-key"}, {"bucket": "no-such-bucket"}],
)
async def test_wrong_credentials_and_a_missing_bucket_need_attention(s3_address: str, wrong: dict[str, str]) -> None:
    store = open_s3(s3_address, **wrong)

    with pytest.raises(NeedsAttention):
        await store.put(b"pixels", content_type="image/png")
    await store.aclose()


async def test_row_39_a_store_that_is_down_is_temporary_and_works_again_when_it_is_up(s3_address: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        down = open_s3(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(Temporary, match="does not answer"):
            await down.put(b"pixels", content_type="image/png")
        with pytest.raises(Temporary, match="does not answer"):
            await down.exists(KEY)
        await down.aclose()

    up = open_s3(s3_address)
    stored = await up.put(b"pixels", content_type="image/png")
    assert await up.get(stored.key) == b"pixels"
    await up.aclose()


async def test_row_39_a_store_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.s3.READ_TIMEOUT_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # connections are taken, and nobody ever answers
        hanging = open_s3(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Temporary, match="does not answer"):
            await asyncio.wait_for(hanging.put(b"pixels", content_type="image/png"), 30)
        await hanging.aclose()


async def test_row_39_a_busy_store_is_temporary_and_its_wait_is_passed_on() -> None:
    with answering(503, {"Retry-After": "7"}, b"<Error><Code>SlowDown</Code></Error>") as address:
        store = open_s3(address)
        with pytest.raises(Temporary, match="SlowDown") as caught:
            await store.get(KEY)
        await store.aclose()

    assert caught.value.retry_after == 7


async def test_row_39_a_download_that_breaks_off_is_temporary() -> None:
    with answering(200, {"Content-Length": "1000"}, b"half") as address:
        store = open_s3(address)
        with pytest.raises(Temporary, match="does not answer"):
            await store.get(KEY)
        await store.aclose()


@contextmanager
def answering(status: int, headers: dict[str, str], body: bytes) -> Iterator[str]:
    """A server that gives the same answer to every request."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """The tests' output stays readable."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
