"""A process that dies while it talks with a client: the client reads everything once, and staff know how it stands."""

import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.events import InboxDue
from db.queries import evidence
from db.session import Tx
from tests.chaos.day import role_process
from tests.chaos.processes import Process, reached
from tests.chaos.talk_day import talk_day, umnico_deliverer
from tests.flows.company import text_of, words
from tests.flows.talk import ENGLISHMAN, Talk
from tests.wait import wait_until

AFTER_SEND = "deliverer.after_send"
ANSWER = "Мы уже подъезжаем к вам"
QUESTION = "Where are you? I am waiting at the airport"
SECOND_TRY = 2

Day = Callable[..., AbstractAsyncContextManager[Talk]]


@pytest.fixture
def day(db_url: str, redis_url: str, tmp_path: Path) -> Day:
    return partial(talk_day, db_url, redis_url, tmp_path)


@pytest.mark.parametrize("echoes", [True, False], ids=["told-by-its-echo", "found-in-the-history"])
async def test_row_5_a_message_whose_deliverer_was_killed_after_sending_reaches_its_client_once(
    day: Day, echoes: bool
) -> None:
    async with day() as talk:
        await talk.company.order("umnico/behaviour", echoes=echoes)
        await sent_by_a_deliverer_that_dies(talk)
        with umnico_deliverer(talk):
            await talk.quiet()
        assert [message["text"] for message in await talk.clients.messages(ENGLISHMAN)] == [f"[en] {ANSWER}"]
        assert await of_staff(talk) == [("sent", "sent", SECOND_TRY)]


async def test_row_5_a_message_that_the_history_does_not_name_stays_unknown_until_a_person_wants_it_again(
    day: Day,
) -> None:
    async with day() as talk:
        await talk.company.order("umnico/behaviour", echoes=False, history_nameless=True)
        await sent_by_a_deliverer_that_dies(talk)
        with umnico_deliverer(talk, tries=SECOND_TRY):
            await talk.quiet()
            shown = await talk.reads(ENGLISHMAN, words("sending-unknown").partition("\n")[0])
            assert words("sending-button-retry") in str(shown["reply_markup"])
            assert len(await talk.sent_to(ENGLISHMAN)) == 1
            assert await of_staff(talk) == [("unknown", "sent", SECOND_TRY)]


async def test_row_5_a_message_that_nobody_was_sure_of_is_sure_when_the_inbox_is_looked_through(day: Day) -> None:
    """The history tells its words, though not the id that we gave it."""
    async with day() as talk:
        await talk.company.order("umnico/behaviour", echoes=False, history_nameless=True)
        await sent_by_a_deliverer_that_dies(talk)
        with umnico_deliverer(talk, tries=SECOND_TRY):
            await talk.quiet()
            assert await of_staff(talk) == [("unknown", "sent", SECOND_TRY)]
            await talk.tick(InboxDue())
            await talk.quiet()
        assert await of_staff(talk) == [("sent", "sent", SECOND_TRY)]
        assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_row_4_a_message_whose_worker_was_killed_in_the_middle_of_its_translation_is_shown_once(
    day: Day,
) -> None:
    async with day(stays=()) as talk:
        await talk.company.order("llm/faults", times=1, latency_s=60)
        with role_process(talk.company, "worker") as dying:
            await talk.clients.writes(ENGLISHMAN, QUESTION)
            await is_translating(talk, dying)
            dying.kill()
            assert await dying.ended() == -signal.SIGKILL
        await talk.clients.model_up()
        with role_process(talk.company, "worker"):
            await talk.reads(ENGLISHMAN, f"[ru] {QUESTION}")
            await talk.quiet()
        assert len([one for one in await talk.in_topic(ENGLISHMAN) if QUESTION in text_of(one)]) == 1
        [translated] = await talk.company.ask(translations, "done")
        assert translated["attempt"] >= SECOND_TRY


async def is_translating(talk: Talk, worker: Process) -> None:
    async def looks_so() -> bool:
        assert worker.code is None, worker.said
        return bool(await talk.company.ask(translations, "running"))

    try:
        await wait_until(looks_so, timeout_s=talk.company.patience_s)
    except AssertionError as error:
        raise AssertionError(f"{error}; it said:\n{worker.said}") from error


async def sent_by_a_deliverer_that_dies(talk: Talk) -> None:
    """Staff answer, the client reads it, and who sent it dies before it could write that down."""
    await talk.clients.writes(ENGLISHMAN, QUESTION)
    await talk.reads(ENGLISHMAN, QUESTION)
    await talk.says(ENGLISHMAN, ANSWER)
    with umnico_deliverer(talk, failpoint=AFTER_SEND) as dying:
        await reached(dying, AFTER_SEND)
        assert await dying.ended() == -signal.SIGKILL
    await talk.client_reads(ENGLISHMAN, ANSWER)


async def of_staff(talk: Talk) -> list[tuple[str, str, int]]:
    """Each message of staff: how it stands, and its command with its tries."""
    tries = await talk.company.ask(evidence.tries_of, "umnico.send")
    stand = await talk.company.ask(deliveries)
    return [(one["delivery"], row["state"], row["attempt"]) for one, row in zip(stand, tries, strict=True)]


async def deliveries(tx: Tx) -> list[dict[str, Any]]:
    return await tx.rows("SELECT delivery FROM messages WHERE author = 'staff' ORDER BY sent_at")


async def translations(tx: Tx, state: str) -> list[dict[str, Any]]:
    return await tx.rows(
        """SELECT runs.attempt FROM runs JOIN events ON events.id = runs.event_id
           WHERE runs.agent = 'translator' AND runs.state = %s AND events.kind = 'umnico.message.incoming'""",
        (state,),
    )
