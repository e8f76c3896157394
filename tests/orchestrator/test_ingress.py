"""Webhooks over real HTTP: every answer that the rules for the receiver ask for, and nothing lost or told."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from core.log import set_up_log
from db.events import raw_body
from db.session import Database
from tests.orchestrator.door_at_work import (
    NORTH,
    OLD_SECRET,
    OTHER_SECRET,
    SECRET,
    DoorAtWork,
    door_at_work,
    refused_port,
    settings,
)

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rentprog"
WEBHOOKS = {path.stem: path.read_bytes() for path in FIXTURES.glob("webhook_*.json")}
CAR_UPDATE = WEBHOOKS["webhook_car_update"]


@pytest.fixture
async def door(db: Database, redis_url: str) -> AsyncIterator[DoorAtWork]:
    async with door_at_work(db, settings(), redis_url) as door:
        yield door


async def events(db: Database) -> list[dict[str, Any]]:
    async with db.transaction() as tx:
        return await tx.rows(
            "SELECT id, kind, subject, source, payload, raw, headers, trust, branch FROM events ORDER BY id"
        )


def told(event: str, payload: object) -> bytes:
    return json.dumps({"event": event, "payload": payload}).encode()


@pytest.mark.parametrize("name", sorted(WEBHOOKS))
async def test_each_webhook_of_rentprog_is_kept_as_it_came(door: DoorAtWork, db: Database, name: str):
    body = WEBHOOKS[name]
    answer = await door.post(body)
    [event] = await events(db)
    envelope = json.loads(body)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert (event["kind"], event["source"], event["trust"], event["branch"]) == (
        *("rentprog.delivered", "rentprog"),
        *("outside", "north"),
    )
    assert event["payload"]["event_name"] == envelope["event"]
    assert event["subject"].startswith(event["payload"]["entity"] + ":")
    assert event["raw"] == body


@pytest.mark.parametrize(
    "path",
    [
        f"/hooks/rentprog/nowhere/{SECRET}",
        "/hooks/rentprog/north/wrong-secret-of-the-hook",
        f"/hooks/rentprog/north/{OTHER_SECRET}",
        f"/hooks/rentprog/north/{SECRET}x",
        "/hooks/rentprog/mute/-",
        "/hooks/rentprog/mute/--------------------------------",
        "/hooks/rentprog/nowhere/--------------------------------",
        "/hooks/rentprog/north/%00%ff%ed%a0%80",
        f"/hooks/rentprog/NORTH/{SECRET}",
        f"/hooks/elsewhere/north/{SECRET}",
        "/nothing/here",
    ],
)
async def test_row_40_a_wrong_branch_and_a_wrong_secret_get_the_answer_of_a_page_that_does_not_exist(
    door: DoorAtWork, db: Database, path: str
):
    answer = await door.post(CAR_UPDATE, path)
    nothing = await door.post(CAR_UPDATE, "/no/such/page")
    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert _shape(answer.headers) == _shape(nothing.headers)
    assert await events(db) == []


def _shape(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "date"}


async def test_row_40_both_secrets_of_a_rotation_open_the_door(door: DoorAtWork, db: Database):
    for secret, number in ((OLD_SECRET, 1), (SECRET, 2)):
        answer = await door.post(told("car_destroy", {"id": number}), f"/hooks/rentprog/north/{secret}")
        assert answer.status_code == 200
    assert len(await events(db)) == 2


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("path", [NORTH, "/hooks/rentprog/nowhere/wrong-secret"])
async def test_only_post_opens_a_door_and_the_answer_tells_nothing_else(door: DoorAtWork, method: str, path: str):
    answer = await door.http.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert door.counts == {"wrong_method": 1}


async def test_row_24_a_body_of_the_largest_size_is_read(door: DoorAtWork, db: Database):
    answer = await door.post(b"x" * 262_144)
    [event] = await events(db)
    assert answer.status_code == 200
    assert (event["payload"]["reason"], len(event["raw"])) == ("bad_json", 262_144)


async def test_row_24_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(door: DoorAtWork, db: Database):
    reader, writer = await door.speak()
    writer.write(f"POST {NORTH} HTTP/1.1\r\nHost: x\r\nContent-Length: 300000000\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert door.counts == {"refused_413": 1}
    assert await events(db) == []


async def test_row_24_a_body_in_chunks_is_refused_at_the_limit(door: DoorAtWork, db: Database):
    reader, writer = await door.speak()
    writer.write(f"POST {NORTH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    writer.write(chunk * 4 + b"1\r\nx\r\n")  # one byte more than the limit, and no end
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert await events(db) == []


async def test_a_client_that_sends_all_of_a_large_body_hears_why_it_is_refused(door: DoorAtWork):
    for _ in range(10):
        answer = await door.post(b"x" * 1_000_000)
        assert answer.status_code == 413


async def test_an_address_that_hurries_is_told_to_wait(db: Database, redis_url: str):
    async with door_at_work(db, settings(per_second=30), redis_url) as door:
        bodies = [told("car_destroy", {"id": number}) for number in range(1, 41)]
        answers = await asyncio.gather(*(door.post(body) for body in bodies))
        refused = [answer for answer in answers if answer.status_code == 429]
        accepted = [answer for answer in answers if answer.status_code == 200]
        assert len(accepted) + len(refused) == 40
        assert refused
        assert {answer.headers["retry-after"] for answer in refused} == {"1"}
        assert len(await events(db)) == len(accepted) >= 30


DEEP = b'{"event":' + b"[" * 5000 + b"]" * 5000 + b"}"
MANY_KEYS = b'{"event":"car_update","payload":{"id":1,' + b",".join(b'"%d":0' % n for n in range(25_000)) + b"}}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b"\xff\xfe\x00", "bad_encoding"),
        (b"not json", "bad_json"),
        (b'{"event": "car_update"', "bad_json"),
        (b"\x00", "bad_json"),
        (DEEP, "bad_json"),
        (b"[1, 2]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"null", "not_an_object"),
        (told("car_delete", {"id": 1}), "unknown_event"),
        (b'{"payload": {"id": 1}}', "unknown_event"),
        (b'{"event": null, "payload": {"id": 1}}', "unknown_event"),
        (told("car_\x00\ud83d", {"id": 1}), "unknown_event"),
        (b'{"event": "car_update"}', "empty_payload"),
        (told("car_update", None), "empty_payload"),
        (told("car_update", "  "), "empty_payload"),
        (told("car_update", {}), "empty_payload"),
        (told("car_update", 5), "bad_payload_type"),
        (told("car_update", payload=True), "bad_payload_type"),
        (told("car_update", [{"id": 1}]), "bad_payload_type"),
        (told("car_update", '{"id"=>'), "bad_payload"),
        (told("car_update", "no hash"), "bad_payload"),
        (told("car_update", {"mileage": [1, 2]}), "no_id"),
        (told("car_update", {"id": "seven"}), "no_id"),
        (told("car_update", {"id": None}), "no_id"),
        (told("car_update", {"id": 10**30}), "no_id"),
    ],
)
async def test_row_24_what_cannot_be_read_is_answered_kept_raw_and_raised(
    door: DoorAtWork, db: Database, body: bytes, reason: str
):
    answer = await door.post(body)
    [event] = await events(db)
    assert answer.status_code == 200
    assert (event["kind"], event["branch"]) == ("webhook.quarantined", "north")
    assert event["payload"]["reason"] == reason
    async with db.transaction() as tx:
        assert await raw_body(tx, event["id"]) == body


@pytest.mark.parametrize(
    "body",
    [
        told("car_update", {"id": 1, "note": ["", "NUL \x00 and half a pair \ud83d"]}),
        told("car_update", '{"id"=>1, "note"=>["", "NUL \\u0000"]}'),
        MANY_KEYS,
        told("car_update", {"id": 1, "number": 10**400}),
        b"\xef\xbb\xbf" + told("car_update", {"id": 1}),
    ],
    ids=["nul and surrogate", "nul in ruby", "many keys", "huge number", "byte order mark"],
)
async def test_row_24_strange_but_readable_bodies_are_accepted_as_they_came(
    door: DoorAtWork, db: Database, body: bytes
):
    answer = await door.post(body)
    [event] = await events(db)
    assert answer.status_code == 200
    assert event["kind"] == "rentprog.delivered"
    assert event["raw"] == body


async def test_row_24_the_type_of_the_content_does_not_matter(door: DoorAtWork, db: Database):
    answer = await door.http.post(NORTH, content=CAR_UPDATE, headers={"Content-Type": "image/png"})
    [event] = await events(db)
    assert answer.status_code == 200
    assert event["kind"] == "rentprog.delivered"


async def test_row_24_equal_rubbish_again_and_again_is_kept_once(door: DoorAtWork, db: Database):
    for _ in range(5):
        assert (await door.post(b"rubbish")).status_code == 200
    assert len(await events(db)) == 1
    assert door.counts == {"accepted": 1, "repeat": 4}


async def test_row_21_five_equal_deliveries_at_once_are_one_event(door: DoorAtWork, db: Database):
    answers = await asyncio.gather(*(door.post(CAR_UPDATE) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.content for answer in answers}) == 1
    assert len(await events(db)) == 1


async def test_row_21_one_delivery_to_two_processes_at_once_is_one_event(db: Database, redis_url: str):
    async with door_at_work(db, settings(), redis_url) as one, door_at_work(db, settings(), redis_url) as two:
        for number in range(1, 11):
            body = told("car_destroy", {"id": number})
            answers = await asyncio.gather(one.post(body), two.post(body))
            assert [answer.status_code for answer in answers] == [200, 200]
    assert len(await events(db)) == 10


async def test_one_text_to_two_branches_is_two_events(door: DoorAtWork, db: Database):
    await door.post(CAR_UPDATE)
    await door.post(CAR_UPDATE, f"/hooks/rentprog/south/{OTHER_SECRET}")
    assert [event["branch"] for event in await events(db)] == ["north", "south"]


async def test_what_was_answered_is_committed(door: DoorAtWork, db: Database):
    bodies = [told("car_destroy", {"id": number}) for number in range(1, 101)]
    answers = await asyncio.gather(*(door.post(body) for body in bodies))
    assert {answer.status_code for answer in answers} == {200}
    assert {event["raw"] for event in await events(db)} == set(bodies)


async def test_without_postgres_the_answer_is_come_later_and_then_all_is_well(
    db: Database, db_url: str, redis_url: str
):
    away = Database(f"postgresql://nobody@127.0.0.1:{refused_port()}/none")
    async with door_at_work(away, settings(), redis_url) as door:
        answers = await asyncio.gather(*(door.post(told("car_destroy", {"id": n})) for n in range(1, 21)))
        assert {answer.status_code for answer in answers} == {503}
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    async with door_at_work(db, settings(), redis_url) as door:
        answers = await asyncio.gather(*(door.post(told("car_destroy", {"id": n})) for n in range(1, 21)))
        assert {answer.status_code for answer in answers} == {200}
    assert len(await events(db)) == 20


async def test_cut_connections_to_postgres_cost_an_answer_and_lose_nothing(door: DoorAtWork, db: Database):
    assert (await door.post(told("car_destroy", {"id": 1}))).status_code == 200
    for number in range(2, 5):
        body = told("car_destroy", {"id": number})
        async with db.transaction() as tx:
            await tx.rows(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"""
            )
        statuses = [(await door.post(body)).status_code for _ in range(10)]
        assert set(statuses) <= {200, 503}
        assert statuses[-1] == 200
    assert len(await events(db)) == 4


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up_log(level="debug", is_json=True)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_row_47_the_secret_is_in_no_line_of_the_log_and_in_no_stored_header(
    printed: io.StringIO, db: Database, redis_url: str
):
    away = Database(f"postgresql://nobody@127.0.0.1:{refused_port()}/none")
    referer = {"Referer": f"https://jarvis.test{NORTH}", "Authorization": SECRET, "Cookie": SECRET}
    async with door_at_work(db, settings(deadline_s=0.2), redis_url) as door:
        await door.http.post(NORTH, content=CAR_UPDATE, headers=referer)
        await door.http.post(NORTH, content=b"rubbish", headers=referer)
        await door.http.get(NORTH)
        await door.post(b"x" * 300_000)
        reader, writer = await door.speak()
        writer.write(f"POST {NORTH} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".encode())
        await asyncio.wait_for(reader.read(), 30)
        writer.write(f"NONSENSE {NORTH}\r\n\r\n".encode())
        writer.close()
    async with door_at_work(away, settings(), redis_url) as door:
        await door.post(CAR_UPDATE)
    stored = await events(db)
    lines = printed.getvalue()
    assert "webhook refused" in lines
    assert "webhook not stored" in lines
    assert SECRET not in lines
    assert len(stored) == 2
    assert SECRET not in json.dumps([[event["headers"], event["payload"], event["subject"]] for event in stored])
    assert set(stored[0]["headers"]) <= {"content-type", "content-length", "user-agent"}
