"""The client of both planes of RentProg for one branch: a `RentprogApi` over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import httpx

from core.clock import Clock
from core.errors import Broken, Rejected
from core.events import Listing
from integrations.http import Answer, Call, CallKind, HttpLink, Pace, Patience, RateBudget, Timer
from integrations.rentprog.answers import included_of, object_of, rows_of
from integrations.rentprog.api import BookingPage, CarsWithPrices
from integrations.rentprog.cash import PaymentRecord, StaffRecord
from integrations.rentprog.credentials import RentprogCredentials
from integrations.rentprog.dates import request_datetime
from integrations.rentprog.fields import RecordKind
from integrations.rentprog.history import OperationRecord
from integrations.rentprog.models import BookingRecord, CarRecord, ClientRecord, Record
from integrations.rentprog.pages import BadRecord, BadRow, Page, Unread, digest_of, read_page, read_row
from integrations.rentprog.planes import InternalPlane, Plane, PublicPlane, read_json
from integrations.rentprog.prices import CarPrices, PriceRecord, linked_prices, price_list
from integrations.rentprog.states import DEFAULT_STATES, StateTexts
from integrations.rentprog.values import BadValueError, identity

R = TypeVar("R", bound=Record)
P = TypeVar("P", bound=Page[Any])

VENDOR_LIMITS = {CallKind.GET: 120, CallKind.WRITE: 60, CallKind.SEARCH: 30}
TOKENS_PER_MINUTE = 60
SHORTEST_QUERY = 3
NOT_THERE = object()


def budget_for(share: float, *, timer: Timer | None = None) -> RateBudget:
    """One branch's budget: our share of the vendor's limits, spread evenly. Tokens are single-flight and not shared."""
    allowed = {kind: max(1, round(limit * share)) for kind, limit in VENDOR_LIMITS.items()}
    paces = {kind: Pace(per_minute, gap=60 / per_minute) for kind, per_minute in allowed.items()}
    return RateBudget(paces | {CallKind.TOKEN: Pace(TOKENS_PER_MINUTE)}, timer)


class RentprogClient:
    """See `RentprogApi` for what the methods promise."""

    def __init__(
        self,
        credentials: RentprogCredentials,
        *,
        public_base_url: str,
        internal_base_url: str,
        budget: RateBudget,
        http: httpx.AsyncClient,
        clock: Clock,
        patience: Patience | None = None,
        states: StateTexts = DEFAULT_STATES,
    ) -> None:
        self.branch = credentials.branch
        self._states = states
        self._link = HttpLink("RentProg", http=http, budget=budget, clock=clock, patience=patience)
        self._public = PublicPlane(public_base_url.rstrip("/"), credentials, self._link, clock)
        self._internal = InternalPlane(internal_base_url.rstrip("/"), credentials)

    @property
    def internal_token_expires_at(self) -> datetime | None:
        return self._internal.expires_at

    async def probe(self) -> None:
        rows_of(await self._get(self._public, "/all_cars"), "cars")
        if self._internal.is_configured:
            rows_of(await self._get(self._internal, "/users"), "users")

    # -- the lists of a reconcile ------------------------------------------------------------------------------------

    async def listed(self, listing: Listing, page: int, *, per_page: int) -> Unread[Page[Any]]:
        match listing:
            case "cars":
                return await self._list_cars()
            case "clients":
                return await self._list_clients(page, per_page)
            case "active_bookings":
                return await self._list_bookings(page, per_page, active=True)
            case "past_bookings":
                return await self._list_bookings(page, per_page, active=False)
            case "staff":
                return await self._list_users()

    async def cars(self) -> Page[CarRecord]:
        return (await self._list_cars()).read()

    async def client_page(self, page: int, *, per_page: int = 500) -> Page[ClientRecord]:
        return (await self._list_clients(page, per_page)).read()

    async def booking_page(
        self, page: int, *, per_page: int = 50, active: bool = True, start_from: date | None = None
    ) -> BookingPage:
        return (await self._list_bookings(page, per_page, active=active, start_from=start_from)).read()

    async def users(self) -> Page[StaffRecord]:
        return (await self._list_users()).read()

    async def _list_cars(self) -> Unread[Page[CarRecord]]:
        later = self._later(lambda answer: self._page("car", CarRecord, rows_of(answer, "cars")))
        return await self._get(self._public, "/all_cars_full", read=later)

    async def _list_clients(self, page: int, per_page: int) -> Unread[Page[ClientRecord]]:
        later = self._later(lambda answer: self._page("client", ClientRecord, rows_of(answer, "clients"), page))
        if not self._internal.is_configured:
            return await self._get(self._public, "/all_clients", params={"page": page, "limit": per_page}, read=later)
        question = {"model": "client", "page": page, "per_page": per_page, "filters": {}}
        return await self._ask("/index_with_search", question, read=later)

    async def _list_bookings(
        self, page: int, per_page: int, *, active: bool, start_from: date | None = None
    ) -> Unread[BookingPage]:
        later = self._later(lambda answer: self._booking_page(answer, page))
        if not self._internal.is_configured:
            path = "/active_bookings" if active else "/unactive_bookings"
            return await self._get(self._public, path, params={"page": page, "per_page": per_page}, read=later)
        filters = {} if start_from is None else {"start_date_from": start_from.isoformat()}
        question = {"model": "booking", "active": active, "page": page, "per_page": per_page, "filters": filters}
        return await self._ask("/index_with_search", question, read=later)

    def _booking_page(self, answer: Any, number: int) -> BookingPage:
        bookings = self._page("booking", BookingRecord, rows_of(answer, "bookings"), number)
        paid = included_of(answer, "bookings", "count")
        return BookingPage(bookings.rows, bookings.bad_rows, bookings.received, number, paid)

    async def _list_users(self) -> Unread[Page[StaffRecord]]:
        plane = self._internal if self._internal.is_configured else self._public
        later = self._later(lambda answer: self._page("staff", StaffRecord, rows_of(answer, "users")))
        return await self._get(plane, "/users", read=later)

    def _later(self, page_of: Callable[[Any], P]) -> Callable[[Answer, str], Unread[P]]:
        """Keep the answer instead of reading it."""

        def keep(answer: Answer, name: str) -> Unread[P]:
            return Unread(digest_of(answer.body, self._states), lambda: page_of(read_json(answer, name)))

        return keep

    # -- cars and prices ---------------------------------------------------------------------------------------------

    async def car_page(self, page: int, *, per_page: int = 50) -> Page[CarRecord]:
        answer = await self._get(self._public, "/all_cars_full", params={"page": page, "limit": per_page})
        return self._page("car", CarRecord, rows_of(answer, "cars"), page)

    async def free_cars(self, start: datetime, end: datetime) -> Page[CarRecord]:
        window = {"start_date": request_datetime(start), "end_date": request_datetime(end)}
        answer = await self._get(self._public, "/free_cars", params=window)
        return self._page("car", CarRecord, rows_of(answer, "cars"))

    async def cars_with_prices(self) -> CarsWithPrices:
        answer = await self._get(self._internal, "/all_cars_with_bookings")
        rows = rows_of(answer, "cars")
        prices = linked_prices(rows, included_of(answer, "cars", "price"))
        return CarsWithPrices(self._page("car", CarRecord, rows), self._page("price", PriceRecord, prices))

    async def car_prices(self, car_id: int) -> CarPrices | None:
        answer = await self._get(self._public, "/car_data_with_bookings", params={"car_id": car_id}, missing=True)
        found = None if answer is NOT_THERE else object_of(answer, "car")
        if found is None:
            return None
        self._check_identity("car", car_id, found.get("id"))
        return price_list(found, car_id)

    # -- money and the audit feed ------------------------------------------------------------------------------------

    async def operations_page(self, page: int = 1, *, per_page: int = 100) -> Page[OperationRecord]:
        question = {"page": page, "per_page": per_page, "sort_by": "id", "direction": "desc", "search": None}
        answer = await self._ask("/search_operations", question)
        return self._page("operation", OperationRecord, rows_of(answer, "operations"), page)

    async def payments(self, start: date, end: date) -> Page[PaymentRecord]:
        window = {"start_date": start.isoformat(), "end_date": end.isoformat()}
        answer = await self._get(self._internal, "/company_counts_v2", params=window)
        return self._page("payment", PaymentRecord, rows_of(answer, "counts"))

    # -- one object --------------------------------------------------------------------------------------------------

    async def car(self, car_id: int) -> CarRecord | None:
        places = (f"/cars/{car_id}", f"/car/{car_id}", "/car_data")
        return await self._find("car", CarRecord, car_id, places)

    async def client(self, client_id: int) -> ClientRecord | None:
        return await self._find("client", ClientRecord, client_id, (f"/clients/{client_id}", f"/client/{client_id}"))

    async def booking(self, booking_id: int) -> BookingRecord | None:
        places = (f"/bookings/{booking_id}", f"/booking/{booking_id}", "/booking")
        return await self._find("booking", BookingRecord, booking_id, places)

    # -- searches ----------------------------------------------------------------------------------------------------

    async def search_cars(self, query: str, *, page: int = 1) -> Page[CarRecord]:
        return self._page("car", CarRecord, await self._search("cars", query, page), page)

    async def search_clients(self, query: str, *, page: int = 1) -> Page[ClientRecord]:
        return self._page("client", ClientRecord, await self._search("clients", query, page), page)

    async def search_bookings(self, query: str, *, page: int = 1) -> Page[BookingRecord]:
        return self._page("booking", BookingRecord, await self._search("bookings", query, page), page)

    # -- the wire ----------------------------------------------------------------------------------------------------

    async def _search(self, plural: str, query: str, page: int) -> Sequence[Any]:
        if len(query.strip()) < SHORTEST_QUERY:
            raise Rejected(f"a search in RentProg needs at least {SHORTEST_QUERY} characters")
        params: dict[str, str | int] = {"query": query.strip(), "page": page, "per_page": 50}
        path = f"/search_{plural}"
        return rows_of(await self._request(self._public, "GET", path, CallKind.SEARCH, params=params), plural)

    async def _find(self, kind: RecordKind, model: type[R], rentprog_id: int, places: Sequence[str]) -> R | None:
        """The places in order; the ones without the id in the path take it as a parameter."""
        for path in places:
            params = {} if path.endswith(f"/{rentprog_id}") else {"id": rentprog_id}
            answer = await self._get(self._public, path, params=params, missing=True)
            found = None if answer is NOT_THERE else object_of(answer, kind)
            if found is not None:
                return self._record(kind, model, rentprog_id, found)
        return None

    def _record(self, kind: RecordKind, model: type[R], rentprog_id: int, found: Mapping[str, Any]) -> R:
        record = read_row(kind, model, found, states=self._states)
        if isinstance(record, BadRow):
            raise BadRecord(record)
        self._check_identity(kind, rentprog_id, record.rentprog_id)
        return record

    def _check_identity(self, kind: RecordKind, asked: int, came: object) -> None:
        try:
            is_same = identity(came) == asked
        except BadValueError:
            is_same = False
        if not is_same:
            raise Broken(f"RentProg was asked for {kind} {asked} and answered with another one")

    def _page(self, kind: RecordKind, model: type[R], rows: Sequence[Any], number: int = 1) -> Page[R]:
        return read_page(kind, model, rows, number=number, states=self._states)

    async def _get(
        self,
        plane: Plane,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        missing: bool = False,
        read: Callable[[Answer, str], Any] = read_json,
    ) -> Any:
        return await self._request(plane, "GET", path, CallKind.GET, params=params, missing=missing, read=read)

    async def _ask(
        self, path: str, question: Mapping[str, Any], *, read: Callable[[Answer, str], Any] = read_json
    ) -> Any:
        """A read that is sent as a POST; the vendor's limit for searches is taken to hold for it."""
        return await self._request(self._internal, "POST", path, CallKind.SEARCH, json=question, read=read)

    async def _request(
        self,
        plane: Plane,
        method: str,
        path: str,
        kind: CallKind,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        missing: bool = False,
        read: Callable[[Answer, str], Any] = read_json,
    ) -> Any:
        """What ``read`` makes of the answer; ``NOT_THERE`` for a 404 where the caller allows it."""
        name = f"{method} {path}"
        call = Call(name, method, plane.url + path, kind, params=params or None, credentials=plane.headers, json=json)
        answer = await self._link.send(call)
        if answer.status == 401 and plane.forget(answer.asked_with):
            answer = await self._link.send(call)
        if answer.status == 404 and missing:
            return NOT_THERE
        if error := plane.refusal(answer, name):
            raise error
        return read(answer, name)
