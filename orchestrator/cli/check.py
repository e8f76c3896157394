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
from orchestrator.check import Finding, Observed, Witness, limits_of
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

    async def work(db: Database) -> list[Finding]:
        observed = None if sandbox is None else await _observed(sandbox)
        return await ask_oracle(db, limits, observed=observed, jarvis_url=jarvis)

    findings = look(work)
    if as_json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2) + "\n")
    else:
        Console(markup=False, highlight=False).print(_table(findings))
    if any(finding.is_broken for finding in findings):
        raise typer.Exit(1)


async def _observed(sandbox_url: str) -> Observed:
    async with Witness(sandbox_url) as witness:
        return await witness.look()


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(box=None)
    for column in ("", "invariant", "figure", ""):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(finding.invariant, finding.statement, finding.figure, WORDS[finding.is_held])
    return table
