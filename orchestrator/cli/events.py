"""``jarvis events``: what happened, what came of it, and what would come of it now."""

from datetime import datetime
from typing import Annotated, Any

import typer

from db.queries import traces
from db.session import Database
from orchestrator.cli.caller import moment
from orchestrator.cli.printing import AsJson, Limit, moment_of, print_json, print_lines, refuse
from orchestrator.cli.session import look
from orchestrator.cli.trace import lines

app = typer.Typer(no_args_is_help=True, help="What happened, and what came of it.")

MOST_LINES = 1000
"""Lines of one trace for people; a full check of a branch may cause thousands. ``--json`` has all of them."""


@app.command("list")
def list_events(
    *,
    kind: Annotated[str | None, typer.Option(help="For example booking.issued.")] = None,
    subject: Annotated[str | None, typer.Option(help="For example car:<id>.")] = None,
    source: Annotated[str | None, typer.Option(help="rentprog, telegram, clock, run, command or jarvis.")] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=moment, metavar="AGE|TIME", help="2h, 7d, or 2026-03-01T04:00 (UTC).")
    ] = None,
    unfinished: Annotated[bool, typer.Option(help="Only those of which something still waits or works.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """The newest events."""
    wanted = traces.Wanted(kind=kind, subject=subject, source=source, since=since, unfinished=unfinished)

    async def work(db: Database) -> list[dict[str, Any]]:
        async with db.transaction() as tx:
            return await traces.list_events(tx, wanted, limit=limit)

    rows = look(work)
    print_json(rows) if as_json else print_lines([*map(_line, rows)] or ["no such events"])


@app.command("show")
def show_event(event_id: int, as_json: AsJson = False) -> None:
    """One event from its root to its effects: what caused it, its runs, their commands and events, in time."""

    async def work(db: Database) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        async with db.transaction() as tx:
            return await traces.origins(tx, event_id), await traces.trace(tx, event_id)

    above, rows = look(work)
    if not rows:
        refuse(f"there is no event {event_id}")
    if as_json:
        print_json(rows)
        return
    drawn = [*lines(above, rows)]
    print_lines(drawn[:MOST_LINES])
    if len(drawn) > MOST_LINES:
        print_lines([f"… only the first {MOST_LINES} lines; --json has all {len(rows)} steps"])


@app.command("replay")
def replay_event(
    event_id: int,
    agent: Annotated[str | None, typer.Option(help="Only this agent of the event's plan.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let an event's agents think and save again in a transaction that is rolled back, and show what differs."""
    from orchestrator.replay import replay, told

    replayed = replay(event_id, agent=agent)
    if as_json:
        print_json(replayed)
        return
    print_lines(told(replayed))


def _line(row: dict[str, Any]) -> str:
    work = [f"{row[name]} {name}" for name in ("open", "dead") if row[name]]
    origin = " ".join(filter(None, (row["source"], row["branch"])))
    state = f" · {', '.join(work)}" if work else ""
    return f"{row['id']:>9} {moment_of(row['received_at'])} {row['kind']} {row['subject']} ({origin}){state}"
