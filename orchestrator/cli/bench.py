"""``jarvis bench NAME``: measure, and print the figures with their reference."""

import json
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(bench)


def bench(
    name: Annotated[str, typer.Argument(help="sync, ingress or up")],
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Measure speed or size on this machine, beside a reference in the same run."""
    from orchestrator.bench import BENCHES

    chosen = BENCHES.get(name)
    if chosen is None:
        typer.echo(f"jarvis: there is no bench {name!r}; benches: {', '.join(BENCHES)}", err=True)
        raise typer.Exit(2)
    figures = chosen()
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
        return
    for key, value in figures.items():
        typer.echo(f"{key:24} {value}")
