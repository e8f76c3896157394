"""The oracle compares with what the sandbox saw: nothing accepted is lost, nothing goes out twice or out of order."""

from collections.abc import Callable
from functools import partial

import httpx
import pytest

from core.errors import Temporary
from db.session import Database
from orchestrator.check import Observed, Witness, check
from sandbox.app import create_app
from sandbox.company.telegram import BOT_TOKEN
from sandbox.journal import Journal
from sandbox.serve import serving
from tests.orchestrator.check import ground
from tests.orchestrator.check.ground import opened, posted, said, seen

LOST_WEBHOOK = "I1 every webhook that was answered 2xx has an event"
DOUBLE_WEBHOOK = "I2 no webhook became two events"
NEVER_ARRIVED = "I2 every message that is marked sent reached Telegram"
SAID_TWICE = "I2 each message was sent once, or again only after a lost answer"
TOPIC_TWICE = "I2 each topic was opened once"
CHAT_ORDER = "I3 messages of one line stand in the chat in the order of ordering"


@pytest.fixture
async def history(db: Database) -> Database:
    await ground.lay(db)
    return db


async def broken(db: Database, observed: Observed) -> list[str]:
    assertions = await check(db, ground.limits(), observed=observed)
    return [f"{assertion.invariant} {assertion.statement}" for assertion in assertions if assertion.is_broken]


WRONGS: dict[str, tuple[Observed, str]] = {
    "an accepted webhook without its event": (
        Observed(calls=seen().calls, posted=[posted(), posted(b"another")]),
        LOST_WEBHOOK,
    ),
    "an event of a webhook that nobody posted": (Observed(calls=seen().calls), DOUBLE_WEBHOOK),
    "a message marked sent that never arrived": (
        Observed(calls=[said(1, 11)], posted=seen().posted),
        NEVER_ARRIVED,
    ),
    "a message that went out twice": (
        Observed(calls=[*seen().calls, said(3, 13)], posted=seen().posted),
        SAID_TWICE,
    ),
    "a topic that was opened twice": (
        Observed(calls=[*seen().calls, opened(3, 7)], posted=seen().posted),
        TOPIC_TWICE,
    ),
    "a message that overtook an older one": (
        Observed(calls=[said(2, 11), said(1, 12)], posted=seen().posted),
        CHAT_ORDER,
    ),
}


@pytest.mark.parametrize(("observed", "statement"), WRONGS.values(), ids=WRONGS)
async def test_what_the_sandbox_saw_otherwise_is_seen(history: Database, observed: Observed, statement: str) -> None:
    assert await broken(history, observed) == [statement]


async def test_a_refused_webhook_needs_no_event(history: Database) -> None:
    refused = [posted(b"refused", 503), posted(b"unheard", None)]
    assert await broken(history, Observed(calls=seen().calls, posted=[posted(), *refused])) == []


async def test_a_repeat_after_a_lost_answer_is_allowed_once_a_try(history: Database) -> None:
    async with history.transaction() as tx:
        await tx.run("UPDATE commands SET attempt = 2, may_be_done = true WHERE id = 2")
    again = said(3, 13, "hello\nthis may be a repeat")
    assert await broken(history, Observed(calls=[*seen().calls, again], posted=seen().posted)) == []
    third = [*seen().calls, again, said(4, 14)]
    assert await broken(history, Observed(calls=third, posted=seen().posted)) == [SAID_TWICE]


async def test_another_text_is_no_repeat_of_a_lost_answer(history: Database) -> None:
    async with history.transaction() as tx:
        await tx.run("UPDATE commands SET attempt = 2, may_be_done = true WHERE id = 2")
    observed = Observed(calls=[*seen().calls, said(3, 13, "something else")], posted=seen().posted)
    assert await broken(history, observed) == [SAID_TWICE]


async def test_one_message_that_two_commands_claim_is_seen(history: Database, as_owner: Callable[[str], None]) -> None:
    as_owner("UPDATE commands SET result = jsonb_build_object('message_id', 11)")
    assert SAID_TWICE in await broken(history, seen())


async def test_the_witness_sees_calls_and_webhooks_once_each() -> None:
    async with serving(create_app()) as url, Witness(url) as witness, httpx.AsyncClient(base_url=url) as http:
        person = (await http.get("/_sandbox/telegram/credentials")).json()["admins"][0]
        await http.post("/_sandbox/telegram/start", json={"as": person})
        for text in ("one", "two"):
            await http.post(f"/telegram/bot{BOT_TOKEN}/sendMessage", json={"chat_id": person, "text": text})
            await http.post("/_sandbox/rentprog/webhooks/raw", json={"branch": "tbilisi", "body": text})
            observed = await witness.look()
    assert [call.params["text"] for call in observed.calls] == ["one", "two"]
    assert [(each.branch, each.status) for each in observed.posted] == [("tbilisi", None)] * 2
    assert observed.lost == 0


async def test_what_the_sandbox_forgot_is_counted_and_said(history: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.app.Journal", partial(Journal, kept=3))
    async with serving(create_app()) as url, Witness(url) as witness, httpx.AsyncClient(base_url=url) as http:
        for _ in range(5):
            await http.post(f"/telegram/bot{BOT_TOKEN}/getMe")
        observed = await witness.look()
    assertions = await check(history, ground.limits(), observed=observed)
    figures = [assertion.figure for assertion in assertions if assertion.statement == "the journal is whole"]
    assert figures == ["not looked at here: the sandbox forgot 2 calls before this look"]


async def test_a_sandbox_that_does_not_answer_is_said_in_one_line() -> None:
    async with Witness("http://127.0.0.1:9") as witness:
        with pytest.raises(Temporary, match="no sandbox answers"):
            await witness.look()
