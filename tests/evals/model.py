"""The model under test: one that is named, or the sandbox's scripted one, which follows each case's own script."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from decimal import Decimal

from agents.kit.models import build_models
from agents.kit.question import Thinker
from agents.kit.thinker import ModelThinker
from core.clock import SystemClock
from core.settings.llm import LlmBudget, LlmModel, LlmPrice, LlmProvider, LlmSettings
from tests.agents.kit.conftest import Panel
from tests.agents.kit.memory_ledger import MemoryLedger
from tests.evals.case import Case
from tests.evals.script import rules_of
from tests.sandbox.llm_at_work import MODEL, OPTIONS, ModelAtWork, model_at_work

WIDE = LlmBudget(requests=1_000_000, tokens=1_000_000_000, usd=Decimal(10_000))


@dataclass(frozen=True, slots=True)
class Named:
    """From the environment; ``provider`` is ``openai`` (any compatible server) or ``anthropic``."""

    model: str
    base_url: str | None
    api_key: str | None
    provider: str

    @classmethod
    def of_environment(cls) -> "Named | None":
        model = os.environ.get("MODEL")
        if not model:
            return None
        of = os.environ.get
        return cls(model, of("BASE_URL") or None, of("API_KEY") or None, of("PROVIDER") or "openai")


def settings_of(named: Named) -> LlmSettings:
    told = {"api": named.provider, "base_url": named.base_url, "api_key": named.api_key, "call_s": 60}
    return _settings(LlmProvider.model_validate(told), named.model)


def _settings(provider: LlmProvider, model: str, **changed: dict[str, LlmPrice]) -> LlmSettings:
    return LlmSettings(
        providers={"tested": provider},
        models=(LlmModel(provider="tested", model=model),),
        failures_until_down=1000,
        object_day=WIDE,
        branch_day=WIDE,
        agent_day=WIDE,
        **changed,
    )


@asynccontextmanager
async def thinking(settings: LlmSettings) -> AsyncIterator[Thinker]:
    models = build_models(settings)
    yield ModelThinker(settings, models, MemoryLedger(), Panel(), SystemClock())
    await models.aclose()


@contextmanager
def scripted() -> Iterator[tuple[ModelAtWork, LlmSettings]]:
    """The twin, and the settings to reach it; it costs nothing."""
    with model_at_work() as twin:
        provider = LlmProvider(api="openai", base_url=twin.openai_url, api_key=OPTIONS.openai_key)
        free = {MODEL: LlmPrice(input=Decimal(0), output=Decimal(0))}
        yield twin, _settings(provider, MODEL, prices=free)


def follow(twin: ModelAtWork, case: Case) -> None:
    twin.follow(*rules_of(case))
