"""``jarvis check``: every invariant with its figure, as a table or as JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from core.settings import load_settings
from db.session import Database
from orchestrator.check import Assertion, Observed, Witness, limits_of
from orchestrator.check import check as ask_oracle
from orchestrator.check.limits import NEWEST, QUIET_FOR_S
from orchestrator.cli.session import look

WORDS = {True: "held", False: "BROKEN", None: "-"}


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(
    sandbox: Annotated[str | None, typer.Option(help="A sandbox's address: compare with what it saw.")] = None,
    jarvis: Annotated[str | None, typer.Option(help="Jarvis' address: compare with its /readyz.")] = None,
    quiet_for: Annotated[
        float, typer.Option(min=0, help="Seconds that work may be unfinished; 0 when all must be done.")
    ] = QUIET_FOR_S,
    newest: Annotated[int, typer.Option(min=1, help="How many events back to look.")] = NEWEST,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Ask whether the promises hold: each invariant with its figure. Reads only; exit code 1 when one is broken."""
    limits = limits_of(load_settings(), quiet_for_s=quiet_for, newest=newest)

    async def work(db: Database) -> list[Assertion]:
        observed = None if sandbox is None else await _observed(sandbox)
        return await ask_oracle(db, limits, observed=observed, jarvis_url=jarvis)

    assertions = look(work)
    if as_json:
        sys.stdout.write(json.dumps([asdict(assertion) for assertion in assertions], indent=2) + "\n")
    else:
        Console(markup=False, highlight=False).print(_table(assertions))
    if any(assertion.is_broken for assertion in assertions):
        raise typer.Exit(1)


async def _observed(sandbox_url: str) -> Observed:
    async with Witness(sandbox_url) as witness:
        return await witness.look()


def _table(assertions: Sequence[Assertion]) -> Table:
    table = Table(box=None)
    for column in ("", "invariant", "figure", ""):
        table.add_column(column, overflow="fold")
    for assertion in assertions:
        table.add_row(assertion.invariant, assertion.statement, assertion.figure, WORDS[assertion.is_held])
    return table
