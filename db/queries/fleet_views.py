"""What staff ask about the fleet: one car, a branch's day, cars that are free. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.session import Tx

NOT_COUNTED = ("finished", "cancelled", "refused")
"""States of a booking that no longer holds a car; a state nobody knows holds it (rather ask than rent twice)."""

READY = 1
"""The car state of RentProg that alone may be offered."""

# People type plates on a Russian keyboard: letters that look alike are one letter.
_LOOKALIKES = ("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
_PLATE = f"translate(c.plate_normalised, '{_LOOKALIKES[0]}', '{_LOOKALIKES[1]}')"
_FOLD = str.maketrans(*_LOOKALIKES)

_CAR = """c.id, c.rentprog_id, c.branch, b.name AS branch_name, c.plate, c.model, c.code, c.year, c.color, c.car_class,
    c.transmission, c.state, c.active, c.clean, c.tank_full, c.mileage, c.fuel"""

_BOOKING = """k.id, k.number, k.branch, k.start_at, k.end_at, k.client_name, k.responsible, k.location_start,
    k.location_end, k.state, coalesce(k.in_rent, false) AS is_out, coalesce(k.technical, false) AS is_technical,
    coalesce(k.repair, false) AS is_repair, c.plate, c.model"""

_COUNTS = "k.deleted_at IS NULL AND NOT coalesce(k.archive, false) AND k.state <> ALL(%(not_counted)s)"


@dataclass(frozen=True, slots=True)
class BranchView:
    code: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True)
class CarView:
    """A car as staff see it. ``state`` is RentProg's number."""

    id: UUID
    rentprog_id: int
    branch: str
    branch_name: str
    plate: str | None
    model: str | None
    code: str | None
    year: int | None
    color: str | None
    car_class: str | None
    transmission: str | None
    state: int | None
    active: bool | None
    clean: bool | None
    tank_full: bool | None
    mileage: int | None
    fuel: str | None

    @property
    def title(self) -> str:
        """``AA-123-BB · Toyota Prius``; a car without a plate goes by its RentProg number."""
        return " · ".join(part for part in (self.plate or f"№{self.rentprog_id}", self.model) if part)


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking in a list. ``is_out``: the car is with the client now."""

    id: UUID
    number: int | None
    branch: str
    start_at: datetime | None
    end_at: datetime | None
    client_name: str | None
    responsible: str | None
    location_start: str | None
    location_end: str | None
    state: str
    is_out: bool
    is_technical: bool
    is_repair: bool
    plate: str | None
    model: str | None


@dataclass(frozen=True, slots=True)
class CarDetails:
    """A car with the booking that holds it now, the one after it, and its open topic in its branch's forum."""

    car: CarView
    now: BookingView | None
    next: BookingView | None
    topic_chat_id: int | None
    topic_thread_id: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """Operations of one branch on one local day. Both lists of the late ones may reach into earlier days."""

    late_issues: tuple[BookingView, ...]
    late_returns: tuple[BookingView, ...]
    issues: tuple[BookingView, ...]
    returns: tuple[BookingView, ...]
    done: tuple[BookingView, ...]


@dataclass(frozen=True, slots=True)
class FreeCar:
    """``until`` is when its next booking starts; None when nothing is planned."""

    car: CarView
    until: datetime | None


async def branches(tx: Tx) -> list[BranchView]:
    rows = await tx.rows("SELECT code, name, timezone FROM branches WHERE is_active ORDER BY name, code")
    return [BranchView(**row) for row in rows]


async def branch_names(tx: Tx) -> dict[str | None, str]:
    """Names by code; no branch at all has the name ``—``."""
    rows = await tx.rows("SELECT code, name FROM branches")
    return {None: "—", **{row["code"]: row["name"] for row in rows}}


def plate_key(text: str) -> str:
    """A plate as it is compared: upper case, no spaces or hyphens, look-alike letters made one."""
    return "".join(character for character in text.upper() if character.isalnum()).translate(_FOLD)


async def find_cars(tx: Tx, text: str, *, limit: int = 30) -> list[CarView]:
    """Cars whose plate holds the text, or whose code or RentProg number is it; a whole match beats parts."""
    rows = await tx.rows(
        f"""SELECT {_CAR} FROM cars AS c JOIN branches AS b ON b.code = c.branch
            WHERE c.deleted_at IS NULL AND (
                strpos({_PLATE}, %(plate)s) > 0 OR lower(c.code) = lower(%(text)s) OR c.rentprog_id::text = %(text)s
                OR strpos(lower(c.model), lower(%(text)s)) > 0)
            ORDER BY {_PLATE} = %(plate)s DESC NULLS LAST, lower(c.code) = lower(%(text)s) DESC NULLS LAST,
                     c.plate, c.rentprog_id
            LIMIT %(limit)s""",  # noqa: S608 - constants
        {"plate": plate_key(text) or "\n", "text": text.strip(), "limit": limit},
    )
    found = [_car(row) for row in rows]
    exact = [car for car in found if plate_key(car.plate or "") == plate_key(text)]
    return exact or found


