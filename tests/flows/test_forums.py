"""What people do to forums by hand, and what Telegram does to us: everything heals, and nobody waits for another."""

from datetime import datetime, timedelta
from typing import Any

from db.queries import evidence, status
from sandbox.company.telegram import ALERTS_CHAT_ID
from tests.flows.company import (
    ADMIN,
    BATUMI,
    FREE,
    FREE_IN_BATUMI,
    OUT,
    PLANNED,
    TBILISI,
    Company,
    car_of,
    text_of,
)
from tests.flows.test_bookings import book
from tests.wait import wait_until


async def shows(company: Company, branch: str, car: int, part: str) -> None:
    async def seen() -> bool:
        return part in text_of(await company.card(branch, car))

    await wait_until(seen)


async def test_row_32_a_topic_that_somebody_deleted_opens_again_with_its_card_at_the_next_news(
    company: Company,
) -> None:
    old = await company.topic(TBILISI, FREE)
    await company.director.delete_topic(company.forums[TBILISI], old["thread_id"])
    await company.director.act(f"cars/{FREE}", fields={"mileage": 150_500})
    await company.quiet()
    new = await company.topic(TBILISI, FREE)
    assert (new["version"], new["is_closed"]) == (old["version"] + 1, False)
    assert new["thread_id"] != old["thread_id"]
    await shows(company, TBILISI, FREE, "150\u00a0500")


async def test_row_32_a_topic_that_somebody_closed_takes_the_next_line_and_stays_the_same_topic(
    company: Company,
) -> None:
    before = await company.topic(TBILISI, FREE)
    await company.order(
        "telegram/topics/close",
        chat_id=company.forums[TBILISI],
        message_thread_id=before["thread_id"],
        as_=company.people[ADMIN],
    )
    booking = await book(company)
    await company.director.act(f"bookings/{booking}/issue", mileage=150_100)
    await company.quiet()
    assert await company.topic(TBILISI, FREE) == before
    assert len(await company.lines(TBILISI, FREE, "🔑")) == 1


async def test_row_34_a_forum_that_got_another_id_goes_on_with_its_topics(company: Company) -> None:
    old_topic = await company.topic(TBILISI, FREE)
    moved = await company.order(f"telegram/chats/{company.forums[TBILISI]}/migrate")
    company.forums[TBILISI] = moved["id"]
    await company.director.act(f"cars/{FREE}", fields={"mileage": 150_500})
    await company.until_equal(moved["id"], evidence.forum_of_branch, TBILISI)
    await shows(company, TBILISI, FREE, "150\u00a0500")
    await company.quiet()
    assert (await company.topic(TBILISI, FREE))["thread_id"] == old_topic["thread_id"]
    assert (await company.ask(evidence.unfinished))["dead"] == 0


async def test_row_33_a_forum_that_threw_the_bot_out_is_raised_waits_and_is_brought_up_to_date_on_its_return(
    company: Company,
) -> None:
    bot = (await company.http.get("telegram/state")).json()["me"]["id"]
    forum = company.forums[TBILISI]
    await company.order("telegram/members/kick", chat_id=forum, user_id=bot)
    await company.reads(ALERTS_CHAT_ID, "Branch Tbilisi")
    await company.director.act(f"cars/{FREE}", fields={"mileage": 150_500})
    await company.director.act(f"cars/{FREE_IN_BATUMI}", fields={"mileage": 150_700})
    await shows(company, BATUMI, FREE_IN_BATUMI, "150\u00a0700")
    assert [parked["destination"] for parked in await company.ask(status.parked)] == [f"telegram:{forum}"]
    await company.order("telegram/members/promote", chat_id=forum, user_id=bot)
    await shows(company, TBILISI, FREE, "150\u00a0500")
    await company.quiet()
    assert await company.ask(status.parked) == []
    assert [key for key in await company.ask(status.open_alarm_keys) if str(forum) in key] == []


async def test_row_31_a_forum_over_its_limit_does_not_delay_another(company: Company) -> None:
    busy, other = company.forums[TBILISI], company.forums[BATUMI]
    mark = (await company.director.telegram_calls())[-1]["n"]
    await company.order("telegram/faults", method="*", chat_id=busy, retry_after=3, times=1)
    await company.director.act(f"cars/{FREE}", fields={"mileage": 150_500})

    async def refused() -> bool:
        calls = await company.director.telegram_calls(since=mark)
        return any(not call["ok"] and call["params"].get("chat_id") == busy for call in calls)

    await wait_until(refused)
    await company.director.act(f"cars/{PLANNED}", fields={"mileage": 150_600})
    await company.director.act(f"cars/{FREE_IN_BATUMI}", fields={"mileage": 150_700})
    await shows(company, BATUMI, FREE_IN_BATUMI, "150\u00a0700")
    assert "150\u00a0500" not in text_of(await company.card(TBILISI, FREE))
    await shows(company, TBILISI, FREE, "150\u00a0500")
    calls = await company.director.telegram_calls(since=mark)
    times = {chat: [at_of(call) for call in calls if call["params"].get("chat_id") == chat] for chat in (busy, other)}
    assert times[busy][1] - times[busy][0] >= timedelta(seconds=2.9)
    assert times[busy][0] < times[other][0] < times[busy][1]


def at_of(call: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(call["at"])


async def test_a_forum_that_moves_to_a_new_chat_takes_its_cars_along(company: Company) -> None:
    bot_rights = ["can_manage_topics", "can_delete_messages", "can_pin_messages"]
    made = await company.order(
        "telegram/chats", title="Tbilisi anew", members=[company.people[ADMIN]], is_forum=True, bot_rights=bot_rights
    )
    asked = await company.director.say(company.people[ADMIN], made["id"], "/bind tbilisi")
    question = await company.reads(made["id"], "Branch Tbilisi", after=asked)
    await company.director.press(company.people[ADMIN], made["id"], question, "Move")
    await company.until_equal(made["id"], evidence.forum_of_branch, TBILISI)
    await company.quiet()
    assert await company.ask(evidence.live_topics, made["id"]) == 2
    old = company.forums[TBILISI]
    for car in (PLANNED, FREE):
        topic = await company.ask(evidence.live_topic, old, car_of(car))
        assert topic is not None
        assert topic["is_closed"]
    assert await company.ask(evidence.live_topics, company.forums[BATUMI]) == 2
    assert not (await company.topic(BATUMI, OUT))["is_closed"]
