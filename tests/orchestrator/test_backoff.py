"""Waits grow with the tries, up to a limit, and those who failed together come back apart."""

from datetime import timedelta

import pytest

from core.settings import WorkSettings
from orchestrator.backoff import backoff

WORK = WorkSettings(backoff_first_s=1.0, backoff_max_s=60.0)


@pytest.mark.parametrize(("attempt", "ceiling_s"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (10_000, 60)])
def test_a_wait_is_anywhere_up_to_its_ceiling_and_never_nothing(attempt: int, ceiling_s: int):
    waits = [backoff(attempt, WORK) for _ in range(300)]
    assert timedelta(0) < min(waits)
    assert max(waits) <= timedelta(seconds=ceiling_s)
    assert max(waits) > timedelta(seconds=ceiling_s / 2)


def test_those_who_failed_together_part():
    assert len({backoff(5, WORK) for _ in range(50)}) > 40
