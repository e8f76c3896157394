"""Numbers and tables of a run: pass^1 and pass^k, what it cost, and where it fails."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import comb
from statistics import mean
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.evals.case import Case
from tests.evals.seen import Trial

Trials = Mapping[str, Sequence[Trial]]
"""By the id of the case."""


def pass_hat(passed: int, tried: int, k: int) -> float:
    """How likely ``k`` tries in a row all pass, estimated from ``passed`` of ``tried``: C(passed, k) / C(tried, k)."""
    return comb(passed, k) / comb(tried, k)


def rate(cases: Sequence[Case], trials: Trials, k: int) -> float:
    """The mean of pass^k over cases; nan over none."""
    rates = [
        pass_hat(sum(trial.is_passed for trial in trials[case.id]), len(trials[case.id]), k)
        for case in cases
        if len(trials[case.id]) >= k
    ]
    return mean(rates) if rates else float("nan")


def as_json(model: str, cases: Sequence[Case], trials: Trials, k: int) -> dict[str, Any]:
    every = [trial for case in cases for trial in trials[case.id]]
    return {
        "model": model,
        "cases": len(cases),
        "trials_of_each": k,
        "pass^1": rate(cases, trials, 1),
        f"pass^{k}": rate(cases, trials, k),
        "usd": str(sum((trial.usd for trial in every), Decimal(0))),
        "is_price_known": all(trial.is_price_known for trial in every),
        "tokens": sum(trial.tokens for trial in every),
        "by": {name: _grouped(cases, trials, k, of) for name, of in _GROUPS.items()},
        "failures": {
            case.id: [list(trial.failures) for trial in trials[case.id] if trial.failures]
            for case in cases
            if any(trial.failures for trial in trials[case.id])
        },
    }


def show(console: Console, told: Mapping[str, Any]) -> None:
    k = told["trials_of_each"]
    for name, groups in told["by"].items():
        table = Table(title=f"by {name}", title_justify="left")
        rates = dict.fromkeys(("pass^1", f"pass^{k}"))
        for column in (name, "cases", *rates):
            table.add_column(column, justify="left" if column == name else "right")
        for key, row in groups.items():
            table.add_row(key, str(row["cases"]), *(f"{row[rate]:.2f}" for rate in rates))
        console.print(table)
    for case_id, failures in told["failures"].items():
        console.print(f"{case_id} failed {len(failures)} of {k}: {failures[0][0]}", highlight=False, markup=False)
    price = "" if told["is_price_known"] else " (the price of the model is not known: assumed)"
    console.print(
        f"{told['model']}: {told['cases']} cases, pass^1 {told['pass^1']:.3f}, pass^{k} {told[f'pass^{k}']:.3f}, "
        f"{told['tokens']} tokens, {told['usd']} USD{price}"
    )


def _grouped(
    cases: Sequence[Case], trials: Trials, k: int, of: Callable[[Case], Sequence[str]]
) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for name in of(case):
            groups[name].append(case)
    return {
        name: {"cases": len(group), "pass^1": rate(group, trials, 1), f"pass^{k}": rate(group, trials, k)}
        for name, group in sorted(groups.items())
    }


_GROUPS: dict[str, Callable[[Case], Sequence[str]]] = {
    "language": lambda case: (case.language,),
    "intent": lambda case: (case.intent,),
    "kind": lambda case: (case.kind,),
    "trap": lambda case: case.traps,
}
