"""Commands that look at the circle as a whole and steer it: status, pause, resume, sync."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from core.commands import BODY_OF_KIND
from core.events import NewEvent, SyncDue
from core.ids import new_id
from core.settings import load_settings
from db.events import record
from db.queries import branches, pausing
from db.session import Database
from orchestrator.cli.caller import actor
from orchestrator.cli.overview import Facts, overview
from orchestrator.cli.printing import AsJson, console, print_json, print_lines, refuse
from orchestrator.cli.session import look
from orchestrator.cli.standing import standing
from orchestrator.router import PLANS, route

SCOPES: dict[str, pausing.Scope] = {"system": "system", "agent": "agent", "destination": "destination"}

ScopeName = Annotated[str, typer.Argument(help="system, agent or destination")]
Name = Annotated[str, typer.Argument(help="telegram, rental_sync, telegram:<chat id>, …")]


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(pause)
    app.command()(resume)
    app.command()(sync)


def status(
    as_json: AsJson = False,
    watch: Annotated[float | None, typer.Option(min=0.5, help="Look again every so many seconds.")] = None,
) -> None:
    """Queues, the oldest, leases, the dead, pauses, checks, drift, roles, the clock, models, in one look."""
    stall_s = load_settings().monitoring.stall_s

    async def work(db: Database) -> Facts:
        return await overview(db, stall_s=stall_s)

    while True:
        facts = look(work)
        if watch is not None:
            console.clear()
        if as_json:
            print_json(facts)
        else:
            print_lines(standing(facts))
        if watch is None:
            return
        time.sleep(watch)


def pause(
    scope: ScopeName,
    name: Name,
    reason: Annotated[str, typer.Option(help="Shown to everybody who wonders.")] = "paused by hand",
) -> None:
    """Stop the commands of a system or of one destination, or the runs of an agent, until they are resumed."""
    known = _known(_scope(scope), name)

    async def work(db: Database) -> bool:
        async with db.transaction() as tx:
            return await pausing.pause(tx, known, name, reason=reason, by=actor(), at=datetime.now(UTC))

    if not look(work):
        refuse(f"nothing was ever ordered for {name!r}; `jarvis status` names the queues")
    console.print(f"{scope} {name} is paused")


def resume(scope: ScopeName, name: Name) -> None:
    """Let a paused system or agent, or a parked destination, go on."""
    known = _scope(scope)

    async def work(db: Database) -> bool:
        async with db.transaction() as tx:
            return await pausing.resume(tx, known, name, by=actor(), at=datetime.now(UTC))

    if not look(work):
        refuse(f"{scope} {name} is not paused")
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
        refuse(f"there is no branch {branch!r}")
    console.print(f"{branch} will be checked; see jarvis status")


def _scope(text: str) -> pausing.Scope:
    known = SCOPES.get(text)
    return known if known is not None else refuse(f"{text!r} is neither system nor agent nor destination")


def _known(scope: pausing.Scope, name: str) -> pausing.Scope:
    """A pause under a name that nobody has would stop nothing, and nobody would notice."""
    names = {
        "agent": sorted({agent for plan in PLANS.values() for stage in plan.stages for agent in stage}),
        "system": sorted({body.system for body in BODY_OF_KIND.values()}),
    }
    if scope in names and name not in names[scope]:
        refuse(f"there is no {scope} {name!r}; there is {', '.join(names[scope])}")
    return scope
