"""``jarvis dead``: work that will not be tried again by itself, and what a person does about it."""

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from db.queries import dead_work, panel
from db.queries.dead_work import Which
from db.session import Database, Tx
from orchestrator.cli.caller import actor, age
from orchestrator.cli.printing import AsJson, Limit, console, moment_of, print_json, print_lines, refuse
from orchestrator.cli.session import look

app = typer.Typer(no_args_is_help=True, help="Runs and commands that will not be tried again by themselves.")

What = Annotated[str | None, typer.Argument(help="run or command")]
Numbers = Annotated[list[int] | None, typer.Argument(help="Their ids.")]
Agent = Annotated[str | None, typer.Option(help="Only runs of this agent.")]
Destination = Annotated[str | None, typer.Option(help="Only commands for this system or queue (telegram:<chat>).")]
OlderThan = Annotated[
    timedelta | None, typer.Option(parser=age, metavar="AGE", help="Only what is older than 30m, 2h, 7d.")
]
All = Annotated[bool, typer.Option("--all", help="Whatever is dead.")]

KINDS: dict[str, panel.DeadKind] = {"run": "run", "command": "command"}

Deed = Callable[[Tx, panel.DeadKind, int], Awaitable[bool]]


@app.command("list")
def list_dead(
    what: What = None,
    *,
    agent: Agent = None,
    destination: Destination = None,
    older_than: OlderThan = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """What died, in the order of its events."""
    which = Which(
        what=None if what is None else _kind(what), agent=agent, destination=destination, older_than=older_than
    )

    async def work(db: Database) -> list[dict[str, Any]]:
        async with db.transaction() as tx:
            return await dead_work.find(tx, which, limit=limit)

    rows = look(work)
    print_json(rows) if as_json else print_lines([*_lines(rows)] or ["nothing is dead"])


@app.command("show")
def show_dead(
    what: Annotated[str, typer.Argument(help="run or command")],
    number: Annotated[int, typer.Argument(help="its id")],
    as_json: AsJson = False,
) -> None:
    """Everything known of one run or command, whatever its state, and who dealt with it before."""
    kind = _kind(what)

    async def work(db: Database) -> dict[str, Any] | None:
        async with db.transaction() as tx:
            return await dead_work.look_at(tx, kind, number)

    found = look(work)
    if found is None:
        refuse(f"there is no {what} {number}")
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        if value is not None and value != []:
            console.print(f"{name:18} {_readable(value)}", soft_wrap=True)
    for line in _next_steps(found):
        console.print(line)


@app.command("retry")
def retry_dead(
    what: What = None,
    numbers: Numbers = None,
    *,
    agent: Agent = None,
    destination: Destination = None,
    older_than: OlderThan = None,
    everything: All = False,
    with_unknown: Annotated[
        bool, typer.Option("--unknown", help="Commands too that may have been done: look outside first.")
    ] = False,
) -> None:
    """Give dead work its tries back, the oldest first. A command that may have been done needs its id or --unknown."""
    which = _which(what, numbers, agent, destination, older_than, everything=everything)

    async def again(tx: Tx, kind: panel.DeadKind, number: int) -> bool:
        return await panel.retry(tx, kind, number, by=actor(), at=datetime.now(UTC))

    _do(which, again, "will be tried again", spares_unknown=not (with_unknown or which.ids))


@app.command("drop")
def drop_dead(
    what: What = None,
    numbers: Numbers = None,
    *,
    reason: Annotated[str, typer.Option(help="Kept with the work and in the audit.")],
    agent: Agent = None,
    destination: Destination = None,
    older_than: OlderThan = None,
    everything: All = False,
) -> None:
    """Put dead work aside with a reason. Nothing is deleted; by its id it can still be retried."""
    which = _which(what, numbers, agent, destination, older_than, everything=everything)
    if not reason.strip():
        refuse("dropping needs a reason")

    async def aside(tx: Tx, kind: panel.DeadKind, number: int) -> bool:
        return await dead_work.drop(tx, kind, number, reason=reason, by=actor(), at=datetime.now(UTC))

    _do(which, aside, "is dropped")


def _which(
    what: str | None,
    numbers: list[int] | None,
    agent: str | None,
    destination: str | None,
    older_than: timedelta | None,
    *,
    everything: bool,
) -> Which:
    which = Which(None if what is None else _kind(what), tuple(numbers or ()), agent, destination, older_than)
    if which.ids and which.what is None:
        refuse("say run or command before the ids")
    if which.is_everything and not everything:
        refuse("say which: run or command with ids, --agent, --destination, --older-than, or --all")
    return which


def _kind(what: str) -> panel.DeadKind:
    known = KINDS.get(what)
    return known if known is not None else refuse(f"{what!r} is neither run nor command")


def _do(which: Which, deed: Deed, outcome: str, *, spares_unknown: bool = False) -> None:
    """One transaction for each piece: a long list holds no locks, and what is done stays done."""

    async def work(db: Database) -> list[tuple[panel.DeadKind, int, bool]]:
        async with db.transaction() as tx:
            chosen = await _chosen(tx, which, spares_unknown=spares_unknown)
        done: list[tuple[panel.DeadKind, int, bool]] = []
        for kind, number in chosen:
            async with db.transaction() as tx:
                done.append((kind, number, await deed(tx, kind, number)))
        return done

    dealt = look(work)
    for kind, number, is_done in dealt:
        if is_done:
            console.print(f"{kind} {number} {outcome}")
    missed = [f"{kind} {number}" for kind, number, is_done in dealt if not is_done]
    if missed:
        refuse(f"{', '.join(missed)} is not dead")
    if not dealt:
        console.print("nothing of that is dead")


async def _chosen(tx: Tx, which: Which, *, spares_unknown: bool) -> list[tuple[panel.DeadKind, int]]:
    if which.ids and which.what is not None:
        return [(which.what, number) for number in which.ids]
    rows = await dead_work.find(tx, which)
    return [(row["what"], row["id"]) for row in rows if not (spares_unknown and row["state"] == "unknown")]


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        which = f"{row['what']} {row['id']}"
        tries = f"{row['attempt']} tries" if row["attempt"] != 1 else "1 try"
        event = "" if row["event_id"] is None else f", event {row['event_id']}"
        yield f"{which:<16} {moment_of(row['at'])} {row['name']} {row['subject']} {row['state']} after {tries}{event}"
        yield f"{'':<16} {row['error'] or 'no error was kept'}"


def _readable(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_of(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def _next_steps(found: dict[str, Any]) -> list[str]:
    """What an operator does with it now."""
    which = f"{found['what']} {found['id']}"
    steps = [] if found["event_id"] is None else [f"the whole story:   jarvis events show {found['event_id']}"]
    if found["what"] == "run":
        steps.append(f"what it would do:  jarvis events replay {found['event_id']} --agent {found['agent']}")
    if found["state"] == "unknown":
        steps.append("it may have been done: look outside before you retry")
    if found["state"] in {"dead", "unknown"}:
        steps += [
            f"once more:         jarvis dead retry {which}",
            f"put it aside:      jarvis dead drop {which} --reason …",
        ]
    return steps
