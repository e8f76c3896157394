"""The control API of the twin beside the acts: its state, what clients saw, faults, behaviour, clock, deliveries."""

from typing import Any

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

from sandbox.clock import VirtualClock
from sandbox.faults import ANY, Fault
from sandbox.on_demand import add_on_demand
from sandbox.umnico.account import ACCOUNT_ID, CHANNELS, MANAGERS, TOKEN
from sandbox.umnico.api import Api
from sandbox.umnico.desk import SYSTEM, Desk
from sandbox.umnico.inbox import Lead
from sandbox.umnico.screens import fate_of_webhooks, screen_of
from sandbox.umnico.wire import Form


class FaultOrder(BaseModel):
    """``operation`` is a name of the table in api.py (``send``, ``history``), or ``file``; ``lead`` narrows it to one.

    ``effect`` performs the call first, so that only its answer is lost.
    """

    model_config = ConfigDict(extra="forbid")

    operation: str = ANY
    lead: int | None = None
    times: int = Field(default=1, ge=1)
    status: int | None = None
    body: Any = None
    retry_after: int | None = None
    latency_s: float = Field(default=0.0, ge=0)
    drop: bool = False
    effect: bool = False


class BehaviourOrder(BaseModel):
    """What is not named stays."""

    model_config = ConfigDict(extra="forbid")

    history_page: int | None = Field(default=None, ge=1)
    echoes: bool | None = None
    echo_iso: bool | None = None
    history_nameless: bool | None = None
    unreachable: list[str] | None = None
    hook_attempts: int | None = Field(default=None, ge=1)
    hook_pause_s: float | None = Field(default=None, ge=0)
    hook_off_after: int | None = Field(default=None, ge=1)


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(ge=0)


class Control:
    def __init__(self, api: Api, desk: Desk, clock: VirtualClock) -> None:
        self._api = api
        self._desk = desk
        self._clock = clock

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/_sandbox/umnico", tags=["umnico"])
        for method, path, endpoint in (
            ("GET", "/state", self.state),
            ("GET", "/clients", self.clients),
            ("GET", "/clients/{lead_id}", self.client),
            ("GET", "/credentials", self.credentials),
            ("GET", "/journal", self.journal),
            ("GET", "/webhooks", self.webhooks),
            ("POST", "/faults", self.order_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("POST", "/behaviour", self.behave),
            ("POST", "/links/expire", self.expire_links),
            ("POST", "/hooks/off", self.switch_hooks_off),
            ("POST", "/clock", self.advance),
        ):
            add_on_demand(router, path, endpoint, methods=[method])
        return router

    async def state(self) -> dict[str, Any]:
        return {
            "now": self._clock.now().isoformat(),
            "leads": [_compact(lead) for lead in self._api.inbox.leads.values()],
            "webhooks": [
                {"id": hook.id, "name": hook.name, "status": hook.status, "failures": hook.failures}
                for hook in self._api.courier.webhooks.values()
            ],
        }

    async def clients(self) -> list[dict[str, Any]]:
        """Each client's own screen: what they wrote and what reached them, in their order."""
        return [screen_of(lead) for lead in self._api.inbox.leads.values()]

    async def client(self, lead_id: int) -> dict[str, Any]:
        """One screen, with what the client cannot see: who was told of each message, and which answers failed."""
        lead = self._api.inbox.leads.get(lead_id)
        if lead is None:
            raise HTTPException(404, "no such lead")
        sends = (one for one in self._desk.journal.since(0, SYSTEM) if one.method == "send" and not one.ok)
        return screen_of(lead) | {
            "told": fate_of_webhooks(lead, self._api.courier),
            "failed_sends": [
                {"n": one.n, "at": one.at, "why": one.error} for one in sends if one.params.get("lead") == lead_id
            ],
        }

    async def credentials(self) -> dict[str, Any]:
        """What the configuration of Jarvis needs; everything here is invented."""
        return {
            "account_id": ACCOUNT_ID,
            "token": TOKEN,
            "operator_id": MANAGERS[1]["id"],
            "channels": [{"sa_id": one.sa_id, "channel": one.channel, "login": one.login} for one in CHANNELS],
        }

    async def journal(self, since: int = 0) -> list[dict[str, Any]]:
        return [entry.as_json() for entry in self._desk.journal.since(since, SYSTEM)]

    async def webhooks(self, since: int = 0) -> dict[str, Any]:
        told = [delivery.as_json() for delivery in self._api.courier.deliveries if delivery.n > since]
        return {"is_posting": self._api.courier.is_posting, "deliveries": told}

    async def order_fault(self, told: FaultOrder) -> Response:
        self._desk.faults.add(
            Fault(
                system=SYSTEM,
                operation=told.operation,
                destination=None if told.lead is None else str(told.lead),
                times=told.times,
                error_code=told.status,
                body=told.body,
                retry_after=told.retry_after,
                latency_s=told.latency_s,
                drop=told.drop,
                effect=told.effect,
            )
        )
        return Response(status_code=204)

    async def clear_faults(self) -> Response:
        self._desk.faults.clear(SYSTEM)
        return Response(status_code=204)

    async def behave(self, told: BehaviourOrder) -> Response:
        behaviour, schedule = self._api.behaviour, self._api.courier.schedule
        if told.unreachable is not None:
            behaviour.unreachable = frozenset(told.unreachable)
        if told.echo_iso is not None:
            behaviour.echo_form = Form(iso=told.echo_iso)
        if told.history_nameless is not None:
            behaviour.history_form = Form(nameless=told.history_nameless)
        for target, name, value in (
            (behaviour, "history_page", told.history_page),
            (behaviour, "echoes", told.echoes),
            (schedule, "attempts", told.hook_attempts),
            (schedule, "pause_s", told.hook_pause_s),
            (schedule, "off_after", told.hook_off_after),
        ):
            if value is not None:
                setattr(target, name, value)
        return Response(status_code=204)

    async def expire_links(self) -> dict[str, int]:
        return {"ended": self._api.files.end_links()}

    async def switch_hooks_off(self) -> dict[str, int]:
        """As after too many failures: nobody is told, and nothing that comes meanwhile is told later."""
        hooks = [hook for hook in self._api.courier.webhooks.values() if hook.status == 1]
        for hook in hooks:
            hook.status = 0
        return {"switched_off": len(hooks)}

    async def advance(self, told: Step) -> dict[str, str]:
        self._clock.advance(told.seconds)
        return {"now": self._clock.now().isoformat()}


def _compact(lead: Lead) -> dict[str, Any]:
    return {
        "lead_id": lead.id,
        "customer_id": lead.customer.id,
        "name": lead.customer.name,
        "login": lead.customer.login,
        "tags": lead.tags,
        "sources": [{"real_id": str(one.real_id), "channel": one.account.channel} for one in lead.sources],
        "messages": len(lead.messages),
    }
