"""The deliverer: one command at a time for each chat, each error with its action, nothing done twice by itself."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from core.commands import (
    BODY_OF_KIND,
    Command,
    CommandBody,
    NewCommand,
    Priority,
    Repeat,
    TelegramCommand,
    chat_destination,
)
from core.errors import AnswerLost, NeedsAttention, Rejected, Temporary
from core.events import NewEvent
from db import commands
from db.commands import Delivery, Postponed
from db.session import Database, Tx
from orchestrator.deliverer import Deliverer
from orchestrator.failpoints import armed
from orchestrator.progress import Progress
from orchestrator.streams import Bell
from tests import make
from tests.chaos.proxy import FaultProxy, address_of, through
from tests.wait import wait_until

ROUTE = make.route_to("reader")
Answer = Callable[[Command], Awaitable[Delivery | Postponed]]


class PayClient(TelegramCommand):
    """A command that must never repeat by itself; no real one does yet."""

    kind: ClassVar[str] = "test.pay_client"
    repeat: ClassVar[Repeat] = Repeat.NEVER


class Letter(CommandBody):
    """A command of another system than Telegram; no real one is there yet."""

    kind: ClassVar[str] = "test.letter"
    system: ClassVar[str] = "post"
    repeat: ClassVar[Repeat] = Repeat.SAFE


@dataclass
class Outside:
    """Stands beyond the network: tells what reached it, and answers as a test says (yes, unless it says otherwise)."""

    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    async def perform(self, command: Command) -> Delivery | Postponed:
        self.seen.append(command.effect_key)
        return await self.answers.get(command.effect_key, yes)(command)


async def yes(command: Command) -> Delivery:
    return Delivery(result={"message_id": command.id})


def always(error: Exception) -> Answer:
    async def answer(command: Command) -> Delivery:
        raise error

    return answer


def first(*answers: Answer) -> Answer:
    """These answers one after the other, then yes."""
    left = list(answers)

    async def answer(command: Command) -> Delivery | Postponed:
        return await (left.pop(0) if left else yes)(command)

    return answer


@pytest.fixture
async def bell(redis_url: str) -> AsyncIterator[Bell]:
    bell = Bell(redis_url)
    yield bell
    await bell.close()


@pytest.fixture
def pay_client(monkeypatch: pytest.MonkeyPatch) -> NewCommand:
    monkeypatch.setitem(BODY_OF_KIND, PayClient.kind, PayClient)
    return NewCommand(body=PayClient(chat_id=1), destination=chat_destination(1), effect_key="pay")


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[NewCommand]:
    monkeypatch.setitem(BODY_OF_KIND, Letter.kind, Letter)
    return [NewCommand(body=Letter(), destination=f"post:{n}", effect_key=f"letter{n}") for n in range(5)]


@asynccontextmanager
async def delivering(
    db: Database, bell: Bell, outside: Outside, *, post: Outside | None = None, **work: Any
) -> AsyncIterator[None]:
    """``post`` is a second outside system."""
    deps = make.deps(db, make.settings(**work))
    performers = {"telegram": outside} | ({} if post is None else {"post": post})
    deliverer = Deliverer(performers, deps, route=ROUTE, bell=bell, progress=Progress())
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(deliverer.run(stop))
        yield
        stop.set()


async def order(db: Database, *given: NewCommand) -> None:
    async with db.transaction() as tx:
        await commands.order(tx, given)


async def command_rows(db: Database) -> list[dict[str, Any]]:
    async with db.transaction() as tx:
        return await tx.rows("SELECT effect_key, state, attempt, result, error FROM commands ORDER BY id")


async def alarms(db: Database) -> list[dict[str, Any]]:
    async with db.transaction() as tx:
        rows = await tx.rows("SELECT subject, payload FROM events WHERE kind = 'alarm.raised' ORDER BY id")
    return [row["payload"] | {"subject": row["subject"]} for row in rows]


def ended(db: Database, *states: str) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    """The commands, once they stand in exactly these states."""

    async def look() -> list[dict[str, Any]]:
        rows = await command_rows(db)
        return rows if [row["state"] for row in rows] == list(states) else []

    return look


async def test_commands_of_one_chat_are_done_in_order_and_one_at_a_time(db: Database, bell: Bell):
    active: set[str] = set()

    async def slowly(command: Command) -> Delivery:
        assert command.destination not in active
        active.add(command.destination)
        await asyncio.sleep(0.005)
        active.remove(command.destination)
        return Delivery(result={})

    keys = [f"{chat}-{n}" for n in range(5) for chat in range(4)]
    outside = Outside(answers=dict.fromkeys(keys, slowly))
    await order(db, *(make.message(int(key[0]), effect_key=key) for key in keys))
    async with delivering(db, bell, outside):
        await wait_until(ended(db, *["sent"] * 20))
    for chat in range(4):
        assert [key for key in outside.seen if key.startswith(f"{chat}-")] == [f"{chat}-{n}" for n in range(5)]


async def test_an_answer_to_a_person_overtakes_the_cards_that_wait(db: Database, bell: Bell):
    await order(db, *(make.message(effect_key=f"card{n}", priority=Priority.CARD) for n in range(3)))
    await order(db, make.message(effect_key="answer", priority=Priority.ANSWER))
    outside = Outside()
    async with delivering(db, bell, outside):
        await wait_until(ended(db, *["sent"] * 4))
    assert outside.seen == ["answer", "card0", "card1", "card2"]


async def test_the_result_is_kept_for_the_trace(db: Database, bell: Bell):
    await order(db, make.message())
    async with delivering(db, bell, Outside()):
        [row] = await wait_until(ended(db, "sent"))
    assert list(row["result"]) == ["message_id"]


async def test_row_31_a_limit_holds_the_whole_chat_and_no_other(db: Database, bell: Bell):
    await order(db, make.message(1, effect_key="limited"), make.message(1, effect_key="behind"))
    await order(db, make.message(2, effect_key="elsewhere"))
    outside = Outside(answers={"limited": always(Temporary("too many requests", retry_after=3600))})
    async with delivering(db, bell, outside):
        rows = await wait_until(ended(db, "pending", "pending", "sent"))
    assert sorted(outside.seen) == ["elsewhere", "limited"]
    assert rows[0]["attempt"] == 0


async def test_row_31_a_chat_goes_on_in_order_when_its_limit_is_over(db: Database, bell: Bell):
    await order(db, make.message(effect_key="limited"), make.message(effect_key="behind"))
    outside = Outside(answers={"limited": first(always(Temporary("too many requests", retry_after=0.05)))})
    async with delivering(db, bell, outside):
        await wait_until(ended(db, "sent", "sent"))
    assert outside.seen == ["limited", "limited", "behind"]


async def test_row_31_a_limit_that_comes_often_never_makes_a_command_dead(db: Database, bell: Bell):
    limit = always(Temporary("too many requests", retry_after=0.001))
    await order(db, make.message(effect_key="m"))
    async with delivering(db, bell, Outside(answers={"m": first(*[limit] * 5)}), max_attempts=2):
        [row] = await wait_until(ended(db, "sent"))
    assert row["attempt"] == 1


async def test_a_lost_answer_of_a_chat_text_is_sent_once_more(db: Database, bell: Bell):
    repeats: list[bool] = []

    async def again(command: Command) -> Delivery:
        repeats.append(command.is_repeat)
        return await yes(command)

    await order(db, make.message(effect_key="m"))
    async with delivering(db, bell, Outside(answers={"m": first(always(AnswerLost("reset")), again)})):
        await wait_until(ended(db, "sent"))
    assert repeats == [True]


async def test_a_lost_answer_about_money_is_unknown_and_said_to_people(
    db: Database, bell: Bell, pay_client: NewCommand
):
    await order(db, pay_client, make.message(1, effect_key="behind"))
    outside = Outside(answers={"pay": always(AnswerLost("reset"))})
    async with delivering(db, bell, outside):
        await wait_until(ended(db, "unknown", "sent"))
    [alarm] = await alarms(db)
    assert outside.seen == ["pay", "behind"]
    assert alarm["key"] == "unknown-command:telegram:1"
    assert alarm["subject"] == "alarm:unknown-command:telegram:1"


async def test_row_33_a_chat_that_threw_the_bot_out_is_parked_and_the_others_go_on(db: Database, bell: Bell):
    kicked = always(NeedsAttention("bot was kicked", scope="destination"))
    await order(db, make.message(1, effect_key="kicked"), make.message(1, effect_key="behind"))
    await order(db, make.message(2, effect_key="elsewhere"))
    outside = Outside(answers={"kicked": first(kicked)})
    async with delivering(db, bell, outside):
        rows = await wait_until(ended(db, "pending", "pending", "sent"))
        [alarm] = await alarms(db)
        async with db.transaction() as tx:
            assert await commands.unpark(tx, "telegram:1")
        await wait_until(ended(db, "sent", "sent", "sent"))
    assert rows[0]["attempt"] == 0
    assert alarm["key"] == "needs-attention:telegram:1"
    assert [key for key in outside.seen if key != "elsewhere"] == ["kicked", "kicked", "behind"]


async def test_a_revoked_token_pauses_the_system_and_raises_one_kind_of_alarm(db: Database, bell: Bell):
    revoked = first(always(NeedsAttention("token revoked")))
    await order(db, *(make.message(chat, effect_key=f"m{chat}") for chat in (1, 2)))
    outside = Outside(answers={"m1": revoked, "m2": revoked})

    async def paused() -> list[dict[str, Any]]:
        async with db.transaction() as tx:
            return await tx.rows("SELECT name, reason FROM pauses WHERE scope = 'system'")

    async with delivering(db, bell, outside):
        assert await wait_until(paused) == [{"name": "telegram", "reason": "token revoked"}]
        await wait_until(lambda: alarms(db))
        assert {alarm["key"] for alarm in await alarms(db)} == {"needs-attention:telegram"}
        async with db.transaction() as tx:
            await tx.run("DELETE FROM pauses")
        await wait_until(ended(db, "sent", "sent"))


async def test_a_refused_command_is_cancelled_and_the_chat_goes_on(db: Database, bell: Bell):
    await order(db, make.message(effect_key="refused"), make.message(effect_key="behind"))
    async with delivering(db, bell, Outside(answers={"refused": always(Rejected("message to edit not found"))})):
        rows = await wait_until(ended(db, "cancelled", "sent"))
    assert rows[0]["error"] == "message to edit not found"
    assert await alarms(db) == []


@pytest.mark.parametrize("error", [Temporary("away"), AnswerLost("reset"), ZeroDivisionError("a bug")])
async def test_what_never_works_is_dead_after_its_tries_and_the_chat_goes_on(
    db: Database, bell: Bell, error: Exception
):
    await order(db, make.message(1, effect_key="hopeless"), make.message(1, effect_key="behind"))
    outside = Outside(answers={"hopeless": always(error)})
    async with delivering(db, bell, outside, max_attempts=3):
        rows = await wait_until(ended(db, "dead", "sent"))
    [alarm] = await alarms(db)
    assert outside.seen == ["hopeless"] * 3 + ["behind"]
    assert str(error) in rows[0]["error"]
    assert alarm["text_key"] == "alarm-dead-command"
    assert alarm["args"]["who"] == "telegram:1"


async def test_an_error_text_that_postgres_cannot_hold_harms_nobody(db: Database, bell: Bell):
    await order(db, make.message(1, effect_key="odd"), make.message(2, effect_key="elsewhere"))
    outside = Outside(answers={"odd": always(Temporary("NUL \0 and half a pair \ud83d"))})
    async with delivering(db, bell, outside, max_attempts=1):
        rows = await wait_until(ended(db, "dead", "sent"))
    assert rows[0]["error"] == "NUL \N{REPLACEMENT CHARACTER} and half a pair ?"
    assert len(await alarms(db)) == 1


async def test_a_postponed_command_counts_no_try(db: Database, bell: Bell):
    async def later(command: Command) -> Postponed:
        return Postponed(timedelta(milliseconds=1), "the pace of topics")

    await order(db, make.message(effect_key="m"))
    async with delivering(db, bell, Outside(answers={"m": first(*[later] * 5)}), max_attempts=2):
        [row] = await wait_until(ended(db, "sent"))
    assert row["attempt"] == 1


def saving(save: Callable[[Tx], Awaitable[Sequence[NewEvent[Any]]]]) -> Answer:
    async def answer(command: Command) -> Delivery:
        return Delivery(result={"message_id": 7}, save=save)

    return answer


async def test_what_a_delivery_learned_is_saved_with_it_and_its_events_are_named_after_the_command(
    db: Database, bell: Bell
):
    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'topic', '42')")
        return [replace(make.event(car), external_id=None) for car in ("car:1", "car:2")]

    await order(db, make.message(effect_key="m"))
    async with delivering(db, bell, Outside(answers={"m": saving(save)})):
        await wait_until(ended(db, "sent"))
    async with db.transaction() as tx:
        events = await tx.rows("SELECT source, external_id FROM events ORDER BY id")
        [command] = await tx.rows("SELECT id FROM commands")
        learned = await tx.rows("SELECT name FROM pauses")
    assert [event["external_id"] for event in events] == [f"{command['id']}:0", f"{command['id']}:1"]
    assert {event["source"] for event in events} == {"command"}
    assert learned == [{"name": "topic"}]
    assert [state for _, _, state in await make.states(db)] == ["queued", "queued"]


async def test_g6_a_save_that_fails_leaves_nothing_and_the_effect_is_not_repeated(db: Database, bell: Bell):
    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'half', 'done')")
        raise ZeroDivisionError

    await order(db, make.message(effect_key="m"), make.message(effect_key="behind"))
    outside = Outside(answers={"m": saving(save)})
    async with delivering(db, bell, outside):
        rows = await wait_until(ended(db, "dead", "sent"))
    async with db.transaction() as tx:
        assert await tx.rows("SELECT * FROM pauses") == []
    assert outside.seen == ["m", "behind"]
    assert "sent, but its result cannot be saved" in rows[0]["error"]
    assert [alarm["text_key"] for alarm in await alarms(db)] == ["alarm-dead-command"]


async def test_a_save_that_fails_for_a_moment_is_tried_again_without_sending_again(db: Database, bell: Bell):
    failures = [Temporary("deadlock"), ZeroDivisionError("a race")]

    async def save(tx: Tx) -> Sequence[NewEvent[Any]]:
        await tx.run("INSERT INTO pauses (scope, name, reason) VALUES ('agent', 'topic', '42')")
        while failures:
            raise failures.pop()
        return []

    await order(db, make.message(effect_key="m"))
    outside = Outside(answers={"m": saving(save)})
    async with delivering(db, bell, outside):
        await wait_until(ended(db, "sent"))
    async with db.transaction() as tx:
        assert len(await tx.rows("SELECT * FROM pauses")) == 1
    assert outside.seen == ["m"]


async def test_a_command_of_an_unknown_kind_is_dead_and_said_to_people(db: Database, bell: Bell):
    await order(db, make.message(effect_key="odd"), make.message(effect_key="behind"))
    async with db.transaction() as tx:
        await tx.run("UPDATE commands SET kind = 'telegram.from_the_future' WHERE effect_key = 'odd'")
    outside = Outside()
    async with delivering(db, bell, outside):
        await wait_until(ended(db, "dead", "sent"))
    [alarm] = await alarms(db)
    assert outside.seen == ["behind"]
    assert "telegram.from_the_future" in alarm["args"]["text"]


async def test_a_stopping_deliverer_hands_a_chat_text_back(db: Database, bell: Bell):
    started = asyncio.Event()

    async def endless(command: Command) -> Delivery:
        started.set()
        await asyncio.Event().wait()
        return await yes(command)

    await order(db, make.message(effect_key="m"))
    async with delivering(db, bell, Outside(answers={"m": endless}), stop_grace_s=1.0):
        await started.wait()
    [row] = await command_rows(db)
    assert row["state"] == "pending"
    async with delivering(db, bell, Outside()):
        await wait_until(ended(db, "sent"))


async def test_a_stopping_deliverer_says_that_nobody_knows_about_money(
    db: Database, bell: Bell, pay_client: NewCommand
):
    started = asyncio.Event()

    async def endless(command: Command) -> Delivery:
        started.set()
        await asyncio.Event().wait()
        return await yes(command)

    await order(db, pay_client)
    async with delivering(db, bell, Outside(answers={"pay": endless}), stop_grace_s=1.0):
        await started.wait()
    assert [row["state"] for row in await command_rows(db)] == ["unknown"]
    assert len(await alarms(db)) == 1


async def test_a_full_deliverer_stops_all_the_same(db: Database, bell: Bell):
    started = asyncio.Event()

    async def endless(command: Command) -> Delivery:
        started.set()
        await asyncio.Event().wait()
        return await yes(command)

    await order(db, make.message(effect_key="m"))
    async with (
        asyncio.timeout(60),
        delivering(db, bell, Outside(answers={"m": endless}), stop_grace_s=0.1, concurrency=1),
    ):
        await started.wait()
    assert [row["state"] for row in await command_rows(db)] == ["pending"]


async def test_a_long_delivery_keeps_its_lease(db: Database, bell: Bell):
    gate = asyncio.Event()

    async def slowly(command: Command) -> Delivery:
        await gate.wait()
        return await yes(command)

    async def lease_was_extended() -> bool:
        async with db.transaction() as tx:
            row = await tx.row("SELECT lease_until > now() + interval '1 second' AS is_long FROM destinations")
        return row == {"is_long": True}

    async def lease_is_short() -> bool:
        return not await lease_was_extended()

    await order(db, make.message(effect_key="m"))
    outside = Outside(answers={"m": slowly})
    async with delivering(db, bell, outside, lease_s=1.5):
        await wait_until(lease_is_short)
        await wait_until(lease_was_extended)
        gate.set()
        await wait_until(ended(db, "sent"))
    assert outside.seen == ["m"]


async def test_commands_are_done_without_redis(db: Database):
    bell = Bell("redis://127.0.0.1:1")
    await order(db, make.message())
    async with delivering(db, bell, Outside()):
        await wait_until(ended(db, "sent"))
    await bell.close()


async def endless(command: Command) -> Delivery:
    await asyncio.Event().wait()
    return await yes(command)


def stand(db: Database, **states: int) -> Callable[[], Awaitable[bool]]:
    """So many commands stand in these states."""

    async def look() -> bool:
        return Counter(row["state"] for row in await command_rows(db)) == states

    return look


@pytest.mark.parametrize(("share", "stuck"), [(0.5, 2), (0.75, 3), (0.1, 1)])
async def test_a_system_that_hangs_takes_its_share_of_the_places_and_the_other_goes_on(
    db: Database, bell: Bell, letters: list[NewCommand], share: float, stuck: int
):
    telegram, post = Outside(answers=dict.fromkeys("012345", endless)), Outside()
    await order(db, *(make.message(chat, effect_key=str(chat)) for chat in range(6)), *letters)
    async with delivering(db, bell, telegram, post=post, system_share=share, concurrency=4, stop_grace_s=1.0):
        await wait_until(stand(db, sending=stuck, pending=6 - stuck, sent=5))
    assert len(telegram.seen) == stuck


async def test_the_only_system_of_a_deliverer_may_take_all_places(db: Database, bell: Bell):
    outside = Outside(answers=dict.fromkeys("0123", endless))
    await order(db, *(make.message(chat, effect_key=str(chat)) for chat in range(4)))
    async with delivering(db, bell, outside, system_share=0.1, concurrency=4, stop_grace_s=1.0):
        await wait_until(stand(db, sending=4))


class HeardBell(Bell):
    """Tells when somebody listens, which is after a claim that found nothing."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_listened_to = asyncio.Event()

    async def wait_commands(self, system: str = "telegram", *, wait_s: float) -> bool:
        self.is_listened_to.set()
        return await super().wait_commands(system, wait_s=wait_s)


