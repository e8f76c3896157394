"""The front desk of the model: key, check, model, fault, script, journal and totals of every call, in that order."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sandbox.faults import Fault, FaultQueue, suffer_latency
from sandbox.journal import Journal
from sandbox.llm.answers import Reply, Usage, reply_to
from sandbox.llm.asked import Asked, Json
from sandbox.llm.faults import ModelFault, spoiled
from sandbox.llm.refusals import Refused
from sandbox.llm.script import Prompter
from sandbox.llm.sse import Event
from sandbox.rentprog.faults import CutResponse

SYSTEM = "llm"
# What stands in the journal of one text at most; images and files in base64 are longer.
_KEPT_CHARACTERS = 50_000
# About the largest context of the models that are sold today.
_CONTEXT_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one provider's door speaks; ``admit`` raises Refused where key or headers are wrong."""

    operation: str
    admit: Callable[[Mapping[str, str]], None]
    read: Callable[[Json], Asked]
    write: Callable[[Asked, Reply], Json]
    stream: Callable[[Asked, Reply], Iterator[Event]]
    envelope: Callable[[Refused], Json]
    unknown_model: Callable[[str], Refused]


@dataclass
class Totals:
    """Requests and tokens by model since the start or the last reset."""

    by_model: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, model: str, usage: Usage) -> None:
        row = self.by_model.setdefault(model, {"requests": 0, "input_tokens": 0, "output_tokens": 0})
        row["requests"] += 1
        row["input_tokens"] += usage.input_tokens
        row["output_tokens"] += usage.output_tokens


@dataclass
class Desk:
    faults: FaultQueue
    journal: Journal
    prompter: Prompter
    models: set[str]
    totals: Totals = field(default_factory=Totals)

    def endpoint(self, dialect: Dialect) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            note: Json = {}
            try:
                dialect.admit(request.headers)
                body = parse(await request.body())
                note |= {"model": body.get("model"), "body": _short(body)}
                asked = dialect.read(body)
                if asked.model not in self.models:
                    raise dialect.unknown_model(asked.model)
                check_context(asked)
                return await self._answer(dialect, asked, note)
            except Refused as refusal:
                return self.refuse(dialect.operation, dialect.envelope, refusal, note)

        return handle

    async def _answer(self, dialect: Dialect, asked: Asked, note: Json) -> Response:
        fault = self.faults.take(SYSTEM, dialect.operation, asked.model)
        await suffer_latency(fault)
        raise_ordered(fault)
        note["rule"], answer = self.prompter.answer(asked)
        reply = spoiled(asked, reply_to(asked, answer), fault)
        note["fault"] = name_of(fault)
        pace = self.prompter.script.delay_s if answer.delay_s is None else answer.delay_s
        await suffer_latency(Fault(SYSTEM, latency_s=pace))
        self.totals.add(asked.model, reply.usage)
        said = {
            "text": reply.text,
            "tool_calls": [{"name": call.name, "arguments": call.arguments} for call in reply.calls],
            "stop": reply.stop,
            "usage": reply.usage.model_dump(),
        }
        self.journal.record(SYSTEM, dialect.operation, note, result=said)
        return _respond(dialect, asked, reply, is_dropped=fault is not None and fault.drop)

    def refuse(self, operation: str, envelope: Callable[[Refused], Json], refusal: Refused, note: Json) -> Response:
        """The provider's own error document; an ordered body of the fault takes its place."""
        self.journal.record(SYSTEM, operation, note, error=f"{refusal.status} {refusal}")
        ordered = refusal.fault if isinstance(refusal, Ordered) else None
        body = envelope(refusal) if ordered is None or ordered.body is None else ordered.body
        wait = {"Retry-After": str(ordered.retry_after)} if ordered and ordered.retry_after is not None else {}
        text = body if isinstance(body, str) else json.dumps(body)
        return Response(text, refusal.status, wait, media_type="application/json")


class Ordered(Refused):
    """A refusal that a test ordered."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.description or "The scripted model was told to fail.", status=fault.error_code or 500)
        self.fault = fault


def raise_ordered(fault: Fault | None) -> None:
    if fault is not None and fault.error_code is not None:
        raise Ordered(fault)


def name_of(fault: Fault | None) -> str | None:
    if fault is None:
        return None
    if isinstance(fault, ModelFault) and fault.spoil is not None:
        return fault.spoil
    return "drop" if fault.drop else "stall"


def parse(body: bytes) -> Json:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("We could not parse the JSON body of your request.") from None
    if not isinstance(told, dict):
        raise Refused("The body of the request must be a JSON object.")
    return told


def check_context(asked: Asked) -> None:
    if asked.characters() > _CONTEXT_CHARACTERS:
        text = "prompt is too long: this request exceeds the model's maximum context length."
        raise Refused(text, code="context_length_exceeded")


def _respond(dialect: Dialect, asked: Asked, reply: Reply, *, is_dropped: bool) -> Response:
    if asked.is_streaming:
        events = [event.as_bytes() for event in dialect.stream(asked, reply)]
        if is_dropped:
            return CutResponse(b"".join(events), media_type="text/event-stream")
        return StreamingResponse(_each(events), media_type="text/event-stream")
    text = json.dumps(dialect.write(asked, reply), ensure_ascii=False)
    return (CutResponse if is_dropped else Response)(text, media_type="application/json")


async def _each(events: list[bytes]) -> AsyncIterator[bytes]:
    for event in events:
        yield event


def _short(told: Any) -> Any:
    match told:
        case str() if len(told) > _KEPT_CHARACTERS:
            return f"{told[:100]}… ({len(told)} characters)"
        case list():
            return [_short(item) for item in told]
        case dict():
            return {name: _short(item) for name, item in told.items()}
        case _:
            return told
