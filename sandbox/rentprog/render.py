"""Rows as JSON texts in RentProg's forms: flat objects, and JSON:API with text ids beside int ids."""

import json
from collections import defaultdict
from collections.abc import Iterable

from sandbox.company import World
from sandbox.company.booking_rows import LIST_FIELDS
from sandbox.company.notation import wrongly_formatted
from sandbox.company.table import Row, Table

_SHORT_CAR = ("id", "company_id", "car_name", "code", "number", "state", "active")
_PRICED_CAR = ("id", "car_name", "code", "number", "pts", "body_number", "company_id", "state", "deposit")


def text_of(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def array(texts: Iterable[str]) -> str:
    return f"[{','.join(texts)}]"


def resource(kind: str, row: Row, attributes: Row, relationships: Row | None = None) -> Row:
    """JSON:API: the outer id is a text, the inner one is whatever the row holds."""
    told: Row = {"id": str(row["id"]), "type": kind, "attributes": attributes}
    return told if relationships is None else told | {"relationships": relationships}


class Texts:
    """Each text is made once and kept by its table until the row changes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def car(self, car_id: int) -> str:
        return self._world.cars.rendered(car_id, "full", text_of)

    def short_car(self, car_id: int) -> str:
        return self._world.cars.rendered(car_id, "short", lambda row: text_of({name: row[name] for name in _SHORT_CAR}))

    def client(self, client_id: int) -> str:
        return self._world.clients.rendered(client_id, "flat", text_of)

    def client_resource(self, client_id: int) -> str:
        return self._world.clients.rendered(client_id, "resource", lambda row: text_of(resource("client", row, row)))

    def booking(self, booking_id: int) -> str:
        """One booking asked for by its id: with its branch and the time of its last change."""
        return self._world.bookings.rendered(booking_id, "flat", lambda row: text_of({**row, **_formatted(row)}))

    def listed_booking(self, booking_id: int) -> str:
        """A booking of a public list: without its branch, without ``updated_at``."""
        return self._world.bookings.rendered(booking_id, "listed", lambda row: text_of(_listed(row)))

    def booking_resource(self, booking_id: int) -> str:
        """As the web client sees it: its payments are named here and stand in ``included``."""
        return self._world.bookings.rendered(booking_id, "resource", self._booking_resource)

    def fresh_booking_resource(self, booking_id: int) -> str:
        return self._world.bookings.rendered(
            booking_id,
            "fresh",
            lambda row: text_of(resource("booking", row, _listed(row) | {"updated_at": row["updated_at"]})),
        )

    def count_resource(self, count_id: int) -> str:
        return self._world.counts.rendered(count_id, "resource", lambda row: text_of(resource("count", row, row)))

    def counts_of(self, booking_id: int) -> list[int]:
        return self._world.counts.chosen("by booking", _by_booking).get(booking_id, [])

    def prices_of(self, car_id: int) -> list[Row]:
        return self._world.prices.chosen("by car", _by_car).get(car_id, [])

    def priced_car(self, car_id: int) -> str:
        """A car whose prices are only named: they stand in ``included``."""
        return self._world.cars.rendered(car_id, "priced", self._priced_car)

    def operation(self, table: Table, operation_id: int) -> str:
        return table.rendered(operation_id, "resource", lambda row: text_of(resource("operation", row, row)))

    def _booking_resource(self, row: Row) -> str:
        counts = [{"id": str(count_id), "type": "count"} for count_id in self.counts_of(row["id"])]
        return text_of(resource("booking", row, _listed(row), {"counts": {"data": counts}}))

    def _priced_car(self, row: Row) -> str:
        prices = [{"id": str(price["id"]), "type": "price"} for price in self.prices_of(row["id"])]
        shown = {name: row[name] for name in _PRICED_CAR}
        return text_of(resource("car", row, shown, {"prices": {"data": prices}}))


def price_resource(price: Row) -> str:
    return text_of(resource("price", price, {name: price[name] for name in ("car_id", "season_id", "values")}))


def _listed(row: Row) -> Row:
    return {name: row[name] for name in LIST_FIELDS} | _formatted(row)


def _formatted(row: Row) -> Row:
    return {f"{name}_formatted": wrongly_formatted(row[name]) for name in ("start_date", "end_date")}


def _by_booking(rows: Iterable[Row]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row["booking_id"] is not None:
            found[row["booking_id"]].append(row["id"])
    return found


def _by_car(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["car_id"]].append(row)
    return found
