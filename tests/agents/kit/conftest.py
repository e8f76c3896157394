"""What the tests of the kit share: two scripted providers, a clock that stands still, an open ledger and switches."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from agents.kit.models import build_models
from agents.kit.question import Limits, Question
from agents.kit.thinker import ModelThinker
from core.clock import FixedClock
from core.settings.llm import LlmBudget, LlmModel, LlmPrice, LlmProvider, LlmSettings
from tests.agents.kit.memory_ledger import MemoryLedger
from tests.agents.kit.scripted_server import ScriptedServer, scripted_server

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PRICE = LlmPrice(input=Decimal(1), output=Decimal(10))
"""So the 1000 tokens in and 100 out of one scripted response cost 0.002 dollars."""


class Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    city: str
    degrees: int


@dataclass
class Panel:
    """Switches by hand."""

    off: set[tuple[str, str]] = field(default_factory=set)

    async def is_off(self, scope: str, name: str) -> bool:
        return (scope, name) in self.off


@dataclass
class Bench:
    """A thinker with all that it stands on."""

    thinker: ModelThinker
    openai: ScriptedServer
    anthropic: ScriptedServer
    clock: FixedClock
    ledger: MemoryLedger
    panel: Panel


@pytest.fixture
def openai() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def anthropic() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


def settings_for(openai: ScriptedServer, anthropic: ScriptedServer, **changed: Any) -> LlmSettings:
    wide = LlmBudget(requests=1000, tokens=10_000_000, usd=Decimal(100))
    usual: dict[str, Any] = {
        "providers": {
            "first": LlmProvider(api="openai", base_url=openai.openai_url, api_key="k1", call_s=5),
            "second": LlmProvider(api="anthropic", base_url=anthropic.anthropic_url, api_key="k2", call_s=5),
        },
        "models": (LlmModel(provider="first", model="model-a"), LlmModel(provider="second", model="model-b")),
        "prices": {"model-a": PRICE, "model-b": PRICE},
        "failures_until_down": 2,
        "down_s": 60,
        "object_day": wide,
        "branch_day": wide,
        "agent_day": wide,
    }
    return LlmSettings(**(usual | changed))


MakeBench = Callable[..., Bench]


@pytest.fixture
async def make_bench(openai: ScriptedServer, anthropic: ScriptedServer) -> AsyncIterator[MakeBench]:
    """A bench whose settings differ from the usual ones as named."""
    made: list[Bench] = []

    def make(tracer_provider: Any = None, **changed: Any) -> Bench:
        settings = settings_for(openai, anthropic, **changed)
        clock, ledger, panel = FixedClock(NOON), MemoryLedger(), Panel()
        thinker = ModelThinker(settings, build_models(settings), ledger, panel, clock, lambda: tracer_provider)
        made.append(Bench(thinker, openai, anthropic, clock, ledger, panel))
        return made[-1]

    yield make
    for bench in made:
        await bench.thinker.models.aclose()


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench()


def question(content: Any = "How warm is it?", *, tools: tuple[Any, ...] = (), **limits: Any) -> Question[Verdict]:
    return Question(
        agent="weatherman",
        prompt="You tell the weather.",
        content=content,
        output=Verdict,
        tools=tools,
        limits=Limits(**({"seconds": 20.0} | limits)),
        object="client:1",
        branch="tbilisi",
    )
