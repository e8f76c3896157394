"""``jarvis bench NAME``: measure, and print the figures with their reference."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(bench)


def bench(
    name: Annotated[
        str, typer.Argument(help="sync, ingress, up, dispatch, kill, latency, history, conversation or vision")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
    against: Annotated[str, typer.Option(help="Peers to measure beside Jarvis: NAME,NAME or all.")] = "",
    events: Annotated[int | None, typer.Option(min=1, help="How many events, where a bench counts them.")] = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="How often each contender has its turn.")] = None,
    data: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Photos to measure eyes with.")
    ] = None,
    into: Annotated[Path | None, typer.Option(help="A page whose tables of this bench are renewed.")] = None,
) -> None:
    """Measure speed or size on this machine, beside a reference in the same run."""
    from orchestrator.bench import BENCHES, Wish, measure
    from orchestrator.bench.contenders import peers
    from orchestrator.bench.page import put_into

    if name not in BENCHES:
        typer.echo(f"jarvis: there is no bench {name!r}; benches: {', '.join(BENCHES)}", err=True)
        raise typer.Exit(2)
    try:
        chosen = peers(against)
    except ValueError as error:
        typer.echo(f"jarvis: {error}", err=True)
        raise typer.Exit(2) from None
    figures = measure(name, Wish(chosen, events, rounds, data))
    if into is not None:
        put_into(into, name, figures, _command(name, against, events, rounds))
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
        return
    for key, value in figures.items():
        typer.echo(f"{key:24} {value}")


def _command(name: str, against: str, events: int | None, rounds: int | None) -> str:
    """What to type for the same figures."""
    options = (("--against", against), ("--events", events), ("--rounds", rounds))
    return " ".join(["jarvis bench", name, *(f"{option} {value}" for option, value in options if value)])
