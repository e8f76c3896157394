"""The one visible table from RentProg's field names to our columns; listings and webhook diffs are both read by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.events import Entity
from integrations.rentprog import values
from integrations.rentprog.dates import iso_date, iso_datetime, local_datetime
from integrations.rentprog.values import BadValueError

RecordKind = Literal["car", "client", "booking", "staff", "payment", "price", "operation"]
"""Kinds of RentProg objects. Each is numbered on its own: an id means nothing without its kind."""


@dataclass(frozen=True, slots=True)
class Field:
    """``wire`` is RentProg's name, ``column`` ours, ``read`` turns the wire value into the typed one."""

    wire: str
    column: str
    read: Callable[[object], object]


class BadFieldError(BadValueError):
    """A `BadValueError` that also knows the wire name of its field."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(reason)
        self.field = field


CAR = (
    Field("id", "rentprog_id", values.required_identity),
    Field("company_id", "company_id", values.identity),
    Field("number", "plate", values.text),
    Field("car_name", "model", values.text),
    Field("code", "code", values.text),
    Field("vin", "vin", values.text),
    Field("year", "year", values.integer),
    Field("color", "color", values.text),
    Field("car_class", "car_class", values.text),
    Field("transmission", "transmission", values.text),
    Field("fuel", "fuel", values.text),
    Field("tank_value", "tank_liters", values.integer),
    Field("state", "state", values.integer),
    Field("active", "active", values.flag),
    Field("clean_state", "clean", values.optional_flag),
    Field("tank_state", "tank_full", values.optional_flag),
    Field("tire_type", "tire_type", values.integer),
    Field("mileage", "mileage", values.integer),
    Field("last_inspection", "last_inspection", iso_date),
    Field("deposit", "deposit", values.money),
    Field("updated_at", "source_updated_at", iso_datetime),
    Field("created_at", "source_created_at", iso_datetime),
)

CLIENT = (
    Field("id", "rentprog_id", values.required_identity),
    Field("name", "first_name", values.text),
    Field("lastname", "last_name", values.text),
    Field("middlename", "middle_name", values.text),
    Field("phone", "phone", values.text),
    Field("email", "email", values.text),
    Field("category", "category", values.text),
    Field("debtor", "debtor", values.optional_flag),
    Field("company_id", "company_id", values.identity),
    Field("updated_at", "source_updated_at", iso_datetime),
    Field("created_at", "source_created_at", iso_datetime),
)

BOOKING = (
    Field("id", "rentprog_id", values.required_identity),
    Field("number", "number", values.integer),
    Field("company_id", "company_id", values.identity),
    Field("car_id", "car_rentprog_id", values.identity),
    Field("client_id", "client_rentprog_id", values.identity),
    Field("responsible", "responsible", values.text),
    Field("responsible_id", "responsible_rentprog_id", values.identity),
    # start_date_formatted and end_date_formatted are four hours too late and are never read (failure F5).
    Field("start_date", "start_at", local_datetime),
    Field("end_date", "end_at", local_datetime),
    Field("state", "state_raw", values.text),
    Field("active", "active", values.flag),
    Field("in_rent", "in_rent", values.flag),
    Field("archive", "archive", values.flag),
    Field("technical", "technical", values.flag),
    Field("repair", "repair", values.flag),
    Field("start_worker_id", "start_worker_id", values.identity),
    Field("end_worker_id", "end_worker_id", values.identity),
    Field("location_start", "location_start", values.text),
    Field("location_end", "location_end", values.text),
    Field("start_mileage", "start_mileage", values.integer),
    Field("end_mileage", "end_mileage", values.integer),
    Field("gas_start", "gas_start", values.text),
    Field("gas_end", "gas_end", values.text),
    Field("days", "days", values.integer),
    Field("price", "price", values.money),
    Field("rental_cost", "rental_cost", values.money),
    Field("delivery", "delivery", values.money),
    Field("delivery_end", "delivery_end", values.money),
    Field("total", "total", values.money),
    Field("deposit", "deposit", values.money),
    Field("custom_field_1", "insurance_tier", values.text),
    Field("custom_field_2", "extras", values.text),
    Field("custom_field_3", "services", values.text),
    Field("description", "description", values.text),
    Field("first_name", "first_name", values.text),
    Field("last_name", "last_name", values.text),
    Field("middle_name", "middle_name", values.text),
    Field("updated_at", "source_updated_at", iso_datetime),
    Field("created_at", "source_created_at", iso_datetime),
)

STAFF = (
    Field("id", "rentprog_id", values.required_identity),
    Field("name", "name", values.text),
    Field("first_name", "first_name", values.text),
    Field("last_name", "last_name", values.text),
    Field("email", "email", values.text),
    Field("phone", "phone", values.text),
    Field("role", "role", values.text),
    Field("active", "active", values.flag),
    Field("last_activity", "last_activity_at", iso_datetime),
    Field("last_login", "last_login_at", iso_datetime),
)

PAYMENT = (
    Field("id", "rentprog_id", values.required_identity),
    Field("company_id", "company_id", values.identity),
    Field("created_at", "paid_at", iso_datetime),
    Field("group", "group", values.text),
    Field("subgroup", "subgroup", values.text),
    Field("description", "description", values.text),
    Field("sum", "amount", values.money),
    Field("currency_id", "currency", values.currency),
    Field("rate", "exchange_rate", values.number),
    Field("rated_sum", "rated_amount", values.money),
    Field("last_balance", "last_balance", values.money),
    Field("company_cashbox_id", "cashbox_id", values.identity),
    Field("user_id", "cashier_rentprog_id", values.identity),
    Field("booking_id", "booking_rentprog_id", values.identity),
    Field("car_id", "car_rentprog_id", values.identity),
    Field("client_id", "client_rentprog_id", values.identity),
    Field("completed", "completed", values.optional_flag),
)

PRICE = (
    Field("id", "rentprog_id", values.required_identity),
    Field("car_id", "car_rentprog_id", values.identity),
    Field("season_id", "season_rentprog_id", values.identity),
    Field("updated_at", "source_updated_at", iso_datetime),
)

OPERATION = (
    Field("id", "rentprog_id", values.required_identity),
    Field("description", "description", values.text),
    Field("created_at", "occurred_at", iso_datetime),
)

TABLES: Mapping[Entity, tuple[Field, ...]] = {"car": CAR, "client": CLIENT, "booking": BOOKING}
"""The entities that webhooks tell about."""


def read_columns(table: tuple[Field, ...], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are present on the wire. An absent key gives no column: absent and null differ (failure F2)."""
    columns: dict[str, Any] = {}
    field = table[0]
    try:
        for field in table:
            if field.wire in attributes:
                columns[field.column] = field.read(attributes[field.wire])
    except BadValueError as error:
        raise BadFieldError(error.reason, field.wire) from error
    return columns
