"""RentProg's notations of a moment: local wall time without a padded hour, ISO with +04:00, and the wrong one."""

from datetime import UTC, datetime, timedelta

from core.clock import LOCAL_ZONE

WALL_FORMAT = "%d-%m-%Y %H:%M"
FORMATTED_ERROR = timedelta(hours=4)
"""``start_date_formatted`` is late by exactly the offset of the zone."""


def wall(moment: datetime) -> str:
    """``22-11-2025 9:00``: the hour is not padded."""
    local = moment.astimezone(LOCAL_ZONE)
    return f"{local:%d-%m-%Y} {local.hour}:{local:%M}"


def from_wall(text: str) -> datetime:
    """Raises ValueError for a text that is no time, such as 31 February."""
    return datetime.strptime(text, WALL_FORMAT).replace(tzinfo=LOCAL_ZONE).astimezone(UTC)


def iso(moment: datetime) -> str:
    """``2025-11-18T12:09:13.270+04:00``."""
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="milliseconds")


def iso_utc(moment: datetime) -> str:
    """``2026-01-10T12:04:00.000+00:00``, the notation of a token's ``exp``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def day(moment: datetime) -> str:
    """``2025-04-30``, the local day."""
    return moment.astimezone(LOCAL_ZONE).date().isoformat()


def wrongly_formatted(text: str | None) -> str | None:
    """What RentProg shows in ``*_formatted``: the wall clock four hours late; a broken date has none."""
    try:
        return iso(from_wall(text or "") + FORMATTED_ERROR)
    except ValueError:
        return None
