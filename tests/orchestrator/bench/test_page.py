"""Figures become tables, in their own place of a page."""

from pathlib import Path
from typing import Any

import pytest

from core.settings import WrongSettings
from orchestrator.bench.machine import machine, spread
from orchestrator.bench.page import put_into

PAGE = "# Speed\n<!-- kill -->\nold figures\n<!-- end of kill -->\nstays as it is\n"


@pytest.fixture
def figures() -> dict[str, Any]:
    peer = {
        "part": "peer",
        "about": "",
        "package": "some-body",
        "version": "1.2",
        "at_once": 32,
        "loses_nothing": False,
    }
    return {
        "machine": machine() | {"postgres": "18", "redis": "6"},
        "tasks": 2000,
        "in_flight": 32,
        "think_s": 0.02,
        "cap_s": 90.0,
        "about": {"somebody": peer},
        "ours": {"thinking": {"kills": 50, "undone": 0, "doubled": 0, "done_s": spread([2.0, 3.0, 4.0])}},
        "peers": {"somebody": {"kills": 1, "undone": 7, "doubled": 1, "done_s": None}},
        "left_out": {"another": "not installed"},
    }


def test_tables_of_a_bench_are_renewed_in_their_place(tmp_path: Path, figures: dict[str, Any]) -> None:
    page = tmp_path / "PERFORMANCE.md"
    page.write_text(PAGE)

    put_into(page, "kill", figures, "jarvis bench kill --against all")
    once = page.read_text()
    put_into(page, "kill", figures, "jarvis bench kill --against all")

    assert page.read_text() == once
    assert "old figures" not in once
    assert "stays as it is" in once
    assert "`jarvis bench kill --against all`" in once
    assert "| **Jarvis**, thinking | 50 | 0 | 0 | 3.0 (2.0–4.0) |" in once
    assert "| some-body 1.2 | 1 | 7 | 1 |  |" in once
    assert "another: not installed" in once


def test_a_page_without_a_place_for_the_bench_is_left_alone(tmp_path: Path, figures: dict[str, Any]) -> None:
    page = tmp_path / "PERFORMANCE.md"
    page.write_text("# Speed\n")

    with pytest.raises(WrongSettings, match="no place for kill"):
        put_into(page, "kill", figures, "jarvis bench kill")

    assert page.read_text() == "# Speed\n"
