"""`make chaos` and `make soak`: the storm for minutes, from a printed seed (SEED, MINUTES)."""

import os
import sys
from pathlib import Path
from random import SystemRandom

import pytest

from tests.chaos.storm import Weather, storm
from tests.orchestrator.commands import own_home

MINUTES = float(os.environ.get("MINUTES") or 30)
SEED = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))


@pytest.mark.soak
@pytest.mark.timeout(MINUTES * 60 + 300)
async def test_after_a_soak_with_every_kind_of_fault_every_promise_holds() -> None:
    sys.stdout.write(f"\nSEED={SEED} MINUTES={MINUTES:g}\n")
    with own_home() as home:
        after = await storm(Weather(seed=SEED, seconds=MINUTES * 60), Path(home))
    sys.stdout.write("\n".join([*after.lines(), ""]))
    assert after.broken == []
    assert len(after.faults) == after.kinds
