"""Failpoints: a closed set of names, harmless when none is armed, seen when they are reached."""

import re
from pathlib import Path

import pytest

from core.errors import Temporary
from core.settings import WrongSettings
from orchestrator.failpoints import FAILPOINTS, armed, failpoint
from tests.orchestrator.commands import jarvis

SOURCES = Path(__file__).parents[2] / "orchestrator"


def test_each_name_stands_in_the_code_and_no_other_does() -> None:
    placed = {name for file in SOURCES.rglob("*.py") for name in re.findall(r'failpoint\("(.*?)"\)', file.read_text())}
    assert placed == {*FAILPOINTS}


def test_a_failpoint_that_is_not_armed_does_nothing() -> None:
    with armed("worker.before_commit:raise"):
        failpoint("worker.after_commit")


def test_an_armed_failpoint_says_that_it_was_reached_before_it_acts(capfd: pytest.CaptureFixture[str]) -> None:
    with armed("worker.before_commit:raise"), pytest.raises(Temporary, match=r"failpoint worker\.before_commit"):
        failpoint("worker.before_commit")
    assert capfd.readouterr().err == "failpoint worker.before_commit reached, time 1: raise\n"


def test_a_failpoint_with_a_number_acts_that_time_only() -> None:
    with armed("relay.after_mark#2:raise"):
        failpoint("relay.after_mark")
        with pytest.raises(Temporary):
            failpoint("relay.after_mark")
        failpoint("relay.after_mark")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("worker.nowhere", "there is no failpoint 'worker.nowhere'"),
        ("worker.in_think:explode", "'explode' is none of kill, raise, stop"),
        ("worker.in_think#0", "is not of the form name#time:action"),
    ],
)
def test_a_failpoint_that_is_not_there_is_a_wrong_setting(text: str, part: str) -> None:
    with pytest.raises(WrongSettings, match=part), armed(text):
        pytest.fail("armed")


def test_a_process_with_a_wrong_failpoint_does_not_start() -> None:
    said = jarvis("worker", settings={"JARVIS_FAILPOINT": "worker.nowhere"})
    assert said.code == 2
    assert said.err.startswith("jarvis: JARVIS_FAILPOINT: there is no failpoint 'worker.nowhere'")
    assert len(said.err.splitlines()) == 1
