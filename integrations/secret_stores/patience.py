"""Asking a store again until it answers or the patience of a start is over."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import Temporary

T = TypeVar("T")

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 3.0


def persist(ask: Callable[[], T], *, patience_s: float) -> T:
    """What ``ask`` returns; its ``Temporary`` is tried again with growing pauses, and raised once time is over.

    Without patience it is asked once.
    """
    deadline = time.monotonic() + patience_s
    longest = FIRST_PAUSE_S
    while True:
        try:
            return ask()
        except Temporary as error:
            pause = error.retry_after or random.uniform(0, longest)  # noqa: S311 - spreads retries, no secret
            if time.monotonic() + pause >= deadline:
                raise Temporary(f"{error}, for {patience_s:g} s" if patience_s else str(error)) from error
            time.sleep(pause)
            longest = min(longest * 2, LONGEST_PAUSE_S)
