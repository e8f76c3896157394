"""Nobody answers a client: the next person up is asked, sees everything, and every move is explained."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.events import UnansweredDue
from core.settings import EscalationSettings, HoursSettings
from tests.flows.company import CLERK, HEAD, text_of, words
from tests.flows.opening import company_at_work, jarvis_running
from tests.flows.talk import ARAB, DIRECTOR, DIVISION_HEAD, ENGLISHMAN, Talk, at_their_desks, talk_at_work

ASKED = "Nobody is at the parking, where is the car?"
REMIND, TO_HEAD, TO_DIVISION, TO_DIRECTOR = 5, 10, 20, 40
"""Minutes of the settings as they are delivered."""
IN_A_MOMENT = EscalationSettings(chat_minutes=(0.03, 0.06, 0.1, 0.15), look_every_s=1)


@pytest.fixture
async def talk(db_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Talk]:
    """A clerk, the head of the branch, the head of the division and the director, each with a group."""
    async with talk_at_work(db_url, redis_url, tmp_path) as talk:
        await talk.hire_above(DIVISION_HEAD, "division_head")
        await talk.hire_above(DIRECTOR, "director")
        yield talk


async def asked(talk: Talk, client: str = ENGLISHMAN, text: str = ASKED) -> None:
    await talk.clients.writes(client, text)
    await talk.reads(client, text)
    await talk.quiet()


async def leaves(talk: Talk, name: str) -> None:
    assert "🌴" in await talk.company.answer_to(name, "/away")


async def shown(talk: Talk, of: str, part: str = ASKED) -> int:
    """How often somebody's group shows these words of a client."""
    messages = await talk.director.messages(talk.groups[of])
    return len([one for one in messages if one["from"]["is_bot"] and part in text_of(one)])


async def test_silence_climbs_person_by_person_and_each_move_is_explained_where_it_is_read(talk: Talk) -> None:
    await asked(talk)
    await talk.pass_time(REMIND)
    await talk.reads(ENGLISHMAN, "⏰")
    assert await shown(talk, HEAD) == 0

    await talk.pass_time(TO_HEAD - REMIND)
    await talk.reads(ENGLISHMAN, ASKED, HEAD)
    await talk.reads(ENGLISHMAN, "⏫", HEAD)
    assert "მაგალითიძე" in text_of(await talk.reads(ENGLISHMAN, "⏫"))
    assert await shown(talk, DIVISION_HEAD) == 0

    await talk.pass_time(TO_DIVISION - TO_HEAD)
    await talk.reads(ENGLISHMAN, ASKED, DIVISION_HEAD)
    assert "Дивизионова" in text_of(await talk.reads(ENGLISHMAN, "⏫", DIVISION_HEAD))
    assert await shown(talk, DIRECTOR) == 0

    await talk.pass_time(TO_DIRECTOR - TO_DIVISION)
    await talk.reads(ENGLISHMAN, ASKED, DIRECTOR)
    assert "Viktor" in text_of(await talk.reads(ENGLISHMAN, "⏫", DIRECTOR))
    assert "Viktor" in text_of(await talk.card(ENGLISHMAN))
    assert [await shown(talk, one) for one in (CLERK, HEAD, DIVISION_HEAD, DIRECTOR)] == [1, 1, 1, 1]

    await talk.says(ENGLISHMAN, "Я уже иду к вам", by=DIRECTOR)
    await talk.client_reads(ENGLISHMAN, "Я уже иду к вам")
    await talk.quiet()
    assert len(await talk.sent_to(ENGLISHMAN)) == 1


async def test_an_answer_stops_the_climb_and_the_next_question_begins_a_new_one(talk: Talk) -> None:
    await asked(talk)
    await talk.pass_time(TO_HEAD - 1)
    await talk.says(ENGLISHMAN, "Машина на втором этаже")
    await talk.client_reads(ENGLISHMAN, "Машина на втором этаже")
    await talk.quiet()
    await talk.pass_time(TO_DIRECTOR)
    assert [await shown(talk, one) for one in (HEAD, DIVISION_HEAD, DIRECTOR)] == [0, 0, 0]

    await asked(talk, text="And where is the key of it?")
    await talk.pass_time(TO_HEAD)
    await talk.reads(ENGLISHMAN, "And where is the key of it?", HEAD)
    assert await shown(talk, HEAD) == 0


async def test_whoever_is_away_is_skipped_and_it_is_said(talk: Talk) -> None:
    await leaves(talk, HEAD)
    await asked(talk)
    await talk.pass_time(TO_HEAD)
    await talk.reads(ENGLISHMAN, ASKED, DIVISION_HEAD)
    assert "•" in text_of(await talk.reads(ENGLISHMAN, "⏫", DIVISION_HEAD))
    assert await shown(talk, HEAD) == 0


