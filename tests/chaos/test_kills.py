"""Each process is killed at each of its failpoints and started again: all is as if nothing had happened."""

import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import redis

from db.queries import evidence
from db.session import Tx
from orchestrator.failpoints import FAILPOINTS
from orchestrator.streams import RUNS
from tests.chaos.conftest import DayWithout
from tests.chaos.day import Picture, a_car_is_handed_out, picture, role_process
from tests.chaos.processes import Process, reached
from tests.flows.company import FREE, TBILISI, Company, text_of, words
from tests.wait import wait_until


def of(role: str) -> list[str]:
    return [name for name in FAILPOINTS if name.startswith(f"{role}.")]


async def dies(process: Process, point: str) -> None:
    await reached(process, point)
    assert await process.ended() == -signal.SIGKILL


@pytest.mark.parametrize("point", of("worker"))
async def test_row_4_a_worker_killed_at_any_step_leaves_everything_as_without_a_fault(
    day: DayWithout, undisturbed: Picture, point: str
) -> None:
    async with day("worker") as company:
        with role_process(company, "worker", failpoint=point) as dying:
            await a_car_is_handed_out(company)
            await dies(dying, point)
        with role_process(company, "worker"):
            await company.quiet()
        assert await picture(company) == undisturbed


@pytest.mark.parametrize(
    ("point", "rings"), [(point, 1 if point == "relay.after_mark" else 2) for point in of("relay")]
)
async def test_row_3_a_relay_killed_between_append_and_mark_rings_twice_and_all_is_done_once(
    day: DayWithout, undisturbed: Picture, point: str, rings: int
) -> None:
    """The ingress has rung once; a relay that dies between its mark and its ring leaves it at that."""
    async with day("relay", "worker") as company:
        await a_car_is_handed_out(company)
        with role_process(company, "relay", failpoint=point) as dying:
            await dies(dying, point)
        with role_process(company, "relay"):
            await wait_until(lambda: are_rung_for(company, rings))
            with role_process(company, "worker"):
                await company.quiet()
        assert await picture(company) == undisturbed


async def are_rung_for(company: Company, times: int) -> bool:
    return min(rung(company).values(), default=0) == times


def rung(company: Company) -> Counter[str]:
    """How often the bell was rung for each run that nobody has taken yet: by the ingress, and by relays."""
    with redis.Redis.from_url(company.servers.redis_url) as server:
        entries: Any = server.xrange(RUNS)
    return Counter(run for _, fields in entries for run in fields[b"id"].decode().split(","))


@pytest.mark.parametrize(
    ("point", "is_stored"),
    [(point, point == "ingress.after_commit") for point in of("ingress")],
)
async def test_rows_1_and_2_an_ingress_killed_before_its_commit_has_answered_nothing_and_after_it_has_lost_nothing(
    day: DayWithout, undisturbed: Picture, point: str, is_stored: bool
) -> None:
    async with day("ingress") as company:
        before = len(await company.director.webhooks())
        with role_process(company, "ingress", failpoint=point) as dying:
            await is_listening(company)
            await a_car_is_handed_out(company)
            await dies(dying, point)
        await wait_until(company.director.all_are_posted)
        missed = (await company.director.webhooks())[before:]
        assert {delivery["status"] for delivery in missed} == {None}
        assert await deliveries_stored(company) == is_stored
        with role_process(company, "ingress"):
            await is_listening(company)
            for delivery in missed:
                assert await company.hook(delivery["branch"], delivery["body"]) == 200
            await company.quiet()
        assert await picture(company) == undisturbed


async def is_listening(company: Company) -> None:
    async with httpx.AsyncClient() as http:

        async def answers() -> bool:
            try:
                return (await http.get(f"{company.jarvis_url}/healthz")).is_success
            except httpx.TransportError:
                return False

        await wait_until(answers)


async def deliveries_stored(company: Company) -> int:
    return (await company.ask(evidence.kinds)).get("rentprog.delivered", 0)


