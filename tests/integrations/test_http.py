import asyncio
import gzip
import logging
from datetime import UTC, datetime

import pytest

from core.clock import FixedClock
from core.errors import AnswerLost, Broken, NeedsAttention, Rejected, Temporary
from integrations import http as http_module
from integrations.http import Answer, Call, CallKind, HttpLink, Pace, Patience, RateBudget, error_of
from integrations.http import retry_after as read_retry_after
from tests.integrations.conftest import Reply

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
PATIENT, HASTY = Patience(attempt_s=30), Patience(attempt_s=0.2)


@pytest.fixture
def budget(timer):
    return RateBudget({}, timer)


@pytest.fixture
def link(http, budget):
    return HttpLink("Twin", http=http, budget=budget, clock=FixedClock(NOW), patience=PATIENT)


@pytest.fixture
def hasty_link(http, budget):
    """For servers that never finish."""
    return HttpLink("Twin", http=http, budget=budget, clock=FixedClock(NOW), patience=HASTY)


async def test_a_cut_off_answer_is_asked_for_again(server, link):
    server.on("/x", Reply(json={"long": "text"}, fault="cut"), Reply(json={"ok": True}))

    answer = await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    assert answer.body == b'{"ok": true}'
    assert len(server.calls) == 2


async def test_three_server_errors_are_temporary_with_growing_pauses(server, link, timer):
    server.on("/x", Reply(503))

    with pytest.raises(Temporary, match="Twin: GET /x: status 503"):
        await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    assert len(server.calls) == 3
    first, second = timer.slept
    assert 0.25 <= first <= 0.35
    assert 0.5 <= second <= 0.6


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
async def test_other_refusals_are_never_asked_again(server, link, status):
    server.on("/x", Reply(status))

    answer = await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    assert answer.status == status
    assert len(server.calls) == 1


@pytest.mark.parametrize(("headers", "wait"), [({"retry-after": "7"}, 7), ({}, 60)])
async def test_over_the_limit_waits_as_asked_or_a_minute_and_then_goes_on(server, link, timer, headers, wait):
    server.on("/x", Reply(429, headers=headers), Reply(json={}))

    await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    assert sum(timer.slept) == wait


async def test_a_limit_that_lasts_longer_than_our_patience_is_handed_on(server, link):
    server.on("/x", Reply(429, headers={"retry-after": "600"}))

    with pytest.raises(Temporary) as caught:
        await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    assert caught.value.retry_after == 600
    assert len(server.calls) == 1


async def test_over_the_limit_holds_every_user_of_the_key(server, link, budget, timer):
    server.on("/x", Reply(429, headers={"retry-after": "600"}))
    with pytest.raises(Temporary):
        await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    await take(budget, CallKind.TOKEN)

    assert timer.now == 600


@pytest.mark.parametrize("fault", ["hang", "drip"])
async def test_f12_a_server_that_never_finishes_is_given_up(server, hasty_link, fault):
    server.on("/x", Reply(json={"a": 1}, fault=fault, headers={"content-length": "100000"}))

    async with asyncio.timeout(30):
        with pytest.raises(Temporary, match="TimeoutError"):
            await hasty_link.send(Call("GET /x", "GET", f"{server.url}/x"))


async def test_a_write_that_must_not_happen_twice_is_sent_once(server, link):
    server.on("/pay", Reply(500))

    with pytest.raises(AnswerLost):
        await link.send(Call("POST /pay", "POST", f"{server.url}/pay", CallKind.WRITE, json={}, is_repeatable=False))

    assert len(server.calls) == 1


async def test_a_write_that_was_surely_not_received_is_tried_again(server, link, timer):
    closed = "http://127.0.0.1:1/pay"

    with pytest.raises(Temporary) as caught:
        await link.send(Call("POST /pay", "POST", closed, CallKind.WRITE, json={}, is_repeatable=False))

    assert not isinstance(caught.value, AnswerLost)
    assert len(timer.slept) == 2


async def test_row_41_an_answer_that_would_fill_the_memory_is_refused(server, link, monkeypatch):
    monkeypatch.setattr(http_module, "LARGEST_ANSWER", 1000)
    server.on("/x", Reply(body=b"x" * 2000))

    with pytest.raises(Broken, match="larger"):
        await link.send(Call("GET /x", "GET", f"{server.url}/x"))


async def test_row_41_a_small_answer_that_inflates_without_end_is_refused(server, link):
    bomb = gzip.compress(bytes(100_000_000), compresslevel=1)
    server.on("/x", Reply(body=bomb, headers={"content-encoding": "gzip"}))

    with pytest.raises(Broken, match="larger"):
        await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    assert len(bomb) < 1_000_000


