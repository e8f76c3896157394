"""The token buckets by themselves, under a clock that stands still."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import FixedClock
from sandbox.telegram.errors import ApiError
from sandbox.telegram.limits import Limiter

GROUP, PERSON = -1_003_000_000_001, 5_000_000_001


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.fixture
def limiter(clock: FixedClock) -> Limiter:
    made = Limiter(clock)
    made.is_enabled = True
    return made


def wait_of(limiter: Limiter, chat_id: int, messages: int = 1, *, is_group: bool = False) -> int:
    with pytest.raises(ApiError) as refused:
        limiter.spend(chat_id, messages, is_group=is_group)
    assert refused.value.code == 429
    return refused.value.parameters["retry_after"]


def test_a_chat_takes_three_at_once_and_then_one_a_second(limiter: Limiter, clock: FixedClock):
    for _ in range(3):
        limiter.spend(PERSON, 1, is_group=False)
    assert wait_of(limiter, PERSON) == 1
    clock.advance(timedelta(seconds=1))
    limiter.spend(PERSON, 1, is_group=False)
    assert wait_of(limiter, PERSON) == 1


def test_a_group_takes_twenty_and_then_one_in_three_seconds(limiter: Limiter, clock: FixedClock):
    for _ in range(29):
        limiter.spend(GROUP, 1, is_group=True)
        clock.advance(timedelta(seconds=1))
    # The chat by itself would take the next one.
    assert wait_of(limiter, GROUP, is_group=True) in {1, 2}
    limiter.spend(GROUP, 1, is_group=True, is_edit=True)
    clock.advance(timedelta(seconds=2))
    limiter.spend(GROUP, 1, is_group=True)
    assert wait_of(limiter, GROUP, is_group=True) in {2, 3}


def test_edits_do_not_count_among_the_twenty(limiter: Limiter, clock: FixedClock):
    for _ in range(60):
        limiter.spend(GROUP, 1, is_group=True, is_edit=True)
        clock.advance(timedelta(seconds=1))
    limiter.spend(GROUP, 3, is_group=True)


def test_thirty_a_second_go_out_over_all_chats(limiter: Limiter):
    for number in range(30):
        limiter.spend(PERSON + number, 1, is_group=False)
    assert wait_of(limiter, PERSON + 99) == 1


def test_a_refused_call_takes_no_tokens(limiter: Limiter, clock: FixedClock):
    limiter.spend(PERSON, 3, is_group=False)
    for _ in range(5):
        assert wait_of(limiter, PERSON) == 1
    clock.advance(timedelta(seconds=1))
    limiter.spend(PERSON, 1, is_group=False)


def test_an_album_larger_than_the_burst_goes_out_when_the_chat_is_rested(limiter: Limiter, clock: FixedClock):
    limiter.spend(PERSON, 10, is_group=False)
    assert wait_of(limiter, PERSON) == 8
    clock.advance(timedelta(seconds=8))
    limiter.spend(PERSON, 1, is_group=False)
