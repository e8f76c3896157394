"""The command line: start Jarvis or a part of it, look into it, mend it. ``jarvis --help`` lists everything."""

import sys
from typing import NoReturn

import typer

from core.settings import WrongSettings
from orchestrator.cli import bench, check, circle, dead, events, service, vision, vision_record

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(events.app, name="events")
app.add_typer(dead.app, name="dead")
vision_record.register(vision.app)
app.add_typer(vision.app, name="vision")
app.add_typer(service.db_app, name="db")
service.register(app)
circle.register(app)
bench.register(app)
check.register(app)


def main() -> None:
    """Entry point. A wrong setting is one readable line and exit code 2, never a traceback."""
    try:
        app()
    except WrongSettings as error:
        _refuse(error)
    except BaseExceptionGroup as group:
        # A role that finds a setting wrong (a port that is taken) raises inside the group of all roles.
        wrong, others = group.split(WrongSettings)
        if wrong is None or others is not None:
            raise
        _refuse(_first(wrong))


def _refuse(error: BaseException) -> NoReturn:
    print(f"jarvis: {error}", file=sys.stderr)  # noqa: T201 - the one line a person must read
    raise SystemExit(2) from None


def _first(group: BaseExceptionGroup[WrongSettings]) -> BaseException:
    inside = group.exceptions[0]
    return _first(inside) if isinstance(inside, BaseExceptionGroup) else inside