async def test_a_claim_that_finds_nothing_reaches_no_failpoint(
    db: Database, redis_url: str, capfd: pytest.CaptureFixture[str]
):
    bell = HeardBell(redis_url)
    with armed("deliverer.after_claim:raise"):
        async with delivering(db, bell, Outside()):
            await bell.is_listened_to.wait()
            assert "failpoint" not in capfd.readouterr().err
            await order(db, make.message())
            await wait_until(ended(db, "sending"))
    await bell.close()
    assert "failpoint deliverer.after_claim reached" in capfd.readouterr().err


async def test_what_is_sent_while_it_stops_is_written_down(db: Database, bell: Bell):
    started, answer = asyncio.Event(), asyncio.Event()

    async def slowly(command: Command) -> Delivery:
        started.set()
        await answer.wait()
        return await yes(command)

    await order(db, make.message(effect_key="m"), make.message(effect_key="behind"))
    outside = Outside(answers={"m": slowly})
    async with delivering(db, bell, outside, stop_grace_s=10.0):
        await started.wait()
        asyncio.get_running_loop().call_later(0.2, answer.set)
    assert [row["state"] for row in await command_rows(db)] == ["sent", "pending"]
    assert outside.seen == ["m"]


async def test_a_stop_keeps_within_its_grace_also_when_postgres_hangs(db: Database, db_url: str, bell: Bell):
    """What cannot be handed back then, its lease hands back."""
    await order(db, make.message(effect_key="m"))
    async with FaultProxy(address_of(db_url)) as proxy:
        behind = Database(through(proxy, db_url))
        async with delivering(behind, bell, Outside(answers={"m": endless}), stop_grace_s=2.0):
            await wait_until(ended(db, "sending"))
            proxy.black_hole()
            began = time.monotonic()
        assert time.monotonic() - began < 10.0  # a silent Postgres would keep it for ever
        await behind.close()
    assert [row["state"] for row in await command_rows(db)] == ["sending"]