@pytest.mark.parametrize(("point", "doubts"), [("deliverer.after_claim", 1), ("deliverer.after_mark", 0)])
async def test_row_5_a_deliverer_killed_before_it_sends_or_after_it_marked_repeats_nothing(
    day: DayWithout, undisturbed: Picture, point: str, doubts: int
) -> None:
    async with day("deliver") as company:
        await a_car_is_handed_out(company)
        await company.thought()
        await delivered_after_a_kill(company, point)
        left, doubted = without_doubts(await picture(company))
        assert left == undisturbed
        assert doubted == doubts


def without_doubts(told: Picture) -> tuple[Picture, int]:
    """The picture without the note that a message may be a repeat, and how many messages had it."""
    note = "\n" + words("message-may-repeat")
    plain, doubted = dict(told), 0
    for name in [name for name in told if name.startswith("messages of")]:
        plain[name] = [(text.replace(note, ""), is_pinned) for text, is_pinned in told[name]]
        doubted += sum(note in text for text, _ in told[name])
    return plain, doubted


async def test_row_5_a_line_whose_deliverer_was_killed_after_sending_comes_once_more_and_the_record_says_so(
    day: DayWithout, undisturbed: Picture
) -> None:
    async with day("deliver") as company:
        await a_car_is_handed_out(company)
        await company.thought()
        await delivered_after_a_kill(company, "deliverer.after_send")
        assert len(await company.lines(TBILISI, FREE, "🔑")) == 2
        assert await tries_of_last(company, "telegram.send_message") == ("sent", 2)
        told = await picture(company)
        assert {name for name in told if told[name] != undisturbed[name]} == {
            f"messages of {company.forums[TBILISI]}: {await topic_name(company)}"
        }


async def test_row_5_a_card_whose_deliverer_was_killed_after_the_edit_is_edited_again_and_nobody_sees_it(
    day: DayWithout,
) -> None:
    async with day("deliver") as company:
        before = await company.in_topic(TBILISI, FREE)
        await company.director.act(f"cars/{FREE}", fields={"mileage": 150_500})
        await company.thought()
        await delivered_after_a_kill(company, "deliverer.after_send")
        assert "150\u00a0500" in text_of(await company.card(TBILISI, FREE))
        after = await company.in_topic(TBILISI, FREE)
        assert [message["message_id"] for message in after] == [message["message_id"] for message in before]
        assert await tries_of_last(company, "telegram.show_car_card") == ("sent", 2)


async def delivered_after_a_kill(company: Company, point: str) -> None:
    with role_process(company, "deliver", failpoint=point) as dying:
        await dies(dying, point)
    with role_process(company, "deliver"):
        await company.quiet()


async def tries_of_last(company: Company, kind: str) -> tuple[str, int]:
    last = (await company.ask(evidence.tries_of, kind))[-1]
    return last["state"], last["attempt"]


async def topic_name(company: Company) -> str:
    thread = (await company.topic(TBILISI, FREE))["thread_id"]
    topics = await company.director.topics(company.forums[TBILISI])
    return next(topic["name"] for topic in topics if topic["message_thread_id"] == thread)


@pytest.mark.parametrize("point", of("clock"))
async def test_a_clock_killed_in_its_tick_delivers_the_slot_once(day: DayWithout, point: str) -> None:
    async with day("clock") as company:
        passes = (await company.ask(evidence.sync_totals))["passes"]
        slot = await company.ask(make_a_pass_due)
        with role_process(company, "clock", failpoint=point) as dying:
            await dies(dying, point)
        assert await company.ask(ticks, slot) == 0
        with role_process(company, "clock"):
            await wait_until(lambda: company.ask(ticks, slot))
            await company.quiet()
        assert await company.ask(ticks, slot) == 1
        assert (await company.ask(evidence.sync_totals))["passes"] == passes + 1


async def make_a_pass_due(tx: Tx) -> datetime:
    slot = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    await tx.run("UPDATE schedules SET next_slot = %s WHERE name = %s", (slot, f"sync:{TBILISI}"))
    return slot


async def ticks(tx: Tx, slot: datetime) -> int:
    rows = await tx.rows(
        "SELECT id FROM events WHERE source = 'clock' AND external_id = %s", (f"sync:{TBILISI}@{slot.isoformat()}",)
    )
    return len(rows)
