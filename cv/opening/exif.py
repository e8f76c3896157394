"""What a photo says of itself: when and with what it was taken, and what about that is odd."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

# Tags of EXIF 2.32 (CIPA DC-008), by their numbers.
MAKE, MODEL, SOFTWARE, CHANGED = 0x010F, 0x0110, 0x0131, 0x0132
EXIF_PART, GPS_PART = 0x8769, 0x8825
TAKEN, OFFSET_TAKEN, WIDTH, HEIGHT = 0x9003, 0x9011, 0xA002, 0xA003
EDITORS = ("photoshop", "gimp", "lightroom", "snapseed", "picsart", "pixelmator", "affinity", "facetune", "canva")
CHANGED_AFTER = timedelta(minutes=1)
AHEAD = timedelta(hours=26)
"""A clock without a zone may be up to 14 hours ahead of ours by right; a wrong date is a day at least."""


class OddExif(StrEnum):
    EDITED = "edited"
    """The software it names changes pictures."""
    CHANGED_LATER = "changed_later"
    TAKEN_IN_FUTURE = "taken_in_future"
    OTHER_SIZE = "other_size"
    """The camera wrote another size than the picture has: cut, or pasted into another file."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """``taken_at`` (UTC) only where the camera wrote its zone; ``camera_clock`` is its clock as written, ISO 8601.

    Messengers strip all of it from a photo (not from a file), so an empty one is nothing odd. The place itself is
    never kept.
    """

    taken_at: datetime | None = None
    camera_clock: str | None = None
    camera: str | None = None
    software: str | None = None
    has_gps: bool = False
    odd: tuple[OddExif, ...] = ()


def read_facts(exif: Any, size: tuple[int, int], now: datetime) -> ExifFacts:
    """``exif`` is Pillow's ``Image.Exif``; ``size`` the picture's own."""
    try:
        first, inner = dict(exif), dict(exif.get_ifd(EXIF_PART))
        has_gps = bool(exif.get_ifd(GPS_PART))
    except Exception:  # noqa: BLE001 - Pillow's readers of tags raise whatever a crafted one leads them to
        return ExifFacts(odd=(OddExif.UNREADABLE,))
    clock = _clock(inner.get(TAKEN))
    return ExifFacts(
        taken_at=_in_utc(clock, inner.get(OFFSET_TAKEN)),
        camera_clock=None if clock is None else clock.isoformat(),
        camera=" ".join(filter(None, (_text(first.get(MAKE)), _text(first.get(MODEL))))) or None,
        software=_text(first.get(SOFTWARE)),
        has_gps=has_gps,
        odd=tuple(_odd(first, inner, size, now)),
    )


def _odd(first: Mapping[int, Any], inner: Mapping[int, Any], size: tuple[int, int], now: datetime) -> list[OddExif]:
    taken, changed = _clock(inner.get(TAKEN)), _clock(first.get(CHANGED))
    written = {inner.get(WIDTH), inner.get(HEIGHT)}
    signs = {
        OddExif.EDITED: any(editor in (_text(first.get(SOFTWARE)) or "").lower() for editor in EDITORS),
        OddExif.CHANGED_LATER: taken is not None and changed is not None and changed - taken > CHANGED_AFTER,
        OddExif.TAKEN_IN_FUTURE: taken is not None and taken.replace(tzinfo=UTC) - now > AHEAD,
        OddExif.OTHER_SIZE: None not in written and 0 not in written and written != set(size),
    }
    return [odd for odd, is_seen in signs.items() if is_seen]


def _clock(written: object) -> datetime | None:
    """``2026:11:21 16:04:07``; the naive value is the camera's own clock."""
    with contextlib.suppress(ValueError):
        return datetime.strptime(_text(written) or "", "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - it has no zone
    return None


def _in_utc(clock: datetime | None, offset: object) -> datetime | None:
    if clock is None:
        return None
    with contextlib.suppress(ValueError, OverflowError):
        return datetime.fromisoformat(f"{clock.isoformat()}{_text(offset) or 'unknown'}").astimezone(UTC)
    return None


def _text(value: object) -> str | None:
    """Short and printable: it is shown to people and was written by a stranger."""
    if isinstance(value, bytes):
        value = value.decode("ascii", errors="replace")
    if not isinstance(value, str):
        return None
    shown = "".join(letter for letter in value if letter.isprintable()).strip()
    return shown[:80] or None
