"""Acts of the control API: what a person does in RentProg, and how its webhooks shall behave this time."""

from base64 import b64decode
from collections.abc import Iterable
from random import Random
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from sandbox.company import World
from sandbox.company.branches import BY_CODE, Branch
from sandbox.company.table import Row
from sandbox.on_demand import add_on_demand
from sandbox.rentprog.changes import Change
from sandbox.rentprog.office import Office
from sandbox.rentprog.webhooks import Courier, Delivery, Letter, Style, Wording, body_of


class Act(BaseModel):
    """``webhook=false`` loses it, ``twice`` repeats it, ``via_branch`` posts it to another branch's URL.

    How it is written is told in `Wording`.
    """

    model_config = ConfigDict(extra="forbid")

    user_id: int | None = None
    webhook: bool = True
    twice: bool = False
    delay_s: float = Field(default=0.0, ge=0)
    via_branch: str | None = None
    style: Style = Style.RUBY
    shuffle: bool = False
    text_id: bool = False
    service_diffs: bool = False
    with_updated_at: bool = False

    def wording(self, dice: Random) -> Wording:
        return Wording(
            style=self.style,
            shuffle_seed=dice.randrange(1_000_000) if self.shuffle else None,
            text_id=self.text_id,
            service_diffs=self.service_diffs,
            with_updated_at=self.with_updated_at,
        )


class Fields(Act):
    """RentProg's own field names; values are not checked, so that a broken row can be made."""

    fields: Row = Field(default_factory=dict)


class Create(Fields):
    branch: str


class CreateBooking(Create):
    """``fields`` must hold ``start_date`` and ``end_date`` as wall time, ``21-11-2025 9:00``."""

    car_id: int
    client_id: int | None = None


class Payment(BaseModel):
    """``fields`` may name group, method, currency_id, operation, booking_id, user_id."""

    model_config = ConfigDict(extra="forbid")

    branch: str
    sum: float
    fields: Row = Field(default_factory=dict)


class Move(Act):
    """A branch's code, or any company id: the parent and unknown ones make the webhooks that must be refused."""

    to_branch: str | int


class HandOver(Act):
    mileage: int | None = None


class Dates(Act):
    start_date: str | None = None
    end_date: str | None = None


class Raw(BaseModel):
    """A body that is posted as it stands; ``is_base64`` is for bytes that are no text."""

    model_config = ConfigDict(extra="forbid")

    branch: str
    body: str
    event: str = "raw"
    is_base64: bool = False


class Again(BaseModel):
    model_config = ConfigDict(extra="forbid")

    delivery: int = Field(ge=1)


