"""How long to wait before another try: exponential, with full jitter so that those who failed together part."""

import random
from datetime import timedelta

from core.settings import WorkSettings


def backoff(attempt: int, work: WorkSettings) -> timedelta:
    """``attempt`` counts from 1; the wait is uniform in (0, min(max, first * 2^(attempt-1))]."""
    ceiling = min(work.backoff_max_s, work.backoff_first_s * 2 ** min(attempt - 1, 30))
    return timedelta(seconds=max(0.05, random.uniform(0, ceiling)))  # noqa: S311 - spreads load, protects nothing
