"""The public plane of the twin: flat objects by the company's token, with its missing routes and odd pages."""

from collections.abc import Callable, Iterator
from itertools import count

from sandbox.company import World
from sandbox.company.cars import PRICE_PERIODS, SEASONS
from sandbox.company.notation import iso_utc
from sandbox.company.table import Row, Table
from sandbox.rentprog.desk import Answer, Call, Refused
from sandbox.rentprog.limits import Kind
from sandbox.rentprog.lists import STUBBORN_PAGE, Lists, page
from sandbox.rentprog.render import Texts, array, text_of
from sandbox.rentprog.tokens import Tokens

LARGEST_PAGE = 50
SHORTEST_QUERY = 3
WRAPPED_EVERY = 4

Route = tuple[str, str, Kind, Answer]
"""Method, path, kind of limit, answer."""

_NO_CASH = ("account", "currency_accounts")
_SEARCHED_CAR = ("id", "car_name", "code", "number", "vin")
_SEARCHED_CLIENT = ("id", "name", "lastname", "phone", "email")
_SEARCHED_BOOKING = ("id", "number", "first_name", "last_name", "car_code", "description")


class PublicPlane:
    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._lists = Lists(world)
        self._texts = Texts(world)
        self._listed = count(1)

    def routes(self) -> Iterator[Route]:
        yield "GET", "/get_token", Kind.TOKEN, self._get_token
        for path, answer in self._gets():
            yield "GET", path, Kind.GET, answer
        for what, answer in (("cars", self.search_cars), ("clients", self._search_clients),
                             ("bookings", self._search_bookings)):  # fmt: skip
            yield "GET", f"/search_{what}", Kind.SEARCH, answer

    def _gets(self) -> Iterator[tuple[str, Answer]]:
        yield "/all_cars", self._all_cars
        yield "/all_cars_full", self._all_cars_full
        yield "/cars", self._cars
        yield "/cars/{id:int}", _if_plural_knows(self._car)
        yield "/car/{id:int}", self._car
        yield "/car_data", self._car
        yield "/car_data_with_bookings", self._car_data_with_bookings
        yield "/free_cars", self._free_cars
        yield "/clients", self._clients
        yield "/all_clients", self._clients
        yield "/clients/{id:int}", _if_plural_knows(self._client)
        yield "/client/{id:int}", self._client
        yield "/active_bookings", lambda call: self._bookings(call, active=True)
        yield "/unactive_bookings", lambda call: self._bookings(call, active=False)
        yield "/all_bookings", self._all_bookings
        yield "/bookings/{id:int}", _if_plural_knows(self._booking)
        yield "/booking/{id:int}", _if_singular_knows(self._booking)
        yield "/booking", self._booking
        yield "/users", self._users

    def _get_token(self, call: Call) -> str:
        token, ends = self._tokens.request_token(call.branch)
        return text_of({"token": token, "exp": iso_utc(ends)})

    def _all_cars(self, call: Call) -> str:
        return array(map(self._texts.short_car, self._lists.cars(call.branch.company_id)))

    def _all_cars_full(self, call: Call) -> str:
        ids = self._lists.cars_and_guests(call.branch.company_id)
        if "limit" in call.query or "page" in call.query:
            ids = page(ids, call.number("page", 1), call.number("limit", LARGEST_PAGE))
        return self._list(map(self._texts.car, ids))

    def _cars(self, call: Call) -> str:
        return self._list(map(self._texts.car, _asked(call, self._lists.cars(call.branch.company_id), "per_page")))

    def _car(self, call: Call) -> str:
        return self._texts.car(_own(self._world.cars, call, "id"))

    def _car_data_with_bookings(self, call: Call) -> str:
        car_id = _own(self._world.cars, call, "car_id")
        car = self._world.cars.rows[car_id]
        bookings = self._lists.bookings(call.branch.company_id)
        booked = [b for b in bookings if self._world.bookings.rows[b]["car_id"] == car_id]
        head = {name: car[name] for name in ("id", "car_name", "code", "number")}
        prices = [
            {name: price[name] for name in ("id", "season_id", "values")} for price in self._texts.prices_of(car_id)
        ]
        data = text_of(head | {"price_periods": PRICE_PERIODS, "seasons": SEASONS, "prices": prices})
        return f'{data[:-1]},"bookings":{array(map(self._texts.listed_booking, booked))}}}'

    def _free_cars(self, call: Call) -> str:
        try:
            ids = self._lists.free_cars(
                call.branch.company_id, call.query.get("start_date", ""), call.query.get("end_date", "")
            )
        except ValueError:
            raise Refused(422, "start_date and end_date: DD-MM-YYYY H:mm") from None
        return array(map(self._texts.short_car, ids))

    def _clients(self, call: Call) -> str:
        ids = _asked(call, self._lists.clients(call.branch.company_id), "limit")
        return self._list(map(self._texts.client, ids))

    def _client(self, call: Call) -> str:
        return self._texts.client(_own(self._world.clients, call, "id"))

    def _bookings(self, call: Call, *, active: bool) -> str:
        ids = _asked(call, self._lists.bookings(call.branch.company_id, active=active), "per_page")
        return self._list(map(self._texts.listed_booking, ids))

    def _all_bookings(self, call: Call) -> str:
        """Ten rows, whatever ``per_page`` says."""
        ids = page(self._lists.bookings(call.branch.company_id), call.number("page", 1), STUBBORN_PAGE)
        return self._list(map(self._texts.listed_booking, ids))

    def _booking(self, call: Call) -> str:
        return self._texts.booking(_own(self._world.bookings, call, "id"))

    def _users(self, call: Call) -> str:
        """Staff without their cash: the internal plane is the reliable one."""
        users = self._world.users[call.branch.company_id]
        return text_of([{name: value for name, value in user.items() if name not in _NO_CASH} for user in users])

    def search_cars(self, call: Call) -> str:
        found = _search(call, self._world.cars, self._lists.cars(call.branch.company_id), _SEARCHED_CAR)
        return array(map(self._texts.car, found))

    def _search_clients(self, call: Call) -> str:
        found = _search(call, self._world.clients, self._lists.clients(call.branch.company_id), _SEARCHED_CLIENT)
        return array(map(self._texts.client, found))

    def _search_bookings(self, call: Call) -> str:
        found = _search(call, self._world.bookings, self._lists.bookings(call.branch.company_id), _SEARCHED_BOOKING)
        return array(map(self._texts.listed_booking, found))

    def _list(self, texts: Iterator[str]) -> str:
        """A flat array, and every fourth time the same wrapped in ``data``."""
        flat = array(texts)
        return flat if next(self._listed) % WRAPPED_EVERY else f'{{"data":{flat}}}'


