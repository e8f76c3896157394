"""The breaker by itself, on a clock that the test moves."""

from datetime import timedelta

import pytest

from agents.kit.breaker import Breaker
from core.clock import FixedClock
from tests.agents.kit.conftest import NOON


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def breaker(clock) -> Breaker:
    return Breaker(clock, failures_until_down=3, down_s=60)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_it_opens_after_failures_in_a_row_only(breaker):
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()
    assert breaker.down_for() == 60


def test_after_its_time_one_call_tries_it_and_the_others_wait(breaker, clock):
    fail(breaker, 3)
    clock.advance(timedelta(seconds=60))
    assert breaker.down_for() == 0
    assert breaker.admits()
    assert not breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


def test_a_failed_trial_closes_it_off_again_for_the_whole_time(breaker, clock):
    fail(breaker, 3)
    clock.advance(timedelta(seconds=60))
    breaker.admits()
    breaker.failed()
    assert breaker.down_for() == 60
    clock.advance(timedelta(seconds=60))
    assert breaker.admits()


def test_a_trial_that_was_cancelled_leaves_room_for_the_next(breaker, clock):
    fail(breaker, 3)
    clock.advance(timedelta(seconds=60))
    breaker.admits()
    breaker.let_go()
    assert breaker.admits()


def test_a_wait_that_was_asked_for_is_kept_but_not_for_ever(breaker, clock):
    breaker.failed(asked_wait_s=7)
    assert breaker.down_for() == 7
    clock.advance(timedelta(seconds=7))
    breaker.admits()
    breaker.failed(asked_wait_s=1_000_000)
    assert breaker.down_for() == 900
