"""The invented company as one mutable world: what RentProg knows of it, and the people who work there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from core.clock import Clock, SystemClock
from sandbox.company.bookings import calendar, many
from sandbox.company.branches import BRANCHES, Branch
from sandbox.company.cars import fleet, prices_of
from sandbox.company.guests import Guest, client_rows, guests
from sandbox.company.history import operation_row, past_operations
from sandbox.company.payments import counts_of
from sandbox.company.people import Person, staff, users_of
from sandbox.company.table import Row, Table
from sandbox.company.upkeep import maintenances

CARS, CLIENTS = 24, 20
PAST_OPERATIONS = 65


@dataclass
class World:
    """The state of the simulated company. ``dice`` is seeded: the same seed tells the same story."""

    clock: Clock
    dice: Random
    people: tuple[Person, ...]
    guests: tuple[Guest, ...]
    born: datetime
    branches: tuple[Branch, ...] = BRANCHES
    cars: Table = field(default_factory=Table)
    clients: Table = field(default_factory=Table)
    bookings: Table = field(default_factory=Table)
    counts: Table = field(default_factory=Table)
    maintenances: Table = field(default_factory=Table)
    prices: Table = field(default_factory=Table)
    operations: dict[int, Table] = field(default_factory=dict)
    users: dict[int, list[Row]] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.clock.now()

    def note(self, company_id: int, description: str) -> Row:
        """Append a line to a branch's history; ids run over all branches."""
        operation_id = max(table.last_id for table in self.operations.values()) + 1
        return self.operations[company_id].put(operation_row(operation_id, description, self.now()))

    def user(self, company_id: int, user_id: int) -> Row | None:
        return next((user for user in self.users[company_id] if user["id"] == user_id), None)


def company(seed: int = 1, clock: Clock | None = None, born: datetime | None = None) -> World:
    """The company of the demo: 24 cars, 20 clients, and bookings around its birth, which is the clock's now."""
    world = _founded(seed, clock, CARS, CLIENTS, born)
    cars, clients = list(world.cars.rows.values()), list(world.clients.rows.values())
    _fill(world.bookings, calendar(cars, clients, world.born))
    _keep_books(world)
    return world


def big_world(cars: int = 500, clients: int = 4400, bookings: int = 5000, seed: int = 1) -> World:
    """The same company grown to any size, for benches."""
    world = _founded(seed, None, cars, clients, None)
    fleet_rows, client_list = list(world.cars.rows.values()), list(world.clients.rows.values())
    _fill(world.bookings, many(bookings, fleet_rows, client_list, world.born, world.dice))
    _keep_books(world)
    return world


def _founded(seed: int, clock: Clock | None, cars: int, clients: int, born: datetime | None) -> World:
    told = clock or SystemClock()
    now = (born or told.now()).astimezone(UTC)
    world = World(clock=told, dice=Random(seed), people=staff(), guests=guests(clients), born=now)
    _fill(world.cars, fleet(cars, world.dice))
    _fill(world.clients, client_rows(world.guests, now))
    for number, car in enumerate(world.cars.rows.values()):
        _fill(world.prices, prices_of(car, number, world.dice))
    world.users = {branch.company_id: users_of(branch, world.people, now) for branch in world.branches}
    return world


def _keep_books(world: World) -> None:
    bookings, cars = list(world.bookings.rows.values()), list(world.cars.rows.values())
    _fill(world.counts, counts_of(bookings, world.born))
    _fill(world.maintenances, maintenances(cars, world.born))
    world.operations = {branch.company_id: Table() for branch in world.branches}
    for company_id, operation in past_operations(PAST_OPERATIONS, bookings, cars, world.born):
        world.operations[company_id].put(operation)


def _fill(table: Table, rows: Iterable[Row]) -> None:
    for row in rows:
        table.put(row)