class Acts:
    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._office = Office(world)
        self._courier = courier

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/_sandbox/rentprog", tags=["rentprog"])
        for path, act in (
            ("/cars", self.create_car),
            ("/cars/{row_id}/move", self.move_car),
            ("/cars/{row_id}/destroy", self.destroy_car),
            ("/cars/{row_id}", self.change_car),
            ("/clients", self.create_client),
            ("/clients/{row_id}/destroy", self.destroy_client),
            ("/clients/{row_id}", self.change_client),
            ("/bookings", self.create_booking),
            ("/bookings/{row_id}/issue", self.issue),
            ("/bookings/{row_id}/return", self.take_back),
            ("/bookings/{row_id}/cancel", self.cancel),
            ("/bookings/{row_id}/dates", self.move_dates),
            ("/bookings/{row_id}/archive", self.archive),
            ("/bookings/{row_id}/destroy", self.destroy_booking),
            ("/bookings/{row_id}", self.change_booking),
            ("/payments", self.record_payment),
            ("/webhooks/raw", self.post_raw),
            ("/webhooks/resend", self.post_again),
        ):
            add_on_demand(router, path, act, methods=["POST", "PATCH"] if path.endswith("{row_id}") else ["POST"])
        return router

    async def create_car(self, told: Create) -> Row:
        return await self._tell(self._office.create_car(branch_of(told.branch), told.fields), told)

    async def change_car(self, row_id: int, told: Fields) -> Row:
        known(self._world.cars.rows, row_id)
        return await self._tell(self._office.change_car(row_id, told.fields, told.user_id), told)

    async def move_car(self, row_id: int, told: Move) -> Row:
        known(self._world.cars.rows, row_id)
        target = told.to_branch if isinstance(told.to_branch, int) else branch_of(told.to_branch).company_id
        return await self._tell(self._office.move_car(row_id, target, told.user_id), told)

    async def destroy_car(self, row_id: int, told: Act) -> Row:
        known(self._world.cars.rows, row_id)
        return await self._tell(self._office.destroy_car(row_id), told)

    async def create_client(self, told: Create) -> Row:
        return await self._tell(self._office.create_client(branch_of(told.branch), told.fields), told)

    async def change_client(self, row_id: int, told: Fields) -> Row:
        known(self._world.clients.rows, row_id)
        return await self._tell(self._office.change_client(row_id, told.fields), told)

    async def destroy_client(self, row_id: int, told: Act) -> Row:
        known(self._world.clients.rows, row_id)
        return await self._tell(self._office.destroy_client(row_id), told)

    async def create_booking(self, told: CreateBooking) -> Row:
        known(self._world.cars.rows, told.car_id)
        if told.client_id is not None:
            known(self._world.clients.rows, told.client_id)
        try:
            changes = self._office.create_booking(branch_of(told.branch), told.car_id, told.client_id, told.fields)
        except (KeyError, ValueError) as error:
            raise HTTPException(422, f"start_date and end_date as 21-11-2025 9:00: {error}") from None
        return await self._tell(changes, told)

    async def change_booking(self, row_id: int, told: Fields) -> Row:
        known(self._world.bookings.rows, row_id)
        return await self._tell(self._office.change_booking(row_id, told.fields, told.user_id), told)

    async def issue(self, row_id: int, told: HandOver) -> Row:
        known(self._world.bookings.rows, row_id)
        return await self._tell(self._office.issue(row_id, told.mileage, told.user_id), told)

    async def take_back(self, row_id: int, told: HandOver) -> Row:
        known(self._world.bookings.rows, row_id)
        return await self._tell(self._office.take_back(row_id, told.mileage, told.user_id), told)

    async def cancel(self, row_id: int, told: Act) -> Row:
        known(self._world.bookings.rows, row_id)
        return await self._tell(self._office.cancel(row_id, told.user_id), told)

    async def move_dates(self, row_id: int, told: Dates) -> Row:
        known(self._world.bookings.rows, row_id)
        fields = told.model_dump(include={"start_date", "end_date"}, exclude_none=True)
        return await self._tell(self._office.change_booking(row_id, fields, told.user_id), told)

    async def archive(self, row_id: int, told: Act) -> Row:
        known(self._world.bookings.rows, row_id)
        return await self._tell(self._office.archive(row_id, told.user_id), told)

    async def destroy_booking(self, row_id: int, told: Act) -> Row:
        known(self._world.bookings.rows, row_id)
        return await self._tell(self._office.destroy_booking(row_id), told)

    async def record_payment(self, told: Payment) -> Row:
        return self._office.record_payment(branch_of(told.branch), told.sum, dict(told.fields))

    async def post_raw(self, told: Raw) -> dict[str, Any]:
        body = b64decode(told.body) if told.is_base64 else told.body
        return (await self._courier.post(branch_of(told.branch), told.event, body)).as_json()

    async def post_again(self, told: Again) -> dict[str, Any]:
        if told.delivery > len(self._courier.deliveries):
            raise HTTPException(404, f"there were {len(self._courier.deliveries)} deliveries")
        return (await self._courier.post_again(told.delivery)).as_json()

    async def _tell(self, changes: list[Change], told: Act) -> Row:
        """Post now and say what came back, or answer at once and post after ``delay_s``."""
        letters = [*self._letters(changes, told)] if told.webhook else []
        deliveries: list[Delivery] = []
        if told.delay_s:
            self._courier.post_later(letters, told.delay_s)
        else:
            deliveries = [await self._courier.post(*letter) for letter in letters]
        return {
            "id": next((change.content["id"] for change in changes), None),
            "events": [change.event for change in changes],
            "deliveries": [delivery.as_json() for delivery in deliveries],
        }

    def _letters(self, changes: list[Change], told: Act) -> Iterable[Letter]:
        for change in changes:
            branch = branch_of(told.via_branch) if told.via_branch else change.branch
            letter = (branch, change.event, body_of(change, told.wording(self._world.dice)))
            yield from (letter, letter) if told.twice else (letter,)


def branch_of(code: str) -> Branch:
    if code not in BY_CODE:
        raise HTTPException(404, f"no branch {code!r}")
    return BY_CODE[code]


def known(rows: dict[int, Row], row_id: int) -> None:
    if row_id not in rows:
        raise HTTPException(404, f"no row {row_id}")