def _asked(call: Call, ids: list[int], size_name: str) -> list[int]:
    """A page of the size asked for; the server answers with ten when that is too large."""
    size = call.number(size_name, STUBBORN_PAGE)
    return page(ids, call.number("page", 1), size if 0 < size <= LARGEST_PAGE else STUBBORN_PAGE)


def _own(table: Table, call: Call, name: str) -> int:
    """The id asked for, if the branch of the token has it."""
    row_id = call.path_id if call.path_id is not None else call.number(name, 0)
    row = table.rows.get(row_id)
    if row is None or row["company_id"] != call.branch.company_id:
        raise Refused(404, "Not found")
    return row_id


def _search(call: Call, table: Table, ids: list[int], fields: tuple[str, ...]) -> list[int]:
    """Substrings of any field: a search for one id finds every id, phone and note that contains it."""
    wanted = str(call.body.get("query", call.query.get("query", ""))).casefold()
    if len(wanted) < SHORTEST_QUERY:
        raise Refused(422, "query is too short (minimum is 3 characters)")

    def contains(row: Row) -> bool:
        return any(wanted in str(row[field]).casefold() for field in fields)

    return _asked(call, [row_id for row_id in ids if contains(table.rows[row_id])], "per_page")


def _if_plural_knows(answer: Answer) -> Answer:
    return _unless(lambda row_id: row_id % 3 == 0, answer)


def _if_singular_knows(answer: Answer) -> Answer:
    return _unless(lambda row_id: row_id % 6 == 0, answer)


def _unless(is_forgotten: Callable[[int], bool], answer: Answer) -> Answer:
    """Some ids are found only by another form of the route."""

    def by_id(call: Call) -> str:
        if call.path_id is None or is_forgotten(call.path_id):
            raise Refused(404, "Not found")
        return answer(call)

    return by_id