async def test_who_leaves_while_a_client_waits_is_relieved_at_once(talk: Talk) -> None:
    await asked(talk)
    await leaves(talk, CLERK)
    await talk.tick(UnansweredDue())
    await talk.reads(ENGLISHMAN, ASKED, HEAD)
    await talk.reads(ENGLISHMAN, "⏫", HEAD)


async def test_one_list_holds_all_who_wait_until_they_are_answered(talk: Talk) -> None:
    await asked(talk)
    await asked(talk, ARAB, "أين السيارة التي حجزتها؟")
    await talk.pass_time(TO_HEAD)

    async def listed() -> str:
        return await talk.company.answer_to(DIRECTOR, "/unanswered")

    both = await listed()
    assert await talk.name(ENGLISHMAN) in both
    assert await talk.name(ARAB) in both
    await talk.says(ENGLISHMAN, "Сейчас подойдём", by=HEAD)
    await talk.client_reads(ENGLISHMAN, "Сейчас подойдём")
    await talk.quiet()
    left = await listed()
    assert await talk.name(ENGLISHMAN) not in left
    assert await talk.name(ARAB) in left


async def test_nobody_left_is_an_alarm_and_not_silence(talk: Talk) -> None:
    await asked(talk)
    for name in (CLERK, HEAD, DIVISION_HEAD, DIRECTOR):
        await leaves(talk, name)
    await talk.pass_time(TO_DIRECTOR)
    alarms = talk.company.settings.telegram.alerts_chat
    assert alarms is not None
    await talk.company.reads(alarms, "🆘")


async def test_while_the_branch_is_closed_the_clock_stands_still(db_url: str, redis_url: str, tmp_path: Path) -> None:
    async with talk_at_work(db_url, redis_url, tmp_path, hours=closed_now()) as talk:
        await asked(talk)
        await talk.pass_time(TO_DIRECTOR)
        assert await shown(talk, HEAD) == 0
        assert [one for one in await talk.in_topic(ENGLISHMAN) if "⏰" in text_of(one)] == []


async def test_a_restart_in_the_middle_repeats_nothing_and_goes_on(db_url: str, redis_url: str, tmp_path: Path) -> None:
    async with company_at_work(db_url, redis_url, tmp_path, talks=True, roles=()) as company:
        async with jarvis_running(company):
            talk = await at_their_desks(company)
            await talk.hire_above(DIVISION_HEAD, "division_head")
            await asked(talk)
            await talk.pass_time(TO_HEAD)
            await talk.reads(ENGLISHMAN, ASKED, HEAD)
        before = [await talk.director.messages(talk.groups[one]) for one in (CLERK, HEAD)]
        async with jarvis_running(company):
            await talk.tick(UnansweredDue())
            await talk.quiet()
            assert [await talk.director.messages(talk.groups[one]) for one in (CLERK, HEAD)] == before
            await talk.pass_time(TO_DIVISION - TO_HEAD)
            await talk.reads(ENGLISHMAN, ASKED, DIVISION_HEAD)
            assert [await shown(talk, one) for one in (CLERK, HEAD, DIVISION_HEAD)] == [1, 1, 1]


async def test_by_the_true_clock_nobody_is_asked_twice_and_an_answer_ends_it(
    db_url: str, redis_url: str, tmp_path: Path
) -> None:
    """Who is asked between is a matter of a busy machine; that somebody is asked in the end is not."""
    async with talk_at_work(db_url, redis_url, tmp_path, escalation=IN_A_MOMENT) as talk:
        await talk.hire_above(DIRECTOR, "director")
        await talk.clients.writes(ENGLISHMAN, ASKED)
        await talk.reads(ENGLISHMAN, ASKED, DIRECTOR)
        await talk.reads(ENGLISHMAN, "⏫", DIRECTOR)
        await talk.says(ENGLISHMAN, "Я уже иду к вам", by=DIRECTOR)
        await talk.client_reads(ENGLISHMAN, "Я уже иду к вам")
        await talk.quiet()
        assert await shown(talk, DIRECTOR) == 1
        assert await shown(talk, CLERK) == 1
        assert words("unanswered-none", "en") in await talk.company.answer_to(DIRECTOR, "/unanswered")


def closed_now() -> HoursSettings:
    """Hours of work that begin in two hours and ended two hours ago, by the clock of Tbilisi."""
    local = datetime.now(UTC) + timedelta(hours=4)
    begins, ended = local + timedelta(hours=6), local - timedelta(hours=6)
    return HoursSettings(
        work_from=f"{begins:%H:%M}", work_until=f"{ended:%H:%M}", quiet_from="00:00", quiet_until="00:00"
    )
