"""The one thinker: switches, breakers and budgets first, then a run of the model within its limits."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent
from pydantic_ai.capabilities import Instrumentation
from pydantic_ai.exceptions import (
    AgentRunError,
    FallbackExceptionGroup,
    ModelAPIError,
    UnexpectedModelBehavior,
)
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.instrumented import InstrumentationSettings
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import UsageLimits

from agents.kit.breaker import Breaker
from agents.kit.guarded import GuardedModel, LimitReachedError, Meter
from agents.kit.ledger import Account, BudgetSpentError, Ledger, Spending
from agents.kit.models import Candidate, Models
from agents.kit.prices import Prices
from agents.kit.question import Answer, Degraded, Picture, Question, Reason
from agents.kit.record import Record, hash_of
from agents.kit.switches import Switches
from agents.kit.tools import toolset_of
from core.clock import LOCAL_ZONE, Clock
from core.settings.llm import LlmSettings

T = TypeVar("T", bound=BaseModel)

SETTLE_GRACE = timedelta(minutes=1)
"""From the end of a question's time to when its reservation counts as left behind."""


@dataclass(frozen=True, slots=True)
class ModelThinker:
    """Lives as long as its process: it remembers which providers are down.

    ``tracer_provider`` gives OpenTelemetry's at each question; None is the process's own. Spans carry names, times and
    counts, never what anybody wrote.
    """

    settings: LlmSettings
    models: Models
    ledger: Ledger
    switches: Switches
    clock: Clock
    tracer_provider: Callable[[], Any] = lambda: None
    _breakers: dict[str, Breaker] = field(default_factory=dict[str, Breaker])

    async def ask(self, question: Question[T]) -> Answer[T] | Degraded:
        """See ``Thinker``. What is refused here costs no call."""
        record = Record(prompt_hash=hash_of(question.prompt))
        candidates = self.models.order(question.order)
        if (off := await self._switched_off(question)) is not None:
            return Degraded(Reason.SWITCHED_OFF, record, off)
        if not candidates:
            return Degraded(Reason.NO_KEY, record)
        if (wait := self._down_for(candidates)) > 0:
            return Degraded(Reason.PROVIDER_DOWN, record, "breaker", retry_after=wait)
        limits = question.limits
        worst = Spending(limits.requests, limits.tokens, limits.usd)
        until = self.clock.now() + timedelta(seconds=limits.seconds) + SETTLE_GRACE
        try:
            reservation = await self.ledger.reserve(self._accounts(question), worst, until=until)
        except BudgetSpentError as error:
            return Degraded(Reason.BUDGET_SPENT, record, error.account.scope)
        try:
            return await self._run(question, candidates, record)
        finally:
            await self.ledger.settle(reservation, Spending(record.requests, record.tokens, record.cost))

    async def _run(
        self, question: Question[T], candidates: Sequence[Candidate], record: Record
    ) -> Answer[T] | Degraded:
        time_limit = asyncio.timeout(question.limits.seconds)
        try:
            async with time_limit:
                return Answer(await self._think(question, candidates, record), record)
        except LimitReachedError as error:
            return self._degraded(Reason.BUDGET_SPENT, record, error, detail=str(error))
        except FallbackExceptionGroup as group:
            return self._after_all_failed(group, candidates, record)
        except UnexpectedModelBehavior as error:
            return self._degraded(Reason.NONSENSE, record, error)
        except (TimeoutError, AgentRunError) as error:
            if not time_limit.expired():
                raise
            return self._degraded(Reason.TIMED_OUT, record, error)

    async def _think(self, question: Question[T], candidates: Sequence[Candidate], record: Record) -> T:
        meter = Meter(record, question.limits, Prices(self.settings.prices, self.settings.assumed_price))
        # Each has its share of the time, so that one that stalls leaves some for the next; together a little less than
        # all, so that a stall of the last one too is counted by its breaker before the question ends.
        share_s = 0.9 * question.limits.seconds / len(candidates)
        first, *rest = (
            GuardedModel(one, self._breaker(one.provider), meter, min(one.call_s, share_s)) for one in candidates
        )
        agent = Agent(
            FallbackModel(first, *rest, fallback_on=(ModelAPIError, UnexpectedModelBehavior)),
            output_type=question.output,
            instructions=question.prompt,
            name=question.agent,
            retries={"tools": 1, "output": 1},
            end_strategy="early",
            toolsets=[toolset_of(question.tools, meter, self.switches)],
            capabilities=[Instrumentation(settings=self._spans())],
        )
        result = await agent.run(
            _content(question),
            model_settings=ModelSettings(max_tokens=question.limits.answer_tokens),
            usage_limits=UsageLimits(request_limit=None),  # the meter holds the limits
        )
        return result.output

    def _after_all_failed(
        self, group: FallbackExceptionGroup, candidates: Sequence[Candidate], record: Record
    ) -> Degraded:
        """Every provider failed: down, unless all answered with what is no response."""
        is_nonsense = all(isinstance(error, UnexpectedModelBehavior) for error in group.exceptions)
        record.errors += [type(error).__name__ for error in group.exceptions]
        reason = Reason.NONSENSE if is_nonsense else Reason.PROVIDER_DOWN
        return Degraded(reason, record, retry_after=self._down_for(candidates) or None)

    @staticmethod
    def _degraded(reason: Reason, record: Record, error: BaseException, detail: str = "") -> Degraded:
        record.errors.append(type(error).__name__)
        return Degraded(reason, record, detail)

    async def _switched_off(self, question: Question[Any]) -> str | None:
        if not self.settings.is_on or await self.switches.is_off("system", "llm"):
            return "llm"
        return question.agent if await self.switches.is_off("agent", question.agent) else None

    def _down_for(self, candidates: Sequence[Candidate]) -> float:
        """Seconds until the first of them may be asked; 0 when one may be asked now."""
        return min(self._breaker(one.provider).down_for() for one in candidates)

    def _breaker(self, provider: str) -> Breaker:
        settings = self.settings
        return self._breakers.setdefault(
            provider,
            Breaker(self.clock, failures_until_down=settings.failures_until_down, down_s=settings.down_s),
        )

    def _accounts(self, question: Question[Any]) -> list[Account]:
        day = self.clock.now().astimezone(LOCAL_ZONE).date()
        accounts = [Account("agent", question.agent, day, self.settings.agent_day)]
        if question.branch is not None:
            accounts.append(Account("branch", question.branch, day, self.settings.branch_day))
        if question.object is not None:
            accounts.append(Account("object", question.object, day, self.settings.object_day))
        return accounts

    def _spans(self) -> InstrumentationSettings:
        return InstrumentationSettings(
            tracer_provider=self.tracer_provider(),
            include_content=False,
            include_binary_content=False,
            include_model_request_parameters=False,
        )


def _content(question: Question[Any]) -> str | list[str | BinaryContent]:
    if isinstance(question.content, str):
        return question.content
    return [
        BinaryContent(data=part.data, media_type=part.media_type) if isinstance(part, Picture) else part
        for part in question.content
    ]
