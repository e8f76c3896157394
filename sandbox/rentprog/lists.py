"""Which rows a branch sees in which list, and the pages they come in."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sandbox.company import World
from sandbox.company.notation import from_wall
from sandbox.company.table import Row, Table

STUBBORN_PAGE = 10
"""What the server answers with when it does not like the number of rows asked for."""


def page(ids: list[int], number: int, size: int) -> list[int]:
    start = (max(1, number) - 1) * size
    return ids[start : start + size]


def lying_total(rows: int) -> int:
    """Three too few of many, one too many of few: nobody may end a list by it."""
    return rows - 3 if rows > 10 else rows + 1


class Lists:
    """Ids in RentProg's order, newest first; each choice is kept until its table changes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def cars(self, company_id: int) -> list[int]:
        return _ids(self._world.cars, ("cars", company_id), lambda row: row["company_id"] == company_id)

    def cars_and_guests(self, company_id: int) -> list[int]:
        """The branch's cars, and cars of other branches that it has out or promised."""
        promised = {
            self._world.bookings.rows[booking_id]["car_id"] for booking_id in self.bookings(company_id, active=True)
        }
        cars = self._world.cars.rows.values()
        return [row["id"] for row in cars if row["company_id"] == company_id or row["id"] in promised]

    def clients(self, company_id: int) -> list[int]:
        return _ids(self._world.clients, ("clients", company_id), lambda row: row["company_id"] == company_id)

    def bookings(self, company_id: int, *, active: bool | None = None) -> list[int]:
        """Archived bookings are in no list."""
        return _ids(
            self._world.bookings,
            ("bookings", company_id, active),
            lambda row: row["company_id"] == company_id and not row["archive"] and active in (None, row["active"]),
        )

    def bookings_from(self, company_id: int, local_day: str, *, active: bool | None) -> list[int]:
        rows = self._world.bookings.rows
        listed = self.bookings(company_id, active=active)
        return [booking_id for booking_id in listed if _sortable_day(rows[booking_id]["start_date"]) >= local_day]

    def free_cars(self, company_id: int, start: str, end: str) -> list[int]:
        """Raises ValueError for a time that is none."""
        wanted = from_wall(start), from_wall(end)
        taken = {
            row["car_id"]
            for row in self._world.bookings.rows.values()
            if row["active"] and not row["archive"] and _overlaps(row, *wanted)
        }
        cars = self._world.cars.rows
        return [
            car_id
            for car_id in self.cars(company_id)
            if cars[car_id]["active"] and cars[car_id]["state"] == 1 and car_id not in taken
        ]


def _ids(table: Table, key: object, belongs: Callable[[Row], bool]) -> list[int]:
    def choose(rows: Iterable[Row]) -> list[int]:
        return sorted((row["id"] for row in rows if belongs(row)), reverse=True)

    return table.chosen(key, choose)


def _sortable_day(wall_text: str) -> str:
    """``2025-11-21`` of ``21-11-2025 10:00``."""
    return "-".join(reversed(wall_text.partition(" ")[0].split("-")))


def _overlaps(row: Row, start: datetime, end: datetime) -> bool:
    """A booking whose date somebody mistyped blocks nothing."""
    try:
        return from_wall(row["start_date"]) < end and from_wall(row["end_date"]) > start
    except ValueError:
        return False
