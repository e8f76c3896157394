"""The control API of the twin beside the acts: its state, faults, limits, tokens, journal and deliveries."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from sandbox.company.branches import BRANCHES, BY_COMPANY_ID
from sandbox.company.table import Row
from sandbox.faults import ANY
from sandbox.on_demand import add_on_demand
from sandbox.rentprog.acts import branch_of
from sandbox.rentprog.desk import SYSTEM, Desk
from sandbox.rentprog.faults import DocumentFault
from sandbox.rentprog.limits import Kind, vendor_limits
from sandbox.rentprog.tokens import Plane
from sandbox.rentprog.webhooks import Courier

_CAR = ("id", "car_name", "code", "number", "state", "active", "mileage", "clean_state")
_CLIENT = ("id", "name", "lastname", "phone", "email", "category")
_BOOKING = (
    "id", "number", "car_id", "client_id", "start_date", "end_date", "state", "active", "in_rent", "archive",
    "technical", "start_worker_id", "end_worker_id", "responsible_id", "updated_at",
)  # fmt: skip


class FaultOrder(BaseModel):
    """``operation`` is ``public.cars``, ``internal.users`` and so on, or ``*``; ``branch`` narrows it to one.

    ``status`` with ``body`` answers in place of the truth (200 with HTML is an expired session); ``half`` cuts the true
    JSON in the middle; ``drop`` breaks the connection in the middle of the answer; ``latency_s`` holds it back.
    """

    model_config = ConfigDict(extra="forbid")

    operation: str = ANY
    branch: str | None = None
    times: int = Field(default=1, ge=1)
    status: int | None = None
    body: Any = None
    retry_after: int | None = None
    latency_s: float = Field(default=0.0, ge=0)
    drop: bool = False
    half: bool = False


class LimitOrder(BaseModel):
    """Calls a minute by kind; what is not named keeps the vendor's number."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = True
    per_minute: dict[Kind, int] = Field(default_factory=dict)


class TokenOrder(BaseModel):
    """End the tokens of one branch or of all; ``after_calls`` more are served first."""

    model_config = ConfigDict(extra="forbid")

    branch: str | None = None
    plane: Plane = Plane.PUBLIC
    after_calls: int = Field(default=0, ge=0)


class Target(BaseModel):
    """Jarvis' address, to which ``/hooks/rentprog/{branch}/{secret}`` is added; null takes it away."""

    model_config = ConfigDict(extra="forbid")

    url: str | None


class Control:
    def __init__(self, desk: Desk, courier: Courier) -> None:
        self._desk = desk
        self._courier = courier

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/_sandbox/rentprog", tags=["rentprog"])
        for method, path, endpoint in (
            ("GET", "/state", self.state),
            ("GET", "/credentials", self.credentials),
            ("GET", "/journal", self.journal),
            ("GET", "/stats", self.stats),
            ("GET", "/webhooks", self.webhooks),
            ("POST", "/webhooks/target", self.aim),
            ("POST", "/faults", self.order_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("POST", "/limits", self.set_limits),
            ("POST", "/tokens/expire", self.expire_tokens),
        ):
            add_on_demand(router, path, endpoint, methods=[method])
        return router

    async def state(self) -> Row:
        world = self._desk.world
        return {
            "branches": [{"code": b.code, "company_id": b.company_id, "title": b.title} for b in world.branches],
            "cars": [_compact(row, _CAR) for row in world.cars.rows.values()],
            "clients": [_compact(row, _CLIENT) for row in world.clients.rows.values()],
            "bookings": [_compact(row, _BOOKING) for row in world.bookings.rows.values()],
        }

    async def credentials(self) -> list[Row]:
        """What the configuration of Jarvis needs; everything here is invented."""
        return [
            {
                "code": branch.code,
                "company_id": branch.company_id,
                "company_token": branch.company_token,
                "web_token": self._desk.tokens.web_token(branch),
                "hook_secret": branch.hook_secret,
            }
            for branch in self._desk.world.branches
        ]

    async def journal(self, since: int = 0) -> Row:
        return {"calls": [entry.as_json() for entry in self._desk.journal.since(since, SYSTEM)]}

    async def stats(self) -> Row:
        """``busy_s`` is the time inside the twin, without ordered latency: a bench may subtract it."""
        answered = [delivery for delivery in self._courier.deliveries if delivery.status is not None]
        return {
            "calls": self._desk.calls.total(),
            "by_operation": dict(self._desk.calls),
            "busy_s": self._desk.busy_s,
            "tokens_issued": self._desk.tokens.issued,
            "webhooks": {"sent": len(self._courier.deliveries), "answered": len(answered)},
        }

    async def webhooks(self, since: int = 0) -> Row:
        return {
            "deliveries": [delivery.as_json() for delivery in self._courier.deliveries[since:]],
            "is_posting": self._courier.is_posting,
        }

    async def aim(self, told: Target) -> Row:
        self._courier.target = told.url
        return {"url": told.url}

    async def order_fault(self, told: FaultOrder) -> Response:
        self._desk.faults.add(
            DocumentFault(
                system=SYSTEM,
                operation=told.operation,
                destination=told.branch and branch_of(told.branch).code,
                times=told.times,
                error_code=told.status,
                body=told.body,
                retry_after=told.retry_after,
                latency_s=told.latency_s,
                drop=told.drop,
                half=told.half,
            )
        )
        return Response(status_code=204)

    async def clear_faults(self) -> Response:
        self._desk.faults.clear(SYSTEM)
        return Response(status_code=204)

    async def set_limits(self, told: LimitOrder) -> Row:
        limits = self._desk.limits
        limits.enabled = told.enabled
        limits.per_minute = vendor_limits() | told.per_minute
        limits.forget()
        return {"enabled": limits.enabled, "per_minute": limits.per_minute}

    async def expire_tokens(self, told: TokenOrder) -> Response:
        for branch in BRANCHES if told.branch is None else (branch_of(told.branch),):
            self._desk.tokens.expire(told.plane, branch, told.after_calls)
        return Response(status_code=204)


def _compact(row: Row, fields: tuple[str, ...]) -> Row:
    branch = BY_COMPANY_ID.get(row["company_id"])
    return {name: row[name] for name in fields} | {"branch": branch and branch.code}
