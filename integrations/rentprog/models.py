"""Typed records of RentProg's objects: exact values inside, every quirk of the wire handled at this border."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from integrations.rentprog import fields
from integrations.rentprog.fields import read_columns
from integrations.rentprog.states import DEFAULT_STATES, BookingState, StateTexts, state_of
from integrations.rentprog.storable import storable_tree
from integrations.rentprog.values import BadValueError, digits


class Record(BaseModel):
    """One object of RentProg.

    Only the columns that stood on the wire are set: `columns` and `canonical` leave out the absent ones, so that a
    partial answer never clears a stored value (failure F2). ``raw`` is the wire object, unknown keys included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: ClassVar[tuple[fields.Field, ...]] = ()

    rentprog_id: int
    raw: SkipValidation[Mapping[str, Any]] = Field(repr=False)

    @classmethod
    def from_wire(cls, attributes: Mapping[str, Any], *, states: StateTexts = DEFAULT_STATES) -> Self:
        """Raises `BadValueError` with the reason (and the field, where one is to blame)."""
        columns = read_columns(cls.table, attributes)
        if "rentprog_id" not in columns:
            raise BadValueError("no_id")
        columns.update(cls.derive(columns, attributes, states))
        return cls(raw=attributes, **columns)

    @classmethod
    def derive(cls, columns: Mapping[str, Any], attributes: Mapping[str, Any], states: StateTexts) -> Mapping[str, Any]:
        """Columns that are computed from others."""
        del columns, attributes, states
        return {}

    def columns(self) -> dict[str, Any]:
        """Typed values of the columns that were present, in the order of the model."""
        present = self.model_fields_set
        return {name: value for name, value in self.__dict__.items() if name in present and name != "raw"}

    def canonical(self) -> dict[str, Any]:
        """`columns` in JSON-able form: decimals and times as text."""
        return {name: canonical_value(value) for name, value in self.columns().items()}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical form: equal means nothing that we keep has changed."""
        return hashlib.sha256(_CANONICAL.encode(self.canonical()).encode()).hexdigest()

    def raw_json(self) -> dict[str, Any]:
        """``raw`` in a form that jsonb takes (see storable.py)."""
        return storable_tree(dict(self.raw))


class CarRecord(Record):
    table: ClassVar = fields.CAR

    company_id: int | None = None
    plate: str | None = None
    model: str | None = None
    code: str | None = None
    vin: str | None = None
    year: int | None = None
    color: str | None = None
    car_class: str | None = None
    transmission: str | None = None
    fuel: str | None = None
    tank_liters: int | None = None
    state: int | None = None
    active: bool | None = None
    clean: bool | None = None
    tank_full: bool | None = None
    tire_type: int | None = None
    mileage: int | None = None
    last_inspection: date | None = None
    deposit: Decimal | None = None
    source_updated_at: datetime | None = None
    source_created_at: datetime | None = None


class ClientRecord(Record):
    table: ClassVar = fields.CLIENT

    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    phone: str | None = None
    phone_normalised: str | None = None
    email: str | None = None
    category: str | None = None
    debtor: bool | None = None
    company_id: int | None = None
    source_updated_at: datetime | None = None
    source_created_at: datetime | None = None

    @classmethod
    def derive(cls, columns: Mapping[str, Any], attributes: Mapping[str, Any], states: StateTexts) -> Mapping[str, Any]:
        del attributes, states
        return {"phone_normalised": digits(columns["phone"])} if "phone" in columns else {}


class BookingRecord(Record):
    """``company_id`` is normally absent: the branch is the one of the client object that read it."""

    table: ClassVar = fields.BOOKING

    number: int | None = None
    company_id: int | None = None
    car_rentprog_id: int | None = None
    client_rentprog_id: int | None = None
    responsible: str | None = None
    responsible_rentprog_id: int | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    state_raw: str | None = None
    state: BookingState = BookingState.UNKNOWN
    active: bool | None = None
    in_rent: bool | None = None
    archive: bool | None = None
    technical: bool | None = None
    repair: bool | None = None
    start_worker_id: int | None = None
    end_worker_id: int | None = None
    location_start: str | None = None
    location_end: str | None = None
    start_mileage: int | None = None
    end_mileage: int | None = None
    gas_start: str | None = None
    gas_end: str | None = None
    days: int | None = None
    price: Decimal | None = None
    rental_cost: Decimal | None = None
    delivery: Decimal | None = None
    delivery_end: Decimal | None = None
    total: Decimal | None = None
    deposit: Decimal | None = None
    insurance_tier: str | None = None
    extras: str | None = None
    services: str | None = None
    description: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    source_updated_at: datetime | None = None
    source_created_at: datetime | None = None

    @classmethod
    def derive(cls, columns: Mapping[str, Any], attributes: Mapping[str, Any], states: StateTexts) -> Mapping[str, Any]:
        del attributes
        return {"state": state_of(columns["state_raw"], states)} if "state_raw" in columns else {}


def canonical_value(value: object) -> Any:
    """The JSON-able form of one typed value."""
    if value.__class__ in _PLAIN:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): canonical_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [canonical_value(item) for item in value]
    return str(value)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_PLAIN = frozenset({str, int, bool, type(None)})
