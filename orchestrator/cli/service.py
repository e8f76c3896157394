"""Commands that run something: everything, one role, the sandbox, the demo, the migrations, the doctor."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from db import migrate
from orchestrator.cli.printing import print_json
from orchestrator.cli.session import owner_url, reread_settings, run, start

if TYPE_CHECKING:
    from orchestrator.wiring import Jarvis

ROLE_NAMES = ("ingress", "relay", "worker", "deliver", "clock", "bot", "web")
"""The keys of orchestrator.roles.ROLES, here by name so that looking into Jarvis does not load all of it."""

db_app = typer.Typer(no_args_is_help=True, help="The database's schema.")

Port = Annotated[int, typer.Option(help="Port of the sandbox and its chat page.")]


def register(app: typer.Typer) -> None:
    """Add the commands; each role is one, so that hosts can be given one each."""
    app.command()(up)
    for name in ROLE_NAMES:
        app.command(name, help=f"Run only the {name} role against shared Postgres and Redis.")(_role_command(name))
    app.command()(sandbox)
    app.command()(demo)
    app.command()(doctor)


def up() -> None:
    """Run everything in one process group; Postgres and Redis are embedded unless their URLs are given."""
    from orchestrator.roles import TOGETHER
    from orchestrator.up import up as start_up

    settings = start()
    run(start_up(settings, TOGETHER, on_ready=_greet, reread=reread_settings))


def _greet(jarvis: "Jarvis") -> None:
    http = jarvis.settings.http
    from web.auth import login_link

    typer.echo(f"Jarvis is up. Panel: {login_link(jarvis.settings, f'http://{http.host}:{http.port}')}")
    for branch in jarvis.settings.rentprog.branches:
        typer.echo(f"  webhooks of {branch.code}: POST /hooks/rentprog/{branch.code}/<its hook_secret>")
    if jarvis.bot is None:
        typer.echo("  no telegram.token: nobody is listened to and nothing is sent")


def _role_command(name: str):  # noqa: ANN202 - a typer command takes and returns nothing
    def command() -> None:
        from orchestrator.roles import ROLES
        from orchestrator.up import one_role

        settings = start()
        run(one_role(settings, ROLES[name], reread=reread_settings))

    return command


def sandbox(
    port: Port = 8090,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    jarvis_url: Annotated[str, typer.Option(help="Where webhooks go.")] = "http://127.0.0.1:8080",
    strict: Annotated[bool, typer.Option(help="Keep Telegram's send limits too.")] = False,
) -> None:
    """Run the simulated outside world and its chat page."""
    from sandbox.app import SandboxSettings, create_app
    from sandbox.serve import run as serve

    app = create_app(SandboxSettings(jarvis_url=jarvis_url, strict_limits=strict))
    typer.echo(f"Sandbox: chat page http://{host}:{port}/ · everything in it is simulated")
    typer.echo(f"  JARVIS_TELEGRAM__API_URL=http://{host}:{port}/telegram")
    typer.echo(f"  JARVIS_RENTPROG__BASE_URL=http://{host}:{port}/rentprog/api/v1")
    typer.echo(f"  JARVIS_UMNICO__BASE_URL=http://{host}:{port}/umnico/v1.3  (and with it the scripted model)")
    sys.stdout.flush()  # whoever reads it from a file or a pipe shall see it now, not at the end
    serve(app, host, port)


def demo(
    headless: Annotated[bool, typer.Option(help="Play, check everything, print a table, exit.")] = False,
    scene: Annotated[
        str | None,
        typer.Option(
            help="day-at-the-branch, a-client-writes, return-with-a-dent; else the first, or all (--headless)."
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="Port of Jarvis (0: any free one).")] = 8080,
    sandbox_port: Annotated[int, typer.Option(help="Port of the sandbox (0: any free one).")] = 8090,
) -> None:
    """Play a day at a branch that you can watch and join; with --headless it is checked step by step."""
    from orchestrator.demo import play

    raise typer.Exit(play(scene, is_headless=headless, port=port, sandbox_port=sandbox_port))


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output, with every setting.")] = False,
    every: Annotated[
        bool, typer.Option("--settings", help="Every setting, also those that stand at their default.")
    ] = False,
) -> None:
    """Check settings, connections, rights, clocks, disks and registrations, and say for each what mends it."""
    from orchestrator.doctor import examine, given_settings

    settings = start(quiet=True)
    given = given_settings(settings)
    diagnoses = run(examine(settings))
    is_well = all(diagnosis.is_well for diagnosis in diagnoses)
    if as_json:
        found = [asdict(diagnosis) for diagnosis in diagnoses]
        print_json({"is_well": is_well, "diagnoses": found, "settings": [asdict(one) for one in given]})
        raise typer.Exit(0 if is_well else 1)
    for diagnosis in diagnoses:
        typer.echo(diagnosis.line())
    typer.echo("settings" if every else "settings that are given (all of them: --settings)")
    for one in given:
        if every or one.source != "default":
            typer.echo(f"  {one.line()}")
    raise typer.Exit(0 if is_well else 1)


@db_app.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version's schema."""
    settings = start(quiet=True, needs_world=False)
    migrate.upgrade(owner_url(settings))
    typer.echo(f"the database stands at revision {migrate.newest_revision()}")
