"""`make eval`: every written case, four times, against a named model or the sandbox's scripted one."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.evals.case import all_cases
from tests.evals.model import Named, follow, scripted, settings_of
from tests.evals.report import as_json, show
from tests.evals.run import run_cases

K = int(os.environ.get("K") or 4)
AT_ONCE = int(os.environ.get("AT_ONCE") or 4)
CHOSEN = os.environ.get("CASES") or ""
"""Only cases with this in their id."""
REPORT = Path(os.environ.get("JSON") or os.devnull)
SCRIPTED = "the sandbox's scripted model (its answers are written beside the cases)"


@pytest.mark.evals
@pytest.mark.timeout(0)
async def test_the_cases_are_run_and_reported(postgres: str) -> None:
    cases = [case for case in all_cases() if CHOSEN in case.id]
    named = Named.of_environment()
    with scripted() as (twin, of_the_script):
        trials = (
            await run_cases(cases, settings_of(named), postgres, k=K, at_once=AT_ONCE)
            if named
            else await run_cases(cases, of_the_script, postgres, k=K, prepare=lambda case: follow(twin, case))
        )
    told = as_json(named.model if named else SCRIPTED, cases, trials, K)
    show(Console(soft_wrap=True), told)
    _write(told)
    assert named or told["pass^1"] == 1, "a scripted answer does not pass: a case or a grader is wrong"


def _write(told: dict[str, Any]) -> None:
    REPORT.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
