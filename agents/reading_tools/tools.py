"""The tools themselves. A docstring is what the model is told; what code binds is no argument of any tool."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from agents.kit.question import Tool
from agents.reading_tools import price_lists
from agents.reading_tools.answers import (
    Available,
    BranchInfo,
    OwnBooking,
    OwnBookings,
    Price,
    PriceLine,
    UpkeepWindow,
    UpkeepWindows,
)
from agents.reading_tools.cars import MOST_OFFERS, fitting, models_of, offers, verdict_of
from agents.reading_tools.facts import Fact
from agents.reading_tools.places import PointWord, branch_named, end_at, rules_of, window_of
from core.errors import Rejected
from core.money import Money
from core.quote.availability import AvailabilityRules, Verdict
from core.quote.one_way import CarPlan
from core.quote.price_list import PriceList
from core.quote.pricing import price as price_of
from core.quote.quote import Quote
from core.quote.rent import End, Extra, QuoteRules, Rent
from core.quote.window import Window
from core.settings import BranchSettings, Settings
from db.queries import quotes
from db.queries.quotes import ClientBooking, FleetCar
from db.session import Database
from integrations.rentprog import RentprogApi

MOST_BOOKINGS = 5
MOST_WINDOWS = 5
MOST_EXTRAS = 5


@dataclass(frozen=True, slots=True)
class ReadingTools:
    """Bound to one event: ``client_id`` is the only client whose bookings can be read, None where nobody knows who.

    ``facts`` grows with every answer of a tool. ``branch`` is the one that a question is about when it names none.
    """

    db: Database
    settings: Settings
    rentprog: Mapping[str, RentprogApi]
    now: datetime
    client_id: UUID | None = None
    branch: str | None = None
    facts: list[Fact] = field(default_factory=list[Fact])

    def tools(self) -> tuple[Tool, ...]:
        return (
            self.availability,
            self.price,
            self.my_bookings,
            self.branch_hours_and_address,
            self.maintenance_windows,
        )

    async def availability(self, start: datetime, end: datetime, words: str = "", branch: str = "") -> Available:
        """Which cars are free from `start` to `end` (local times of the branch, ISO 8601).

        `words` narrows it to a model, a class or a gearbox ("Prius", "Автомат"); leave it empty for all cars.
        `branch` is only needed where the client asks for another branch than their own.
        """
        home = self._branch(branch)
        zone = ZoneInfo(home.timezone)
        window = window_of(start, end, zone, self.now)
        async with self.db.transaction() as tx:
            fleet = await quotes.fleet(tx)
            cars = fitting(fleet, words)
            occupied = await quotes.occupations(tx, [car.id for car in cars], start=window.start, end=window.end)
        rules = self._availability_rules()
        verdicts = {car.id: verdict_of(car, window, occupied, rules) for car in cars}
        found = offers(cars, verdicts, home.code)
        shown = tuple(found[:MOST_OFFERS])
        number_free = sum(car.branch == home.code and verdicts[car.id] is Verdict.FREE for car in cars)
        models = ", ".join(_named(offer.model, offer.year) for offer in shown)
        text = (
            f"free from {_said(window.start, zone)} to {_said(window.end, zone)}, {window.rental_days} days:"
            f" {number_free} cars in {home.name}; {models}"
        )
        return Available(
            fact=self._note("availability", text),
            start=_said(window.start, zone),
            end=_said(window.end, zone),
            days=window.rental_days,
            branch=home.name,
            number_free=number_free,
            offers=shown,
            known_models=() if cars else models_of(fleet),
        )

    async def price(
        self,
        car: int,
        start: datetime,
        end: datetime,
        *,
        issue_city: str = "",
        issue_point: PointWord = "office",
        return_city: str = "",
        return_point: PointWord | None = None,
        extras: tuple[str, ...] = (),
    ) -> Price:
        """What a rent of one car costs, line by line, in all. Never add or multiply yourself.

        `car` is a number that `availability` gave. Cities are written in English ("Batumi"); leave them empty for the
        branch's own. The return is where the issue was unless you say otherwise. `extras` are what the client wants
        with the car ("child seat"). Where `total` is null a person has to quote: say no amount at all.
        """
        async with self.db.transaction() as tx:
            found = await quotes.car(tx, car)
        if found is None or found.model is None:
            raise Rejected("There is no such car: ask availability first.")
        home = self._branch(self.branch or found.branch)
        rules = rules_of(self.settings)
        issue = end_at(home, issue_city, issue_point, rules)
        is_back_elsewhere = bool(return_city.strip()) or return_point is not None
        back = end_at(home, return_city or issue_city, return_point or "office", rules) if is_back_elsewhere else issue
        window = window_of(start, end, issue.zone, self.now)
        wanted = tuple(Extra(name[:80], None, is_per_day=False) for name in extras[:MOST_EXTRAS])
        return await self._priced(found, _Trip(window, issue, back, wanted), rules)

    async def my_bookings(self) -> OwnBookings:
        """The bookings of the client who is writing: car, dates, places, total, deposit. Of nobody else."""
        rows: list[ClientBooking] = []
        if self.client_id is not None:
            async with self.db.transaction() as tx:
                rows = await quotes.bookings_of(tx, self.client_id, limit=MOST_BOOKINGS)
        bookings = tuple(self._own(row) for row in rows)
        text = "; ".join(
            f"booking number {one.number}: {one.model}, plate {one.plate}, {one.start} to {one.end},"
            f" {one.place_out} to {one.place_back}, total {one.total}, deposit {one.deposit}"
            for one in bookings
        )
        return OwnBookings(
            fact=self._note("my_bookings", text or "no bookings"),
            bookings=bookings,
            is_client_known=self.client_id is not None,
        )

    async def branch_hours_and_address(self, branch: str = "") -> BranchInfo:
        """When a branch works, what an issue or a return outside these hours costs, and where it is."""
        home = self._branch(branch)
        rules = rules_of(self.settings)
        opens, closes = f"{rules.hours.opens:%H:%M}", f"{rules.hours.closes:%H:%M}"
        text = (
            f"{home.name} works every day {opens}-{closes}; outside it costs {rules.out_of_hours_fee};"
            f" address {home.address}; map {home.map_url}"
        )
        return BranchInfo(
            fact=self._note("branch_hours_and_address", text),
            name=home.name,
            opens=opens,
            closes=closes,
            out_of_hours_fee=str(rules.out_of_hours_fee),
            address=home.address,
            map_url=home.map_url,
        )

    async def maintenance_windows(self) -> UpkeepWindows:
        """When the car of the client's own booking is kept for maintenance or repair, as far as it is known.

        An empty list does not mean that nothing is planned: then say that a colleague will look.
        """
        zone = self._zone()
        rows: list[quotes.Upkeep] = []
        if self.client_id is not None:
            async with self.db.transaction() as tx:
                rows = await quotes.upkeep_of_client(tx, self.client_id, now=self.now, limit=MOST_WINDOWS)
        windows = tuple(
            UpkeepWindow(row.model or "", _said(row.start_at, zone), _said(row.end_at, zone)) for row in rows
        )
        text = "; ".join(f"{one.model} from {one.start} to {one.end}" for one in windows)
        return UpkeepWindows(self._note("maintenance_windows", text or "nothing is known of maintenance"), windows)

    async def _priced(self, car: FleetCar, trip: "_Trip", rules: QuoteRules) -> Price:
        currency = self.settings.quote.currency
        listed = await price_lists.fetch(self.rentprog, car.branch, car.rentprog_id, currency)
        async with self.db.transaction() as tx:
            occupied = await quotes.occupations(tx, [car.id], start=trip.window.start, end=trip.window.end)
            following = await quotes.next_booking(tx, car.id, after=trip.window.end)
        rent = Rent(
            window=trip.window,
            issue=trip.issue,
            back=trip.back,
            car_branch=car.branch,
            plan=CarPlan(home=None, next_booking=following),
            prices=listed or PriceList(currency, (), ()),
            extras=trip.extras,
        )
        quote = price_of(rent, rules, currency=currency, rates=None, now=self.now)
        verdict = verdict_of(car, trip.window, occupied, self._availability_rules())
        return self._as_price(car, rent, quote, verdict, is_list_read=listed is not None)

    def _as_price(self, car: FleetCar, rent: Rent, quote: Quote, verdict: Verdict, *, is_list_read: bool) -> Price:
        zone = rent.issue.zone
        start, end = _said(rent.window.start, zone), _said(rent.window.end, rent.back.zone)
        lines = tuple(
            PriceLine(line.kind, str(line.amount) if isinstance(line.amount, Money) else None, line.why)
            for line in quote.lines
        )
        unknown = tuple(str(one) for one in quote.unknowns) if is_list_read else ("price list could not be read",)
        said = "; ".join(f"{line.what} {line.amount or 'unknown'} ({line.why})" for line in lines)
        valid_until = _said(quote.valid_until, zone)
        # An amount of a quote that has no total is a part of nothing: no text may hold it.
        amounts = f"{said}; total {quote.total}; valid until {valid_until}" if quote.total else "no price is known"
        text = f"{_named(car.model, car.year)} from {start} to {end}, {quote.days} days; {amounts}"
        return Price(
            fact=self._note("price", text),
            model=car.model or "",
            start=start,
            end=end,
            days=quote.days,
            lines=lines,
            total=str(quote.total) if quote.total else None,
            unknown=unknown,
            is_free=None if verdict is Verdict.ASK else verdict is Verdict.FREE,
            valid_until=valid_until,
        )

    def _own(self, row: ClientBooking) -> OwnBooking:
        zone = self._zone()
        currency = self.settings.quote.currency
        return OwnBooking(
            number=row.number,
            model=row.model,
            plate=row.plate,
            branch=row.branch,
            state=row.state,
            start=None if row.start_at is None else _said(row.start_at, zone),
            end=None if row.end_at is None else _said(row.end_at, zone),
            place_out=row.place_out,
            place_back=row.place_back,
            total=_amount(row.total, currency),
            deposit=_amount(row.deposit, currency),
        )

    def _branch(self, wanted: str) -> BranchSettings:
        return branch_named(self.settings.rentprog.branches, wanted, self.branch)

    def _zone(self) -> ZoneInfo:
        own = self.settings.rentprog.branch(self.branch) if self.branch else None
        return ZoneInfo(own.timezone if own else "Asia/Tbilisi")

    def _availability_rules(self) -> AvailabilityRules:
        return AvailabilityRules(staff_trip_blocks=self.settings.quote.staff_trip_blocks)

    def _note(self, tool: str, text: str) -> str:
        fact = Fact(f"{tool}-{len(self.facts) + 1}", tool, text)
        self.facts.append(fact)
        return fact.id


@dataclass(frozen=True, slots=True)
class _Trip:
    window: Window
    issue: End
    back: End
    extras: tuple[Extra, ...]


def _named(model: str | None, year: int | None) -> str:
    """The year stands before its unit, as a text may say it with or without one."""
    return f"{model} {year} year" if year else f"{model}"


def _said(moment: datetime, zone: ZoneInfo) -> str:
    """``Tuesday 24 November 2026 10:00``."""
    return f"{moment.astimezone(zone):%A %-d %B %Y %H:%M}"


def _amount(amount: Decimal | None, currency: str) -> str | None:
    """Of a booking: RentProg tells no currency, so it is the company's own."""
    return None if amount is None else f"{amount.normalize():f} {currency}"