async def car_details(tx: Tx, car_id: UUID, *, now: datetime) -> CarDetails | None:
    row = await tx.row(
        f"""SELECT {_CAR}, t.chat_id AS topic_chat_id, t.thread_id AS topic_thread_id
            FROM cars AS c JOIN branches AS b ON b.code = c.branch
            LEFT JOIN chats AS h ON h.branch = c.branch AND h.purpose = 'branch_forum'
            LEFT JOIN topics AS t ON t.chat_id = h.chat_id AND t.entity = 'car:' || c.id AND t.state = 'live'
                                 AND NOT t.is_closed
            WHERE c.id = %(id)s""",  # noqa: S608 - constants
        {"id": car_id},
    )
    if row is None:
        return None
    topic_chat_id, topic_thread_id = row.pop("topic_chat_id"), row.pop("topic_thread_id")
    bookings = await tx.rows(
        f"""SELECT {_BOOKING} FROM bookings AS k JOIN cars AS c ON c.id = k.car_id
            WHERE k.car_id = %(id)s AND {_COUNTS} AND (k.in_rent OR k.end_at > %(now)s)
            ORDER BY coalesce(k.in_rent, false) DESC, k.start_at, k.id LIMIT 2""",  # noqa: S608 - constants
        {"id": car_id, "now": now, "not_counted": list(NOT_COUNTED)},
    )
    views = [BookingView(**booking) for booking in bookings]
    current = next((view for view in views if view.is_out or _has_begun(view, now)), None)
    later = next((view for view in views if view is not current), None)
    return CarDetails(_car(row), current, later, topic_chat_id, topic_thread_id)


async def day(tx: Tx, branch: str, *, starts: datetime, ends: datetime, now: datetime) -> Day:
    """Hand-overs and returns between the two moments, and all that are late by ``now``, the longest first."""
    rows = await tx.rows(
        f"""SELECT {_BOOKING}, k.start_worker_id IS NOT NULL AS was_issued, k.end_worker_id IS NOT NULL AS was_returned
            FROM bookings AS k LEFT JOIN cars AS c ON c.id = k.car_id
            WHERE k.branch = %(branch)s AND k.deleted_at IS NULL AND k.state NOT IN ('cancelled', 'refused')
              AND ((k.start_at >= %(starts)s AND k.start_at < %(ends)s)
                OR (k.end_at >= %(starts)s AND k.end_at < %(ends)s)
                OR (NOT coalesce(k.archive, false) AND k.state <> 'finished' AND (
                       (coalesce(k.in_rent, false) AND k.end_at < %(now)s)
                    OR (k.end_at > %(now)s AND k.start_at < %(now)s AND NOT coalesce(k.in_rent, false)))))
            ORDER BY k.start_at, c.plate, k.responsible, k.id""",  # noqa: S608 - constants
        {"branch": branch, "starts": starts, "ends": ends, "now": now},
    )
    return _sorted_day(rows, starts=starts, ends=ends, now=now)


def _sorted_day(rows: Sequence[dict[str, Any]], *, starts: datetime, ends: datetime, now: datetime) -> Day:
    late_issues: list[BookingView] = []
    late_returns: list[BookingView] = []
    issues: list[BookingView] = []
    returns: list[BookingView] = []
    done: list[BookingView] = []
    for row in rows:
        was_returned = row.pop("was_returned") or row["state"] == "finished"
        was_issued = row.pop("was_issued") or row["is_out"] or was_returned
        view = BookingView(**row)
        if was_returned or (was_issued and not _within(view.end_at, starts, ends) and not _is_past(view.end_at, now)):
            done.append(view)
        elif was_issued:
            (late_returns if _is_past(view.end_at, now) else returns).append(view)
        elif _is_past(view.start_at, now):
            late_issues.append(view)
        else:
            issues.append(view)
    returns.sort(key=_end)
    late_returns.sort(key=_end)
    return Day(tuple(late_issues), tuple(late_returns), tuple(issues), tuple(returns), tuple(done))


async def free_cars(tx: Tx, *, starts: datetime, ends: datetime, now: datetime) -> list[FreeCar]:
    """Cars that may be offered for the whole window: active, ready, and held by no booking that overlaps it.

    Touching ends do not overlap; technical and repair bookings hold a car too. A car that is still out is not free
    now, however late it is.
    """
    rows = await tx.rows(
        f"""SELECT {_CAR}, (
                SELECT min(k.start_at) FROM bookings AS k
                WHERE k.car_id = c.id AND {_COUNTS} AND k.start_at >= %(ends)s) AS until
            FROM cars AS c JOIN branches AS b ON b.code = c.branch
            WHERE c.deleted_at IS NULL AND c.active AND c.state = %(ready)s AND NOT EXISTS (
                SELECT 1 FROM bookings AS k
                WHERE k.car_id = c.id AND {_COUNTS} AND k.start_at < %(ends)s
                  AND (k.end_at > %(starts)s OR (k.in_rent AND %(starts)s <= %(now)s)))
            ORDER BY b.name, c.model, c.plate, c.rentprog_id""",  # noqa: S608 - constants
        {
            "starts": starts,
            "ends": ends,
            "now": now,
            "ready": READY,
            "not_counted": list(NOT_COUNTED),
        },
    )
    return [FreeCar(until=row.pop("until"), car=_car(row)) for row in rows]


def _car(row: dict[str, Any]) -> CarView:
    return CarView(**row)


def _has_begun(view: BookingView, now: datetime) -> bool:
    return view.start_at is not None and view.start_at <= now


def _within(moment: datetime | None, starts: datetime, ends: datetime) -> bool:
    return moment is not None and starts <= moment < ends


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment < now


def _end(view: BookingView) -> datetime:
    assert view.end_at is not None
    return view.end_at
