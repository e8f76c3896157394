"""How commands print: lines for people, JSON for programs, one line for a refusal."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

console = Console(markup=False, highlight=False, emoji=False)
"""What it prints is data: brackets in an error text are no markup, and the queue ``telegram:-1:`` is no thumb."""

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000)]


def print_lines(lines: Iterable[str]) -> None:
    """As they are: a terminal wraps what is too long, and a program that reads them finds them whole."""
    for line in lines:
        console.print(line, soft_wrap=True)


def moment_of(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain, indent=2) + "\n")


def _plain(value: Any) -> str | float:
    """Moments in ISO 8601, money as its exact text."""
    if isinstance(value, datetime):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def refuse(text: str) -> NoReturn:
    typer.echo(f"jarvis: {text}", err=True)
    raise typer.Exit(1)
