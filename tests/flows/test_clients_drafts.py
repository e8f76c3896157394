"""Questions get drafts whose figures are the tools' own; promises wait for a head; words of staff become tasks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.events import ApprovalsDue
from core.settings import NightSettings
from sandbox.llm.voice import voice
from tests.flows.company import ADMIN, CLERK, HEAD, PLANNED, TBILISI, Json, text_of, words
from tests.flows.talk import ENGLISHMAN, STRANGER, Talk, talk_at_work
from tests.wait import wait_until

START, END = (datetime.now(UTC) + timedelta(days=days) for days in (40, 44))
DAYS = {"start": f"{START:%Y-%m-%dT10:00}", "end": f"{END:%Y-%m-%dT10:00}"}
PRICE, FREE = "How much is any car for four days next month?", "Which cars are free for four days next month?"


def by_day() -> NightSettings:
    """A night of one minute, half a day away from now."""
    far = datetime.now(UTC) + timedelta(hours=16)
    return NightSettings(window_from=f"{far:%H:%M}", window_until=f"{far + timedelta(minutes=1):%H:%M}")


@pytest.fixture
async def talk(db_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Talk]:
    async with talk_at_work(db_url, redis_url, tmp_path, night=by_day()) as talk:
        yield talk


async def rule(talk: Talk, question: str, after: int, **answer: Any) -> None:
    when = {"user": question.rstrip("?"), "offers": "my_bookings", "tool_results": after}
    await talk.clients.model_says({"when": when, "answer": answer})


def draft(intent: str, staff: str, client: str, *used: str) -> Json:
    texts = {"staff_text": staff, "client_text": client}
    return {"kind": "answer", "intent": intent, "used": list(used), "score": 0.9, **texts}


async def prices_are_known(talk: Talk, said: str = "${tool.price.total}") -> None:
    """The model looks for a car and for its price, then writes; ``said`` is the amount it puts into its words."""
    price = {"name": "price", "arguments": {**DAYS, "car": "${tool.availability.offers.0.car}"}}
    await rule(talk, PRICE, 0, tool_calls=[{"name": "availability", "arguments": DAYS}])
    await rule(talk, PRICE, 1, tool_calls=[price])
    told = draft("price", f"Всего за аренду {said}.", f"In all it costs {said}.", "availability-1", "price-2")
    await rule(talk, PRICE, 2, object=told)


async def free_cars_are_known(talk: Talk) -> None:
    await rule(talk, FREE, 0, tool_calls=[{"name": "availability", "arguments": DAYS}])
    number = "${tool.availability.number_free}"
    told = draft("availability", f"Свободных машин: {number}.", f"Free cars: {number}.", "availability-1")
    await rule(talk, FREE, 1, object=told)


async def buttons(message: Json) -> list[str]:
    return [one["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for one in row]


async def test_a_price_that_a_tool_computed_is_drafted_and_leaves_as_it_was_shown(talk: Talk) -> None:
    await prices_are_known(talk)
    await talk.clients.writes(STRANGER, PRICE)
    card = await talk.reads(STRANGER, "💡")
    assert "In all it costs" in text_of(card)
    shown = next(line for line in text_of(card).splitlines() if line.startswith("In all it costs"))
    assert any(figure.isdigit() for figure in shown)
    assert await talk.sent_to(STRANGER) == []
    await talk.press(card, words("draft-button-send"))
    await talk.client_reads(STRANGER, "In all it costs")
    await talk.quiet()
    assert await talk.sent_to(STRANGER) == [shown]


async def test_a_draft_about_free_cars_may_be_written_anew(talk: Talk) -> None:
    await free_cars_are_known(talk)
    await talk.clients.writes(STRANGER, FREE)
    card = await talk.reads(STRANGER, "💡")
    await talk.press(card, words("draft-button-edit"))
    await talk.reads(STRANGER, "Скопируйте", after=card["message_id"])
    await talk.says(STRANGER, "Есть две машины, какую хотите?")
    await talk.client_reads(STRANGER, "Есть две машины")
    await talk.quiet()
    assert len(await talk.sent_to(STRANGER)) == 1


async def test_a_draft_that_is_discarded_never_leaves(talk: Talk) -> None:
    await free_cars_are_known(talk)
    await talk.clients.writes(STRANGER, FREE)
    card = await talk.reads(STRANGER, "💡")
    await talk.press(card, words("draft-button-discard"))
    await talk.reads(STRANGER, "Черновик отклонён")
    await talk.says(STRANGER, "Отвечу вам сам")
    await talk.client_reads(STRANGER, "Отвечу вам сам")
    await talk.quiet()
    assert len(await talk.sent_to(STRANGER)) == 1


async def test_a_number_that_no_tool_said_holds_the_draft(talk: Talk) -> None:
    await prices_are_known(talk, said="17 USD")
    await talk.clients.writes(STRANGER, PRICE)
    card = await talk.reads(STRANGER, "✋")
    assert "17 USD" in text_of(card)
    assert words("draft-button-send") not in await buttons(card)
    await talk.quiet()
    assert await talk.sent_to(STRANGER) == []


async def test_at_night_the_shadow_writes_and_sends_nothing(db_url: str, redis_url: str, tmp_path: Path) -> None:
    night = NightSettings(window_from="00:00", window_until="00:00")
    async with talk_at_work(db_url, redis_url, tmp_path, night=night) as talk:
        await free_cars_are_known(talk)
        await talk.clients.writes(STRANGER, FREE)
        await talk.reads(STRANGER, "🌙")
        await talk.quiet()
        assert await talk.sent_to(STRANGER) == []


async def test_row_30_an_answering_machine_is_answered_no_more_than_the_night_allows(
    db_url: str, redis_url: str, tmp_path: Path
) -> None:
    live = {"mode": "live", "window_from": "00:00", "window_until": "00:00"}
    night = NightSettings.model_validate({**live, "max_replies": 2, "min_gap_minutes": 0})
    async with talk_at_work(db_url, redis_url, tmp_path, night=night) as talk:
        await free_cars_are_known(talk)
        for _ in range(5):
            await talk.clients.writes(STRANGER, FREE)
            await talk.reads(STRANGER, "💬")
            await talk.quiet()
        assert len(await talk.sent_to(STRANGER)) == 2


async def offered(talk: Talk) -> Json:
    """A promise of the clerk, as the head is asked about it."""
    await talk.clients.writes(ENGLISHMAN, "Can you make it cheaper for me?")
    await talk.reads(ENGLISHMAN, "cheaper for me")
    await talk.says(ENGLISHMAN, "/offer Сделаем скидку 10% на всю аренду")
    await talk.reads(ENGLISHMAN, "🕓")
    return await talk.company.reads(talk.company.people[HEAD], "скидку 10%")


async def test_a_promise_waits_for_the_head_and_leaves_as_it_was_shown(talk: Talk) -> None:
    card = await offered(talk)
    assert await talk.sent_to(ENGLISHMAN) == []
    head = talk.company.people[HEAD]
    await talk.director.press(head, head, card, words("approval-allow", "ka"))
    got = await talk.client_reads(ENGLISHMAN, "скидку 10%")
    await talk.quiet()
    assert got["text"] in text_of(card)
    assert await talk.sent_to(ENGLISHMAN) == [got["text"]]


async def test_a_promise_that_nobody_consented_to_in_time_never_leaves(talk: Talk) -> None:
    card = await offered(talk)
    async with talk.company.db.transaction() as tx:
        await tx.run("UPDATE approvals SET expires_at = now() - interval '1 minute'")
    await talk.tick(ApprovalsDue())
    await talk.reads(ENGLISHMAN, "❌")
    head = talk.company.people[HEAD]
    late = await talk.director.messages(head)
    assert [one for one in late if one["message_id"] == card["message_id"] and "reply_markup" in one] == []
    await talk.quiet()
    assert await talk.sent_to(ENGLISHMAN) == []


async def test_a_breakdown_that_somebody_writes_or_says_in_a_cars_topic_becomes_a_task(talk: Talk) -> None:
    company = talk.company
    await company.bind(TBILISI, ADMIN)
    thread = (await company.topic(TBILISI, PLANNED))["thread_id"]
    forum, clerk = company.forums[TBILISI], company.people[CLERK]
    await company.director.say(clerk, forum, "Скрипят тормозные колодки, надо менять", thread_id=thread)
    spoken = ("voice.ogg", voice("Трещина на лобовом, лобовое надо менять"), "audio/ogg")
    fields = {"as": str(clerk), "chat_id": str(forum), "thread_id": str(thread), "kind": "voice"}
    await company.http.post("telegram/send_media", data=fields, files=[("files", spoken)])

    async def cards() -> list[Json]:
        found = [one for one in await company.in_topic(TBILISI, PLANNED) if text_of(one).startswith("📌")]
        return found if len(found) == 2 else []

    found = await wait_until(cards, timeout_s=company.patience_s)
    assert "тормоза" in text_of(found[0])
    assert "стёкла" in text_of(found[1])
    for key in ("task-done", "task-snooze-hour", "task-assign", "task-details-button"):
        assert words(key) in await buttons(found[0])
    await company.director.press(clerk, forum, found[0], words("task-done"))

    async def is_done() -> bool:
        return any(text_of(one).startswith("✅") for one in await company.in_topic(TBILISI, PLANNED))

    await wait_until(is_done, timeout_s=company.patience_s)
