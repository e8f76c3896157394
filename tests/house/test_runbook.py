"""Whatever can wake a person has a section in the runbook, which says the same five things of each."""

import re
from pathlib import Path

import pytest
import yaml

from db.session import Database
from orchestrator.cli.overview import overview
from tests.house.documents import ROOT

RUNBOOK = (ROOT / "docs" / "RUNBOOK.md").read_text(encoding="utf-8")
SECTIONS = {
    part.partition("\n")[0].strip(): part.partition("\n")[2].partition("\n## ")[0]
    for part in RUNBOOK.split("\n### ")[1:]
}
PARTS = ("**Means**", "**How bad**", "**Look**", "**Mend**", "**Well again**")
NO_ALARMS = {"alarm-repeated", "alarm-over", "alarm-total", "alarm-quarantined-event"}
"""Texts that go with an alarm and are none."""
SOURCES = [path for folder in ("agents", "bot", "core", "orchestrator") for path in (ROOT / folder).rglob("*.py")]


def keys_in(paths: list[Path], pattern: str) -> set[str]:
    return {key for path in paths for key in re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)}


IN_TEXTS = keys_in([*(ROOT / "bot" / "texts" / "en").glob("*.ftl")], r"^(alarm-[a-z-]+) =") - NO_ALARMS
IN_CODE = keys_in(SOURCES, r"\"(alarm-[a-z]+(?:-[a-z]+)+)\"") - NO_ALARMS
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
ALERTS = {rule["alert"] for group in RULES["groups"] for rule in group["rules"]}


def test_every_alarm_that_code_raises_has_a_text() -> None:
    assert len(IN_CODE) > 15
    assert IN_TEXTS >= IN_CODE


def test_the_runbook_has_a_section_for_every_alarm_and_alert_and_for_nothing_else() -> None:
    assert SECTIONS.keys() == IN_TEXTS | ALERTS


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_section_says_what_it_means_how_bad_where_to_look_what_mends_and_what_is_well(name: str) -> None:
    assert [part for part in PARTS if part not in SECTIONS[name]] == []


@pytest.mark.parametrize("name", sorted(SECTIONS.keys() & IN_TEXTS - {"alarm-file-too-big"}))
def test_a_section_names_a_command_to_look_with(name: str) -> None:
    """That each command exists is asked of every page (test_docs.py). A big file is seen in its chat."""
    assert "`jarvis " in SECTIONS[name]


async def test_the_runbook_lists_the_keys_of_the_status(db: Database) -> None:
    table = RUNBOOK.partition("## The keys of `jarvis status --json`")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = {key for cell in rows for key in re.findall(r"`(\w+)`", cell)}

    assert told == (await overview(db, stall_s=60)).keys()
