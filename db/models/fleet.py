"""Cars, clients and bookings as RentProg tells them, patched by webhooks and kept whole by fetches."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from db.models.metadata import Created, EmptyObject, Model


class Mirrored:
    """Columns of every row that mirrors an outside object.

    ``fingerprint`` is the hash of the last whole object seen (None after a patch by webhook: the next fetch compares
    columns). ``updated_by`` tells the source of the last change: webhook, fetch or reconcile.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rentprog_id: Mapped[int] = mapped_column(unique=True)
    source_created_at: Mapped[datetime | None]
    source_updated_at: Mapped[datetime | None]
    fingerprint: Mapped[str | None]
    raw: Mapped[EmptyObject]
    updated_by: Mapped[str]
    updated_by_event: Mapped[int | None]
    updated_at: Mapped[Created]
    created_at: Mapped[Created]
    deleted_at: Mapped[datetime | None]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy hands over the class
        return {"eager_defaults": False}


class CarRow(Mirrored, Model):
    """A car. ``branch`` is where it is now by RentProg's company_id; plates are not unique over time."""

    __tablename__ = "cars"
    __table_args__ = (Index("ix_cars_branch", "branch"), Index("ix_cars_plate_normalised", "plate_normalised"))
    branch: Mapped[str] = mapped_column(ForeignKey("branches.code"))
    company_id: Mapped[int]
    plate: Mapped[str | None]
    plate_normalised: Mapped[str | None]
    model: Mapped[str | None]
    code: Mapped[str | None]
    vin: Mapped[str | None]
    year: Mapped[int | None]
    color: Mapped[str | None]
    car_class: Mapped[str | None]
    transmission: Mapped[str | None]
    fuel: Mapped[str | None]
    tank_liters: Mapped[Decimal | None]
    state: Mapped[int | None]
    active: Mapped[bool | None]
    clean: Mapped[bool | None]
    tank_full: Mapped[bool | None]
    tire_type: Mapped[int | None]
    mileage: Mapped[int | None]
    last_inspection: Mapped[date | None]
    deposit: Mapped[Decimal | None]


class ClientRow(Mirrored, Model):
    """A client; phones are not unique."""

    __tablename__ = "clients"
    __table_args__ = (Index("ix_clients_phone_normalised", "phone_normalised"),)
    company_id: Mapped[int | None]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    middle_name: Mapped[str | None]
    phone: Mapped[str | None]
    phone_normalised: Mapped[str | None]
    email: Mapped[str | None]
    category: Mapped[str | None]
    debtor: Mapped[bool | None]
    language: Mapped[str | None]


class BookingRow(Mirrored, Model):
    """A booking. Links to car and client may be empty; the outside numbers stay and repair them later.

    ``issued_event_at``, ``returned_event_at`` and ``cancelled_event_at`` make each of those events happen once.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index(
            "uq_bookings_branch_number",
            "branch",
            "number",
            unique=True,
            postgresql_where=text("number IS NOT NULL AND deleted_at IS NULL"),
        ),
        Index("ix_bookings_car_id_start_at", "car_id", "start_at"),
        Index("ix_bookings_branch_start_at", "branch", "start_at"),
        Index("ix_bookings_branch_end_at", "branch", "end_at"),
        Index("ix_bookings_unlinked_client", "client_rentprog_id", postgresql_where=text("client_id IS NULL")),
        Index("ix_bookings_unlinked_car", "car_rentprog_id", postgresql_where=text("car_id IS NULL")),
    )
    branch: Mapped[str] = mapped_column(ForeignKey("branches.code"))
    number: Mapped[int | None]
    car_id: Mapped[UUID | None] = mapped_column(ForeignKey("cars.id"))
    car_rentprog_id: Mapped[int | None]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"))
    client_rentprog_id: Mapped[int | None]
    client_name: Mapped[str | None]
    responsible: Mapped[str | None]
    responsible_rentprog_id: Mapped[int | None]
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    state_raw: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="unknown")
    active: Mapped[bool | None]
    in_rent: Mapped[bool | None]
    archive: Mapped[bool | None]
    technical: Mapped[bool | None]
    repair: Mapped[bool | None]
    start_worker_id: Mapped[int | None]
    end_worker_id: Mapped[int | None]
    location_start: Mapped[str | None]
    location_end: Mapped[str | None]
    start_mileage: Mapped[int | None]
    end_mileage: Mapped[int | None]
    gas_start: Mapped[str | None]
    gas_end: Mapped[str | None]
    days: Mapped[int | None]
    price: Mapped[Decimal | None]
    rental_cost: Mapped[Decimal | None]
    delivery: Mapped[Decimal | None]
    delivery_end: Mapped[Decimal | None]
    total: Mapped[Decimal | None]
    deposit: Mapped[Decimal | None]
    insurance_tier: Mapped[str | None]
    extras: Mapped[str | None]
    services: Mapped[str | None]
    description: Mapped[str | None]
    issued_event_at: Mapped[datetime | None]
    returned_event_at: Mapped[datetime | None]
    cancelled_event_at: Mapped[datetime | None]


class TombstoneRow(Model):
    """A destroy that came for something not stored: a create that arrives later must be fetched to be believed."""

    __tablename__ = "tombstones"
    entity: Mapped[str] = mapped_column(primary_key=True)
    rentprog_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Created]
