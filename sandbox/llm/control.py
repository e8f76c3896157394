"""The control API of the scripted model: its script, faults, models, journal and totals."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from sandbox.faults import ANY
from sandbox.llm.asked import Json
from sandbox.llm.desk import SYSTEM, Desk
from sandbox.llm.faults import ModelFault, Spoil
from sandbox.llm.script import Rule, Script
from sandbox.llm.transcripts import Listener, TranscriptRule
from sandbox.on_demand import add_on_demand


class SceneScript(Script):
    """A script with what the model hears in voice messages."""

    transcripts: list[TranscriptRule] = Field(default_factory=list)


class AddedRule(BaseModel):
    """A rule put before all others."""

    model_config = ConfigDict(extra="forbid")

    rule: Rule


class FaultOrder(BaseModel):
    """``operation`` is ``openai.chat``, ``.responses`` or ``.transcriptions``, ``anthropic.messages``, or ``*``.

    ``status`` with ``retry_after`` refuses in the provider's own envelope, or with ``body`` in its place; ``latency_s``
    stalls; ``drop`` breaks the connection in the middle of the answer; ``spoil`` changes what the model says.
    """

    model_config = ConfigDict(extra="forbid")

    operation: str = ANY
    model: str | None = None
    times: int = Field(default=1, ge=1)
    status: int | None = Field(default=None, ge=400, le=599)
    message: str = ""
    body: Any = None
    retry_after: int | None = None
    latency_s: float = Field(default=0.0, ge=0)
    drop: bool = False
    spoil: Spoil | None = None


class ModelsOrder(BaseModel):
    """All models that exist from now on."""

    model_config = ConfigDict(extra="forbid")

    models: list[str] = Field(min_length=1)


class Control:
    def __init__(self, desk: Desk, listener: Listener, keys: dict[str, str]) -> None:
        self._desk = desk
        self._listener = listener
        self._keys = keys

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/_sandbox/llm", tags=["llm"])
        for method, path, endpoint in (
            ("GET", "/credentials", self.credentials),
            ("GET", "/script", self.script),
            ("PUT", "/script", self.follow),
            ("POST", "/rules", self.add_rule),
            ("GET", "/journal", self.journal),
            ("GET", "/usage", self.usage),
            ("DELETE", "/usage", self.forget_usage),
            ("POST", "/faults", self.order_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("PUT", "/models", self.set_models),
        ):
            add_on_demand(router, path, endpoint, methods=[method])
        return router

    async def credentials(self) -> dict[str, str]:
        """What the configuration of Jarvis needs; invented."""
        return self._keys

    async def script(self) -> Json:
        """The script with how often each rule has spoken."""
        prompter = self._desk.prompter
        told = prompter.script.model_dump(mode="json", include=set(Script.model_fields))
        return told | {
            "spoken": prompter.spoken,
            "transcripts": [rule.model_dump(mode="json") for rule in self._listener.rules],
        }

    async def follow(self, told: SceneScript) -> Response:
        """A new scene begins; what the rules of the last one counted is forgotten."""
        self._desk.prompter.follow(told)
        self._listener.follow(told.transcripts)
        return Response(status_code=204)

    async def add_rule(self, told: AddedRule) -> Response:
        self._desk.prompter.put_first(told.rule)
        return Response(status_code=204)

    async def journal(self, since: int = 0) -> Json:
        return {"calls": [entry.as_json() for entry in self._desk.journal.since(since, SYSTEM)]}

    async def usage(self) -> Json:
        """Requests and tokens, by model and in all."""
        by_model = self._desk.totals.by_model
        names = ("requests", "input_tokens", "output_tokens")
        return {"total": {name: sum(row[name] for row in by_model.values()) for name in names}, "by_model": by_model}

    async def forget_usage(self) -> Response:
        self._desk.totals.by_model.clear()
        return Response(status_code=204)

    async def order_fault(self, told: FaultOrder) -> Response:
        self._desk.faults.add(
            ModelFault(
                system=SYSTEM,
                operation=told.operation,
                destination=told.model,
                times=told.times,
                error_code=told.status,
                description=told.message,
                body=told.body,
                retry_after=told.retry_after,
                latency_s=told.latency_s,
                drop=told.drop,
                spoil=told.spoil,
            )
        )
        return Response(status_code=204)

    async def clear_faults(self) -> Response:
        self._desk.faults.clear(SYSTEM)
        return Response(status_code=204)

    async def set_models(self, told: ModelsOrder) -> Response:
        self._desk.models.clear()
        self._desk.models.update(told.models)
        return Response(status_code=204)
