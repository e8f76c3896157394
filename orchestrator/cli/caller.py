"""Who sits at the command line, for the audit, and how they say times."""

import getpass
import os
import re
from datetime import UTC, datetime, timedelta

import typer

_AGE = re.compile(r"(\d{1,6})\s*(s|m|min|h|d)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}


def actor() -> str:
    """The person behind sudo where there is one; a container's user may have no name."""
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return f"command line ({name})"


def age(text: str) -> timedelta:
    """``90s``, ``30m``, ``2h`` or ``7d``."""
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter(f"{text!r} is not an age like 30m, 2h or 7d")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def moment(text: str) -> datetime:
    """An age ago, or a moment in ISO 8601; one without a zone is UTC."""
    if _AGE.fullmatch(text.strip()):
        return datetime.now(UTC) - age(text)
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is neither an age like 2h nor a time like 2026-03-01T04:00") from None
    return given if given.tzinfo is not None else given.replace(tzinfo=UTC)
