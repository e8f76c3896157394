"""People ask in their own language and press buttons; only the right person's press counts, and only once."""

from datetime import UTC, datetime

import pytest

from bot.dates import local_day
from db.queries import evidence
from tests.flows.company import (
    ADMIN,
    CLERK,
    ENGLISH_CLERK,
    GEORGIAN_CLERK,
    HEAD,
    HEAD_OF_BATUMI,
    PLANNED,
    TBILISI,
    Company,
    car_id,
    text_of,
    words,
)
from tests.wait import wait_until


@pytest.mark.parametrize(("name", "language"), [(CLERK, "ru"), (ENGLISH_CLERK, "en"), (GEORGIAN_CLERK, "ka")])
async def test_today_car_free_and_help_answer_everybody_in_their_own_language(
    first_day: Company, name: str, language: str
) -> None:
    await first_day.let_in(name)
    assert words("help-title", language) in await first_day.answer_to(name, "/help")
    car = await first_day.answer_to(name, "/car ae-004 ae")
    assert "AE004AE · Jeep Compass" in car
    assert words("view-car-mileage", language, mileage=await mileage(first_day, 61004)) in car
    today = await first_day.answer_to(name, "/today")
    assert "Tbilisi" in today
    assert ("AE004AE" in today) == await is_handed_over_today(first_day)
    free = await first_day.answer_to(name, "/free")
    assert words("view-free-now", language, count=3) in free
    assert "AG006AG" in free
    assert words("view-car-none", language, wanted="XX000XX") == await first_day.answer_to(name, "/car XX000XX")


async def is_handed_over_today(company: Company) -> bool:
    """The planned hand-over is two hours ahead: late in the evening that is tomorrow."""
    async with company.db.transaction() as tx:
        row = await tx.row("SELECT start_at FROM bookings WHERE car_id = %s", (car_id(PLANNED),))
    assert row is not None
    today = local_day(datetime.now(UTC))
    return today.starts <= row["start_at"] < today.ends


async def mileage(company: Company, car: int) -> int:
    return next(row["mileage"] for row in (await company.director.company())["cars"] if row["id"] == car)


async def test_in_a_cars_topic_the_question_needs_no_plate(company: Company) -> None:
    forum, topic = company.forums[TBILISI], await company.topic(TBILISI, 61006)
    asked = await company.director.say(company.people[CLERK], forum, "/car", thread_id=topic["thread_id"])
    answer = await company.reads(forum, "AG006AG", after=asked)
    assert answer["message_thread_id"] == topic["thread_id"]


async def test_a_clerk_may_not_bind_a_forum(company: Company) -> None:
    asked = await company.director.say(company.people[CLERK], company.forums[TBILISI], "/bind batumi")
    await company.reads(company.forums[TBILISI], words("bind-own-how"), after=asked)
    assert await company.ask(evidence.forum_of_branch, TBILISI) == company.forums[TBILISI]


async def toast(company: Company, person: str, chat_id: int, message_id: int, data: str) -> str:
    """Press a button; what is shown to the presser alone."""
    pressed = await company.order(
        "telegram/press", as_=company.people[person], chat_id=chat_id, message_id=message_id, callback_data=data
    )

    async def answered() -> dict[str, str]:
        told = (await company.http.get(f"telegram/callbacks/{pressed['callback_query_id']}")).json()
        return told if told["answered"] else {}

    return (await wait_until(answered)).get("text", "")


async def test_row_45_a_button_counts_only_for_whom_it_was_made_and_only_once(company: Company) -> None:
    await company.let_in(HEAD, "branch_head")
    forum = company.forums[TBILISI]
    asked = await company.director.say(company.people[HEAD], forum, "/bind tbilisi")
    await company.reads(forum, "Tbilisi", after=asked)
    members = [company.people[name] for name in (HEAD, CLERK, ADMIN)]
    made = await company.order("telegram/chats", title="Anew", members=members, is_forum=True)
    asked = await company.director.say(company.people[HEAD], made["id"], "/bind tbilisi")
    question = await company.reads(made["id"], "Branch Tbilisi", after=asked)
    [[button]] = question["reply_markup"]["inline_keyboard"]
    data, number = button["callback_data"], question["message_id"]
    assert await toast(company, ADMIN, made["id"], number, data) == words("button-not-yours", "en")
    assert await toast(company, CLERK, made["id"], number, data) == words("button-not-yours")
    assert await company.ask(evidence.forum_of_branch, TBILISI) == forum
    assert await toast(company, HEAD, made["id"], number, data) == words("button-accepted", "ka")
    assert await toast(company, HEAD, made["id"], number, data) == words("button-used", "ka")
    await company.until_equal(made["id"], evidence.forum_of_branch, TBILISI)
    assert (await company.ask(evidence.kinds))["forum.bound"] == 3


async def test_two_managers_decide_at_once_and_the_first_decision_stands(company: Company) -> None:
    await company.let_in(HEAD, "branch_head")
    newcomer = company.people[HEAD_OF_BATUMI]
    await company.director.start(newcomer)
    for_admin = await company.asked_about(HEAD_OF_BATUMI)
    head = company.people[HEAD]
    for_head = await company.reads(head, str(newcomer))
    await company.director.press(company.people[ADMIN], company.people[ADMIN], for_admin, "branch head · Batumi")
    await company.until_equal("branch_head", evidence.role_of, newcomer)
    await company.quiet()
    [shown] = [m for m in await company.director.messages(head) if m["message_id"] == for_head["message_id"]]
    assert "reply_markup" not in shown
    assert "Ada" in text_of(shown)
    assert await company.ask(evidence.role_of, newcomer) == "branch_head"
