"""The model is slow, away, over its limit or talks nonsense: clients are read and answered all the same."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from core.events import TranslationsDue
from tests.flows import talk_oracle
from tests.flows.company import CLERK, HEAD, text_of
from tests.flows.talk import Talk, talk_of_a_file
from tests.wait import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")
FOR_EVER = 10_000


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def company_of_all(
    postgres: str, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Talk]:
    async with talk_of_a_file(postgres, redis_server, tmp_path_factory.mktemp("home")) as talk:
        yield talk


@pytest_asyncio.fixture(loop_scope="module")
async def talk(company_of_all: Talk) -> AsyncIterator[Talk]:
    yield company_of_all
    await company_of_all.clients.model_up()
    await company_of_all.tick(TranslationsDue())
    await company_of_all.quiet()
    await talk_oracle.check(company_of_all)


async def fault(talk: Talk, **order: Any) -> None:
    await talk.company.order("llm/faults", times=FOR_EVER, **order)


async def is_read_at_once_and_translated_later(talk: Talk, name: str) -> None:
    guest = talk.guest(name)
    await talk.writes(guest, f"Is {name} of yours there today?")
    first = await talk.reads(guest, f"Is {name} of yours there today?")
    assert "[ru]" not in text_of(first)

    await talk.says(guest, f"Сейчас узнаю, {name}")
    waits = await talk.reads(guest, "⏳ Пока не отправлено")
    assert await talk.sent_to(guest) == []
    await talk.press(waits, "✉️")
    got = await talk.client_reads(guest, f"Сейчас узнаю, {name}")
    assert got["text"] == f"Сейчас узнаю, {name}"

    await talk.clients.model_up()
    await talk.quiet()

    async def is_translated() -> bool:
        await talk.tick(TranslationsDue())
        await talk.quiet()
        return "[ru]" in text_of(await talk.reads(guest, f"Is {name} of yours there today?"))

    await wait_until(is_translated, timeout_s=talk.company.patience_s)
    assert await talk.sent_to(guest) == [f"Сейчас узнаю, {name}"]


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("over-its-limit", {"status": 429, "retry_after": 1}),
        ("broken-inside", {"status": 500}),
        ("overloaded", {"status": 529}),
        ("cut-off", {"drop": True}),
    ],
)
async def test_row_27_a_model_that_refuses_keeps_no_client_waiting(
    talk: Talk, name: str, order: dict[str, Any]
) -> None:
    await fault(talk, **order)
    await is_read_at_once_and_translated_later(talk, name)


async def test_row_26_a_model_that_stalls_keeps_no_client_waiting(talk: Talk) -> None:
    await fault(talk, latency_s=12)
    await is_read_at_once_and_translated_later(talk, "stalled")


@pytest.mark.parametrize("spoil", ["malformed_arguments", "truncated_call", "unknown_tool", "nonsense"])
async def test_row_28_what_a_model_says_wrongly_reaches_nobody(talk: Talk, spoil: str) -> None:
    name = spoil.replace("_", "-")
    await fault(talk, spoil=spoil)
    guest = talk.guest(name)
    await talk.writes(guest, f"Is the {name} road open today?")
    shown = text_of(await talk.reads(guest, f"Is the {name} road open today?"))
    assert [word for word in ("Umbrella", "moon_roof", "unfinished") if word in shown] == []
    await talk.says(guest, f"Дорога открыта, {name}")
    waits = await talk.reads(guest, "Пока не отправлено")
    assert await talk.sent_to(guest) == []
    await talk.press(waits, "✉️")
    await talk.client_reads(guest, f"Дорога открыта, {name}")
    await talk.quiet()
    assert await talk.sent_to(guest) == [f"Дорога открыта, {name}"]


async def test_row_29_a_model_that_never_stops_calling_tools_is_stopped_and_nothing_comes_of_it(talk: Talk) -> None:
    for number, arguments in enumerate(({"car": 999_999}, {"car": 999_999, "client_id": 370_001})):
        days = {"start": "2027-03-10T10:00", "end": "2027-03-14T10:00"}
        calls = [{"name": "price", "arguments": arguments | days}]
        when = {"user": f"endless question {number}", "offers": "my_bookings"}
        await talk.clients.model_says({"when": when, "answer": {"tool_calls": calls}})
        guest = talk.guest(f"Asker {number}")
        before = len(await talk.clients.model_calls())
        await talk.writes(guest, f"This is the endless question {number} of mine")
        await talk.reads(guest, f"endless question {number}")
        await talk.quiet()
        assert len(await talk.clients.model_calls()) - before <= 12
        assert [one for one in await talk.in_topic(guest) if "Черновик" in text_of(one)] == []
        assert await talk.sent_to(guest) == []


async def test_a_voice_that_is_hardly_understood_is_marked_and_there_to_be_listened_to(talk: Talk) -> None:
    await fault(talk, operation="openai.transcriptions", spoil="nonsense")
    guest = talk.guest("Mumbler")
    await talk.writes(guest, "Hello, it is me and I have a question")
    await talk.clients.speaks(guest, "I have lost the key of the car")
    await talk.reads(guest, "❓")
    await talk.quiet()
    heard = [one for one in await talk.in_topic(guest) if one.get("voice") or one.get("audio")]
    assert len(heard) == 1


async def test_row_33_a_group_that_threw_the_bot_out_is_not_where_a_client_is_lost(talk: Talk) -> None:
    guest = talk.guest("Patient")
    await talk.writes(guest, "These are the first words of mine")
    await talk.reads(guest, "first words of mine")
    bot = (await talk.director.messages(talk.groups[CLERK]))[-1]["from"]["id"]
    member = {"chat_id": talk.groups[CLERK], "user_id": bot}
    await talk.company.order("telegram/members/kick", **member)
    await talk.writes(guest, "These are the second words of mine")
    await talk.reads(guest, "second words of mine", HEAD)
    await talk.company.order("telegram/members/add", **member)
    await talk.company.order("telegram/members/promote", **member)
    await talk.reads(guest, "second words of mine")
    await talk.says(guest, "Теперь вижу вас снова")
    await talk.client_reads(guest, "Теперь вижу вас снова")
    await talk.quiet()
    assert len(await talk.sent_to(guest)) == 1
