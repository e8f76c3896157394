"""The command line: start Jarvis or a part of it, look into it, mend it. ``jarvis --help`` lists everything."""

import sys

import typer

from core.log import set_up_log
from core.settings import Settings, WrongSettings, load_settings
from orchestrator.cli import bench, circle, service

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(circle.events_app, name="events")
app.add_typer(circle.dead_app, name="dead")
app.add_typer(service.db_app, name="db")
service.register(app)
circle.register(app)
bench.register(app)


def main() -> None:
    """Entry point. A wrong setting is one readable line and exit code 2, never a traceback."""
    try:
        app()
    except WrongSettings as error:
        print(f"jarvis: {error}", file=sys.stderr)  # noqa: T201 - the one line a person must read
        raise SystemExit(2) from None


__all__ = ["Settings", "app", "load_settings", "main", "set_up_log"]
