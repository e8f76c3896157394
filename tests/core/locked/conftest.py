"""A measure of work: what is pure code must not grow faster than what it reads."""

import time

import pytest


@pytest.fixture
def work_of():
    """The least processor time of three calls: other processes and one pause do not tell."""

    def measure(call):
        def once():
            begun = time.process_time_ns()
            call()
            return time.process_time_ns() - begun

        return min(once() for _ in range(3))

    return measure
