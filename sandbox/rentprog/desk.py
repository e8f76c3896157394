"""The front desk of the twin: credentials, limits, faults, journal and timing of every call, before its answer."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.company import World
from sandbox.company.branches import Branch
from sandbox.company.table import Row
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.rentprog.faults import reply, spoil
from sandbox.rentprog.limits import Kind, RateLimits
from sandbox.rentprog.tokens import Plane, Tokens

SYSTEM = "rentprog"
WEB_CLIENT = "https://web.rentprog.ru"


class Refused(Exception):  # noqa: N818 - an answer of the twin, not a failure of it
    """RentProg answers with this status instead of data."""

    def __init__(self, status: int, text: str, *, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted call: whose token it carries and what it asks."""

    branch: Branch
    query: Mapping[str, str]
    body: Row
    path_id: int | None

    def number(self, name: str, default: int) -> int:
        """A parameter of the query or the body; what is no number counts as absent, as in Ruby."""
        text = str(self.body.get(name, self.query.get(name, default)))
        return int(text) if text.isdigit() else default


Answer = Callable[[Call], str]
"""Makes the JSON text of an answer; raises Refused."""

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass
class Desk:
    world: World
    faults: FaultQueue
    journal: Journal
    tokens: Tokens
    limits: RateLimits
    calls: Counter[str] = field(default_factory=Counter)
    busy_s: float = 0.0

    def endpoint(self, plane: Plane, kind: Kind, name: str, answer: Answer) -> Endpoint:
        operation = f"{plane}.{name}"

        async def handle(request: Request) -> Response:
            body = await request.body()
            started = perf_counter()
            status, text, wait, branch = self._serve(plane, kind, request, body, answer)
            fault = self.faults.take(SYSTEM, operation, branch and branch.code)
            suffered = fault.error_code or ("drop" if fault.drop else "spoiled") if fault else None
            self._write_down(operation, request, suffered or status, branch, len(text))
            self.busy_s += perf_counter() - started
            if fault is None and wait is not None:
                return reply(status, text, {"Retry-After": str(wait)})
            return await spoil(fault, status, text)

        return handle

    def _serve(
        self, plane: Plane, kind: Kind, request: Request, body: bytes, answer: Answer
    ) -> tuple[int, str, int | None, Branch | None]:
        branch = None
        try:
            branch = self._branch(plane, kind, request)
            self._spend(branch, kind)
            return (
                200,
                answer(Call(branch, request.query_params, _read(body), request.path_params.get("id"))),
                None,
                branch,
            )
        except Refused as refusal:
            return refusal.status, json.dumps({"error": str(refusal)}, ensure_ascii=False), refusal.retry_after, branch

    def _branch(self, plane: Plane, kind: Kind, request: Request) -> Branch:
        """The branch is chosen by the credential alone; no parameter selects it."""
        if kind is Kind.TOKEN:
            asked = request.query_params.get("company_token", "")
            found = next((b for b in self.world.branches if b.company_token == asked), None)
        else:
            if plane is Plane.INTERNAL:
                _check_web_client(request.headers)
            found = self.tokens.branch_of(plane, request.headers.get("authorization", ""))
        if found is None:
            raise Refused(401, "Unauthorized")
        return found

    def _spend(self, branch: Branch, kind: Kind) -> None:
        wait = self.limits.wait_s(branch.company_id, kind)
        if wait is not None:
            raise Refused(429, "Too many requests", retry_after=wait)

    def _write_down(
        self, operation: str, request: Request, status: int | str, branch: Branch | None, size: int
    ) -> None:
        self.calls[operation] += 1
        params: dict[str, Any] = {name: text for name, text in request.query_params.items() if name != "company_token"}
        params |= {"branch": branch and branch.code, "path": request.url.path}
        if status == 200:
            self.journal.record(SYSTEM, operation, params, result={"status": status, "characters": size})
        else:
            self.journal.record(SYSTEM, operation, params, error=str(status))


def _check_web_client(headers: Mapping[str, str]) -> None:
    """The internal plane serves only what looks like RentProg's own web client."""
    is_web_client = (
        headers.get("origin") == WEB_CLIENT
        and headers.get("referer", "").startswith(WEB_CLIENT)
        and "application/json" in headers.get("accept", "")
        and headers.get("user-agent", "").startswith("Mozilla/")
    )
    if not is_web_client:
        raise Refused(403, "Forbidden")


def _read(body: bytes) -> Row:
    if not body:
        return {}
    try:
        told = json.loads(body)
    except ValueError:
        raise Refused(400, "Bad request") from None
    if not isinstance(told, dict):
        raise Refused(400, "Bad request")
    return told