async def test_row_43_a_redirect_is_never_followed(server, link):
    server.on("/x", Reply(302, headers={"location": f"{server.url}/sign-in"}))

    answer = await link.send(Call("GET /x", "GET", f"{server.url}/x"))

    assert isinstance(error_of(answer, "Twin", "GET /x"), NeedsAttention)
    assert server.paths() == ["/x"]


@pytest.mark.parametrize("fault", ["", "hang"])
async def test_row_47_no_secret_of_an_address_reaches_logs_or_errors(server, hasty_link, caplog, fault):
    caplog.set_level(logging.DEBUG)
    server.on("/x", Reply(500, fault=fault))

    with pytest.raises(Temporary) as caught:
        await hasty_link.send(
            Call("GET /x", "GET", f"{server.url}/x", params={"key": "hunter2"}, headers={"authorization": "hunter2"})
        )

    assert server.calls[0].query == {"key": "hunter2"}
    assert "hunter2" not in caplog.text + repr(caught.value) + repr(caught.value.__context__)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, type(None)),
        (204, type(None)),
        (301, NeedsAttention),
        (400, Broken),
        (401, NeedsAttention),
        (403, NeedsAttention),
        (404, Rejected),
        (405, Broken),
        (408, Temporary),
        (409, Rejected),
        (422, Rejected),
        (429, Temporary),
        (500, Temporary),
        (503, Temporary),
    ],
)
def test_each_status_means_one_of_the_four_errors(status, error):
    assert type(error_of(Answer(status, {}, b""), "Twin", "GET /x")) is error


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("Sat, 10 Jan 2026 12:01:30 GMT", 90),
        ("Sat, 10 Jan 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert read_retry_after({"retry-after": header}, now=NOW) == seconds


async def take(budget, kind):
    async with budget.turn(kind):
        pass


async def test_calls_of_one_kind_keep_their_distance(timer):
    budget = RateBudget({CallKind.SEARCH: Pace(10, gap=6)}, timer)
    moments = []
    for _ in range(3):
        await take(budget, CallKind.SEARCH)
        moments.append(timer.now)

    assert moments == [0, 6, 12]


async def test_no_minute_ever_holds_more_calls_than_allowed(timer):
    budget = RateBudget({CallKind.TOKEN: Pace(3)}, timer)
    moments = []
    for _ in range(7):
        await take(budget, CallKind.TOKEN)
        moments.append(timer.now)

    assert moments == [0, 0, 0, 60, 60, 60, 120]


async def test_a_call_counts_until_a_minute_after_its_end(timer):
    budget = RateBudget({CallKind.GET: Pace(2)}, timer)
    moments = []
    async with budget.turn(CallKind.GET):
        await take(budget, CallKind.GET)
        await timer.sleep(50)
    for _ in range(2):
        await take(budget, CallKind.GET)
        moments.append(timer.now)

    assert moments == [60, 110]


async def test_more_calls_than_a_minute_holds_are_never_under_way_at_once(timer):
    budget = RateBudget({CallKind.GET: Pace(1)}, timer)
    async with budget.turn(CallKind.GET):
        second = asyncio.ensure_future(take(budget, CallKind.GET))
        await asyncio.sleep(0)
        assert timer.now == 0
        assert not second.done()
    await second

    assert timer.now == 60


async def test_kinds_do_not_wait_for_each_other(timer):
    budget = RateBudget({CallKind.GET: Pace(1), CallKind.WRITE: Pace(1)}, timer)

    await take(budget, CallKind.GET)
    await take(budget, CallKind.WRITE)
    await take(budget, CallKind.TOKEN)

    assert timer.now == 0


async def test_who_came_first_goes_first(timer):
    budget = RateBudget({CallKind.GET: Pace(40, gap=1.5)}, timer)
    order = []

    async def use(name):
        await take(budget, CallKind.GET)
        order.append(name)

    async with asyncio.TaskGroup() as group:
        for name in "abcdef":
            group.create_task(use(name))

    assert order == list("abcdef")


async def test_a_waiter_that_gives_up_uses_nothing_up():
    budget = RateBudget({CallKind.GET: Pace(1)})
    await take(budget, CallKind.GET)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await take(budget, CallKind.GET)

    assert len(budget._lanes[CallKind.GET].ended) == 1
    assert budget._lanes[CallKind.GET].under_way == 0
    assert not budget._lanes[CallKind.GET].door.locked()
