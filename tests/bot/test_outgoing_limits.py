"""The budgets of a chat, of a group with all its topics and of the whole bot, under a clock that only tests move."""

from datetime import timedelta

import pytest

from bot.limits import SendLimits
from core.clock import FixedClock
from core.commands import Priority
from core.settings import TelegramSettings
from tests.bot.outgoing_at_work import NOW

GROUP, OTHER, PERSON = -100, -200, 300
FREE = timedelta(0)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def limits(clock: FixedClock) -> SendLimits:
    return SendLimits(TelegramSettings(), clock)


def _spend(limits: SendLimits, clock: FixedClock, chat_id: int, times: int, priority=Priority.LINE) -> list[timedelta]:
    """Ask once a second."""
    waits = []
    for _ in range(times):
        waits.append(limits.take(chat_id, priority=priority))
        clock.advance(timedelta(seconds=1))
    return waits


def test_a_short_burst_goes_through_and_then_one_a_second(limits: SendLimits, clock: FixedClock):
    burst = [limits.take(PERSON, priority=Priority.LINE) for _ in range(4)]
    assert burst == [FREE, FREE, FREE, timedelta(seconds=1)]
    clock.advance(timedelta(seconds=1))
    assert limits.take(PERSON, priority=Priority.LINE) == FREE


def test_a_refused_message_takes_nothing(limits: SendLimits, clock: FixedClock):
    for _ in range(20):
        limits.take(PERSON, priority=Priority.LINE)
    clock.advance(timedelta(seconds=1))
    assert limits.take(PERSON, priority=Priority.LINE) == FREE


def test_a_group_takes_twenty_a_minute_over_all_topics(limits: SendLimits, clock: FixedClock):
    waits = _spend(limits, clock, GROUP, 21)
    assert waits[:20] == [FREE] * 20
    assert waits[20] == timedelta(seconds=40)
    clock.advance(timedelta(seconds=39))
    assert limits.take(GROUP, priority=Priority.LINE) == FREE


def test_cards_leave_room_for_what_is_urgent(limits: SendLimits, clock: FixedClock):
    cards = _spend(limits, clock, GROUP, 16, Priority.CARD)
    assert cards[:15] == [FREE] * 15
    assert cards[15] > FREE
    assert _spend(limits, clock, GROUP, 5, Priority.ANSWER) == [FREE] * 5


def test_a_busy_forum_does_not_delay_another(limits: SendLimits, clock: FixedClock):
    _spend(limits, clock, GROUP, 25)
    assert limits.take(OTHER, priority=Priority.SEED) == FREE


def test_a_private_chat_has_no_minute(limits: SendLimits, clock: FixedClock):
    assert _spend(limits, clock, PERSON, 40) == [FREE] * 40


def test_edits_do_not_spend_the_minute_of_a_group(limits: SendLimits, clock: FixedClock):
    for _ in range(30):
        assert limits.take(GROUP, priority=Priority.CARD, is_edit=True) == FREE
        clock.advance(timedelta(seconds=1))
    assert limits.take(GROUP, priority=Priority.CARD) == FREE


def test_the_whole_bot_sends_thirty_a_second(limits: SendLimits, clock: FixedClock):
    assert [limits.take(chat, priority=Priority.LINE) for chat in range(1, 31)] == [FREE] * 30
    assert limits.take(31, priority=Priority.LINE) > FREE
    clock.advance(timedelta(seconds=1))
    assert limits.take(31, priority=Priority.LINE) == FREE


def test_a_clock_that_goes_back_gives_no_tokens_and_does_not_fail(limits: SendLimits, clock: FixedClock):
    for _ in range(3):
        limits.take(PERSON, priority=Priority.LINE)
    clock.advance(timedelta(seconds=-60))
    assert limits.take(PERSON, priority=Priority.LINE) == timedelta(seconds=1)
