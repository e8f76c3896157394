"""The first day: Jarvis reads the company, people are let in, forums are bound."""

from db.queries import evidence
from tests.flows.company import (
    ADMIN,
    BATUMI,
    CLERK,
    FREE,
    PLANNED,
    TBILISI,
    Company,
    text_of,
    words,
)
from tests.wait import wait_until

STRANGER = 5_300_000_001


async def test_the_first_sync_stores_the_company_and_says_nothing_about_its_history(first_day: Company) -> None:
    told = await first_day.director.company()
    stored = await first_day.ask(evidence.rows_stored)
    assert stored == {noun: len(told[noun]) for noun in ("cars", "clients", "bookings")}
    happened = await first_day.ask(evidence.kinds)
    assert not [kind for kind in happened if kind.startswith(("car.", "booking.", "client."))]
    assert await first_day.ask(evidence.drift_of, TBILISI) == []


async def test_somebody_new_asks_for_access_and_works_once_the_administrator_agreed(first_day: Company) -> None:
    await first_day.director.start(first_day.people[CLERK])
    await first_day.reads(first_day.people[CLERK], words("access-asked"))
    question = await first_day.asked_about(CLERK)
    admin = first_day.people[ADMIN]
    await first_day.director.press(admin, admin, question, "employee · Tbilisi")
    await first_day.reads(first_day.people[CLERK], words("access-welcome", role="employee", branch="Tbilisi"))
    assert await first_day.ask(evidence.role_of, first_day.people[CLERK]) == "employee"

    async def decided() -> bool:
        [shown] = [m for m in await first_day.director.messages(admin) if m["message_id"] == question["message_id"]]
        return "reply_markup" not in shown and "Иван" in text_of(shown)

    await wait_until(decided)
    assert words("help-title") in await first_day.answer_to(CLERK, "/help")


async def test_somebody_who_was_refused_is_told_so_and_gets_no_role(first_day: Company) -> None:
    await first_day.director.start(first_day.people[CLERK])
    question = await first_day.asked_about(CLERK)
    admin = first_day.people[ADMIN]
    await first_day.director.press(admin, admin, question, words("access-refuse", "en"))
    await first_day.reads(first_day.people[CLERK], words("access-refused"))
    assert await first_day.ask(evidence.role_of, first_day.people[CLERK]) is None
    assert await first_day.answer_to(CLERK, "/start") == words("access-too-soon")
    await first_day.quiet()
    assert (await first_day.ask(evidence.kinds))["access.requested"] == 1


async def test_a_stranger_learns_nothing_and_leaves_no_trace(first_day: Company) -> None:
    await first_day.order("telegram/users", id=STRANGER, first_name="Somebody", language_code="en")
    for question in ("/today", "/car AE004AE", "/help", "hello", "/bind tbilisi"):
        await first_day.director.say(STRANGER, STRANGER, question)
    await first_day.answer_to(ADMIN, "/help")
    await first_day.quiet()
    assert [m for m in await first_day.director.messages(STRANGER) if m["from"]["is_bot"]] == []
    assert "access.requested" not in await first_day.ask(evidence.kinds)


async def test_a_bound_forum_gets_a_topic_with_a_pinned_card_for_each_of_its_cars(first_day: Company) -> None:
    await first_day.bind(TBILISI, ADMIN)
    forum = first_day.forums[TBILISI]
    cars = {car["id"]: car for car in (await first_day.director.company())["cars"]}
    names = {topic["name"] for topic in await first_day.director.topics(forum) if topic["message_thread_id"]}
    assert names == {f"{cars[number]['number']} {cars[number]['car_name']}" for number in (PLANNED, FREE)}
    for number in (PLANNED, FREE):
        assert cars[number]["number"] in text_of(await first_day.card(TBILISI, number))
    await first_day.reads(forum, "Tbilisi")
    assert await first_day.ask(evidence.live_topics, first_day.forums[BATUMI]) == 0


async def test_a_forum_where_the_bot_lacks_rights_is_not_bound_and_the_answer_names_what_is_missing(
    first_day: Company,
) -> None:
    forum, bot = first_day.forums[TBILISI], (await first_day.http.get("telegram/state")).json()["me"]["id"]
    await first_day.order("telegram/members/promote", chat_id=forum, user_id=bot, rights=["can_delete_messages"])
    asked = await first_day.director.say(first_day.people[ADMIN], forum, "/bind tbilisi")
    answer = text_of(await first_day.reads(forum, words("bind-missing", "en"), after=asked))
    assert words("bind-problem", "en", problem="can_manage_topics") in answer
    assert words("bind-problem", "en", problem="can_pin_messages") in answer
    assert words("bind-problem", "en", problem="can_delete_messages") not in answer
    assert await first_day.ask(evidence.forum_of_branch, TBILISI) is None
    await first_day.order("telegram/members/promote", chat_id=forum, user_id=bot)
    await first_day.bind(TBILISI, ADMIN)
    assert await first_day.ask(evidence.live_topics, forum) == 2
