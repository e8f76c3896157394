"""A minute of random faults over real processes; the long versions are `make chaos` and `make soak`."""

import sys
from pathlib import Path

import pytest

from tests.chaos.storm import Weather, storm
from tests.orchestrator.commands import own_home

SECONDS = 30.0
"""With its opening and its calming down it is a minute."""


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_after_a_storm_of_random_faults_every_promise_holds() -> None:
    with own_home() as home:
        after = await storm(Weather(seed=1, seconds=SECONDS, fault_every_s=1.3), Path(home))
    sys.stdout.write("\n".join([*after.lines(), ""]))
    assert after.broken == []
