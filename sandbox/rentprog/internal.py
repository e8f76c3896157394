"""The internal plane of the twin: what RentProg's own web client reads, payments and history included."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from sandbox.company import World
from sandbox.company.notation import from_wall
from sandbox.company.table import Row
from sandbox.rentprog.desk import Answer, Call, Refused
from sandbox.rentprog.limits import Kind
from sandbox.rentprog.lists import STUBBORN_PAGE, Lists, lying_total, page
from sandbox.rentprog.public import Route
from sandbox.rentprog.render import Texts, array, price_resource, text_of

LARGEST_PAGE = {"booking": 50, "client": 500}
LARGEST_HISTORY_PAGE = 100
OPERATIONS_OF_THE_PAST = 120_000
"""``total_operations`` counts years; the twin keeps only the end of them."""

_FREE_CAR = (
    "car_name", "number", "state", "store_place", "clean_state", "tank_state", "tire_type", "last_inspection",
    "mileage",
)  # fmt: skip
_EMPTY_PARTS = (
    "bookings_late_end_date", "technical_bookings", "return_deposits", "cars_statuses", "fines_sale_end",
    "schedule_events", "work_now",
)  # fmt: skip


class InternalPlane:
    def __init__(self, world: World, search_cars: Answer) -> None:
        self._world = world
        self._search_cars = search_cars
        self._lists = Lists(world)
        self._texts = Texts(world)

    def routes(self) -> Iterator[Route]:
        yield "POST", "/index_with_search", Kind.SEARCH, self._index_with_search
        yield "POST", "/search_operations", Kind.SEARCH, self._search_operations
        yield "POST", "/search_cars", Kind.SEARCH, self._search_cars
        yield "GET", "/company_counts_v2", Kind.GET, self._company_counts
        yield "GET", "/company_counts", Kind.GET, _not_with_this_token
        yield "GET", "/dashboard", Kind.GET, self._dashboard
        yield "GET", "/all_cars_with_bookings", Kind.GET, self._all_cars_with_bookings
        yield "GET", "/users", Kind.GET, self._users
        yield "GET", "/clients", Kind.GET, self._clients
        yield "GET", "/bookings", Kind.GET, self._bookings

    def _index_with_search(self, call: Call) -> str:
        model = call.body.get("model")
        if model not in LARGEST_PAGE:
            raise Refused(422, "model")
        size = call.number("per_page", STUBBORN_PAGE)
        size = size if 0 < size <= LARGEST_PAGE[model] else STUBBORN_PAGE
        ids = self._lists.clients(call.branch.company_id) if model == "client" else self._asked_bookings(call)
        shown = page(ids, call.number("page", 1), size)
        data = self._booking_page(shown) if model == "booking" else f'"data":{self._client_array(shown)}'
        return f'{{"{model}s":{{{data}}},"total":{lying_total(len(ids))}}}'

    def _asked_bookings(self, call: Call) -> list[int]:
        active = call.body.get("active")
        since = (call.body.get("filters") or {}).get("start_date_from")
        if since:
            return self._lists.bookings_from(call.branch.company_id, since, active=active)
        return self._lists.bookings(call.branch.company_id, active=active)

    def _booking_page(self, ids: list[int]) -> str:
        counts = [count for booking_id in ids for count in self._texts.counts_of(booking_id)]
        data = array(map(self._texts.booking_resource, ids))
        return f'"data":{data},"included":{array(map(self._texts.count_resource, counts))}'

    def _client_array(self, ids: list[int]) -> str:
        return array(map(self._texts.client_resource, ids))

    def _search_operations(self, call: Call) -> str:
        table = self._world.operations[call.branch.company_id]
        wanted = call.body.get("search") or ""
        ids = [row["id"] for row in table.rows.values() if wanted in row["description"]]
        ids.sort(reverse=call.body.get("direction", "desc") == "desc")
        size = min(call.number("per_page", STUBBORN_PAGE), LARGEST_HISTORY_PAGE)
        shown = page(ids, call.number("page", 1), size)
        data = array(self._texts.operation(table, operation_id) for operation_id in shown)
        return f'{{"operations":{{"data":{data}}},"total_operations":{OPERATIONS_OF_THE_PAST + len(ids)}}}'

    def _company_counts(self, call: Call) -> str:
        start, end = _day(call, "start_date"), _day(call, "end_date")
        rows = self._world.counts.rows.values()
        ids = [
            row["id"]
            for row in rows
            if row["company_id"] == call.branch.company_id and start <= row["created_at"][:10] <= end
        ]
        return f'{{"counts":{{"data":{array(map(self._texts.count_resource, ids))}}}}}'

    def _all_cars_with_bookings(self, call: Call) -> str:
        ids = self._lists.cars(call.branch.company_id)
        prices = [price_resource(price) for car_id in ids for price in self._texts.prices_of(car_id)]
        return f'{{"data":{array(map(self._texts.priced_car, ids))},"included":{array(prices)}}}'

    def _users(self, call: Call) -> str:
        return text_of(self._world.users[call.branch.company_id])

    def _clients(self, call: Call) -> str:
        ids = page(
            self._lists.clients(call.branch.company_id), call.number("page", 1), call.number("per_page", STUBBORN_PAGE)
        )
        return f'{{"data":{self._client_array(ids)}}}'

    def _bookings(self, call: Call) -> str:
        rows = self._world.bookings.rows
        since = call.query.get("updated_at_from", "")
        ids = [i for i in self._lists.bookings(call.branch.company_id) if rows[i]["updated_at"] >= since]
        shown = page(ids, call.number("page", 1), min(call.number("per_page", STUBBORN_PAGE), LARGEST_PAGE["booking"]))
        return f'{{"data":{array(map(self._texts.fresh_booking_resource, shown))}}}'

    def _dashboard(self, call: Call) -> str:
        company_id = call.branch.company_id
        active = [self._world.bookings.rows[i] for i in self._lists.bookings(company_id, active=True)]
        out = {row["car_id"] for row in active if row["in_rent"]}
        free = [self._world.cars.rows[i] for i in self._lists.cars(company_id) if i not in out]
        told: Row = {
            "free_cars_count": len(free),
            "active_bookings_count": len(active),
            "clients_count": len(self._world.clients.rows),
            "bookings_yesterday_count": 9,
            **{part: [] for part in _EMPTY_PARTS},
            "free_cars_start_dates": [self._free_car(car, active) for car in free],
        }
        return text_of(told)

    def _free_car(self, car: Row, active: list[Row]) -> Row:
        planned = [row for row in active if row["car_id"] == car["id"] and not row["in_rent"]]
        following = min(planned, key=_start_or_last, default=None)
        items = self._world.maintenances.chosen("by car", _items_by_car).get(car["id"], [])
        return {
            "id": car["id"],
            "car_id": car["id"],
            "car_code": car["code"],
            **{name: car[name] for name in _FREE_CAR},
            "start_date": following and following["start_date"],
            "booking_id": following and following["id"],
            "traccar_id": None,
            "maintenances": items,
        }


def _items_by_car(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        if not row["completed"]:
            found.setdefault(row["car_id"], []).append(row)
    return found


def _start_or_last(booking: Row) -> datetime:
    """Sorts by the start; a mistyped date comes last."""
    try:
        return from_wall(booking["start_date"])
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)


def _day(call: Call, name: str) -> str:
    try:
        return date.fromisoformat(call.query.get(name, "")).isoformat()
    except ValueError:
        raise Refused(422, f"{name}: YYYY-MM-DD") from None


def _not_with_this_token(_: Call) -> str:
    raise Refused(401, "Unauthorized")
