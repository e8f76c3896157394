"""What the REST interface says. These shapes are a promise: they may grow, but no field is renamed or taken away."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class Queue(Answer):
    agent: str
    queued: int
    running: int
    waiting: int
    oldest_ready_s: float
    last_error: str | None


class CommandQueue(Answer):
    system: str
    pending: int
    oldest_ready_s: float
    last_error: str | None


class Pause(Answer):
    scope: str
    name: str
    reason: str
    since: datetime


class Parked(Answer):
    destination: str
    parked_at: datetime
    parked_reason: str | None


class Sync(Answer):
    """The last pass over a branch that ended; ``drift`` counts what webhooks had not told."""

    branch: str
    finished_at: datetime | None
    state: str | None
    read: int | None
    added: int | None
    updated: int | None
    unchanged: int | None
    quarantined: int | None
    drift: int
    open_since: datetime | None


class Heartbeat(Answer):
    role: str
    age_s: float
    processes: int


class Troubles(Answer):
    dead_runs: int
    dead_commands: int
    unknown_commands: int
    quarantined_records: int
    open_alarms: int


class Status(Answer):
    """``reasons`` make Jarvis not ready; ``notes`` tell what stands still because somebody said so."""

    is_ready: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    troubles: Troubles
    queues: list[Queue]
    commands: list[CommandQueue]
    pauses: list[Pause]
    parked: list[Parked]
    syncs: list[Sync]
    heartbeats: list[Heartbeat]


class Branch(Answer):
    code: str
    name: str
    timezone: str
    cars: int
    out: int
    ready: int
    forum_title: str | None
    topics: int


class Booking(Answer):
    """``state`` is one of our words, ``state_raw`` is RentProg's text."""

    id: UUID
    number: int | None
    branch: str
    start_at: datetime | None
    end_at: datetime | None
    state: str
    state_raw: str | None
    client: str | None
    responsible: str | None
    location_start: str | None
    location_end: str | None
    total: Decimal | None
    is_out: bool
    is_technical: bool


class Car(Answer):
    """``state`` is RentProg's number; ``now`` holds the car, ``next`` comes after it."""

    id: UUID
    rentprog_id: int
    branch: str
    plate: str | None
    model: str | None
    code: str | None
    vin: str | None
    year: int | None
    color: str | None
    car_class: str | None
    transmission: str | None
    fuel: str | None
    state: int | None
    active: bool | None
    clean: bool | None
    tank_full: bool | None
    mileage: int | None
    last_inspection: date | None
    deposit: Decimal | None
    updated_at: datetime
    topic_chat_id: int | None
    topic_thread_id: int | None
    now: Booking | None
    next: Booking | None


class EventLine(Answer):
    id: int
    kind: str
    subject: str
    source: str
    branch: str | None
    trust: str
    received_at: datetime
    caused_by: int | None
    runs: int
    open_runs: int
    dead_runs: int


class TraceStep(Answer):
    """An event, run or command of one trace. ``parent`` is the run that caused it, or a run's event."""

    what: Literal["event", "run", "command"]
    id: int
    parent: int | None
    depth: int
    name: str
    subject: str
    state: str | None
    attempt: int | None
    error: str | None
    details: Any
    at: datetime


class Dead(Answer):
    """``unknown``: nobody knows whether the command was done."""

    what: Literal["run", "command"]
    id: int
    name: str
    subject: str
    state: Literal["dead", "unknown"]
    attempt: int
    error: str | None
    at: datetime | None
    event_id: int | None


class Retried(Answer):
    is_retried: bool


class Person(Answer):
    id: UUID
    name: str
    role: str
    branch: str | None
    tg_user_id: int
    tg_username: str | None
    language: str
    approved_at: datetime
