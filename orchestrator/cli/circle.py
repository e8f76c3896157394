"""Commands that look into the circle and mend it: status, events, dead, pause, resume."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.tree import Tree

from core.events import NewEvent, SyncDue
from core.ids import new_id
from db import commands
from db.events import record
from db.queries import branches, panel, traces
from db.queries import status as status_queries
from db.session import Database
from orchestrator.cli.session import look
from orchestrator.cli.standing import standing
from orchestrator.router import route

events_app = typer.Typer(no_args_is_help=True, help="What happened, and what came of it.")
dead_app = typer.Typer(no_args_is_help=True, help="Runs and commands that will not be tried again by themselves.")
console = Console(markup=False, highlight=False)
"""What it prints is data: brackets in an error text are no markup."""

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000)]


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(pause)
    app.command()(resume)
    app.command()(sync)


def status(as_json: AsJson = False) -> None:
    """Queues, ages, the dead, pauses, syncs and heartbeats, in one look."""

    async def work(db: Database) -> dict[str, Any]:
        async with db.transaction() as tx:
            return {
                "queues": await status_queries.queues(tx),
                "commands": await status_queries.destinations(tx),
                "troubles": await status_queries.troubles(tx),
                "pauses": await status_queries.pauses(tx),
                "parked": await status_queries.parked(tx),
                "syncs": await status_queries.syncs(tx),
                "webhooks": await status_queries.last_webhooks(tx),
                "heartbeats": await status_queries.heartbeats(tx),
                "share_without_model": await status_queries.share_without_model(tx),
            }

    facts = look(work)
    if as_json:
        _print_json(facts)
        return
    for line in standing(facts):
        typer.echo(line)


@events_app.command("list")
def list_events(
    kind: Annotated[str | None, typer.Option(help="For example booking.issued.")] = None,
    subject: Annotated[str | None, typer.Option(help="For example car:<id>.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The newest events."""

    async def work(db: Database) -> list[dict[str, Any]]:
        async with db.transaction() as tx:
            return await traces.list_events(tx, kind=kind, subject=subject, limit=limit)

    rows = look(work)
    _print_json(rows) if as_json else _print_table("events", rows)


@events_app.command("show")
def show_event(event_id: int, as_json: AsJson = False) -> None:
    """One event with everything it caused: runs, commands, further events, in time."""

    async def work(db: Database) -> list[dict[str, Any]]:
        async with db.transaction() as tx:
            return await traces.trace(tx, event_id)

    rows = look(work)
    if not rows:
        _refuse(f"there is no event {event_id}")
    _print_json(rows) if as_json else console.print(_tree(rows))


@events_app.command("replay")
def replay_event(event_id: int) -> None:
    """Let the agents think about an event again without saving anything, and show what would come of it."""
    from orchestrator.replay import replay

    for line in replay(event_id):
        console.print(line)


@dead_app.command("list")
def list_dead(limit: Limit = 50, as_json: AsJson = False) -> None:
    """What died, the oldest first."""

    async def work(db: Database) -> list[dict[str, Any]]:
        async with db.transaction() as tx:
            return await traces.dead(tx, limit=limit)

    rows = look(work)
    _print_json(rows) if as_json else _print_table("dead", rows)


@dead_app.command("retry")
def retry_dead(
    what: Annotated[str, typer.Argument(help="run or command")], number: Annotated[int, typer.Argument(help="its id")]
) -> None:
    """Give a dead run or command its tries back."""

    async def work(db: Database) -> bool:
        async with db.transaction() as tx:
            return await panel.retry(tx, kind, number, by="command line", at=datetime.now(UTC))

    kind: panel.DeadKind
    match what:
        case "run" | "command":
            kind = what
        case _:
            _refuse(f"{what!r} is neither run nor command")
    if not look(work):
        _refuse(f"{what} {number} is not dead")
    console.print(f"{what} {number} will be tried again")


def pause(
    scope: Annotated[str, typer.Argument(help="system or agent")],
    name: Annotated[str, typer.Argument(help="telegram, rental_sync, …")],
    reason: Annotated[str, typer.Option(help="Shown to everybody who wonders.")] = "paused by hand",
) -> None:
    """Stop the commands of one system, or the runs of one agent, until they are resumed."""

    async def work(db: Database) -> None:
        async with db.transaction() as tx:
            await status_queries.pause(tx, scope, name, reason)

    if scope not in {"system", "agent"}:
        _refuse(f"{scope!r} is neither system nor agent")
    look(work)
    console.print(f"{scope} {name} is paused")


def resume(scope: str, name: str) -> None:
    """Let a paused system or agent, or a parked destination (scope ``destination``), go on."""

    async def work(db: Database) -> bool:
        async with db.transaction() as tx:
            if scope == "destination":
                return await commands.unpark(tx, name)
            return await status_queries.resume(tx, scope, name)

    if not look(work):
        _refuse(f"{scope} {name} is not paused")
    console.print(f"{scope} {name} goes on")


def sync(branch: Annotated[str, typer.Argument(help="The branch's code.")]) -> None:
    """Ask for a full check of a branch against RentProg now, without waiting for the clock."""

    async def work(db: Database) -> bool:
        async with db.transaction() as tx:
            if branch not in await branches.active(tx):
                return False
            due = SyncDue(branch=branch)
            event = NewEvent(due, subject=f"sync:{branch}", external_id=f"command-line:{new_id()}", branch=branch)
            await record(tx, [event], route)
            return True

    if not look(work):
        _refuse(f"there is no branch {branch!r}")
    console.print(f"{branch} will be checked; see jarvis status")


def _tree(rows: list[dict[str, Any]]) -> Tree:
    """Events under the runs that caused them, runs and commands under their event and run."""
    root = Tree(_label(rows[0]))
    nodes: dict[tuple[str, int], Tree] = {("event", rows[0]["id"]): root}
    above = {"event": "run", "run": "event", "command": "run"}
    for row in sorted(rows[1:], key=lambda r: (r["depth"], ("event", "run", "command").index(r["what"]), r["id"])):
        parent = nodes.get((above[row["what"]], row["parent"])) if row["parent"] is not None else None
        nodes[row["what"], row["id"]] = (parent or root).add(_label(row))
    return root


def _label(row: dict[str, Any]) -> str:
    at: datetime = row["at"]
    state = f" {row['state']}" if row["state"] else ""
    tries = f" ({row['attempt']} tries)" if (row["attempt"] or 0) > 1 else ""
    error = f" · {row['error']}" if row["error"] else ""
    details = json.dumps(row["details"], ensure_ascii=False, default=str)[:160]
    return f"{at:%H:%M:%S.%f} {row['what']} {row['id']} {row['name']}{state}{tries} {row['subject']} {details}{error}"


def _print_table(title: str, rows: list[dict[str, Any]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in rows[0] if rows else ["nothing"]:
        table.add_column(str(column), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    console.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str, indent=2) + "\n")


def _refuse(text: str) -> NoReturn:
    typer.echo(f"jarvis: {text}", err=True)
    raise typer.Exit(1)
