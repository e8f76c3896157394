"""A model that is asked through its provider's breaker, within limits, with everything written down."""

import asyncio
import time
from dataclasses import dataclass

from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelServerError,
    ModelTimeoutError,
    ModelUnavailableError,
    UnexpectedModelBehavior,
)
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from agents.kit.breaker import Breaker
from agents.kit.models import Candidate
from agents.kit.prices import Prices
from agents.kit.question import Limits
from agents.kit.record import Attempt, Record

OUTAGES = (
    ModelConnectionError,
    ModelRateLimitError,
    ModelQuotaExceededError,
    ModelUnavailableError,
    ModelServerError,
    ModelAuthenticationError,
    UnexpectedModelBehavior,
)
"""What says that the provider is down for us. A refused request (too long, unknown model) says it is alive."""


class LimitReachedError(Exception):
    """The question used what it may use; ``str()`` is the name of the limit."""


class BreakerOpenError(ModelAPIError):
    """The provider is down and was not asked."""


@dataclass(frozen=True, slots=True)
class Meter:
    """Counts one question's use into its record and holds it to its limits."""

    record: Record
    limits: Limits
    prices: Prices

    def check_request(self) -> None:
        record, limits = self.record, self.limits
        self._check("requests", record.requests < limits.requests)
        self._check("tokens", record.tokens < limits.tokens)
        self._check("usd", record.cost < limits.usd or (record.requests == 0 and limits.usd > 0))

    def check_tool(self) -> None:
        self._check("tool_calls", len(self.record.tools) < self.limits.tool_calls)

    def count(self, response: ModelResponse, asked_model: str) -> None:
        record, usage = self.record, response.usage
        cost = self.prices.cost_of(response, asked_model)
        record.model = response.model_name or asked_model
        record.requests += 1
        record.tokens_in += usage.input_tokens
        record.tokens_out += usage.output_tokens
        record.cost += cost.usd
        record.price_unknown = record.price_unknown or not cost.is_known

    @staticmethod
    def _check(limit: str, is_within: bool) -> None:
        if not is_within:
            raise LimitReachedError(limit)


class GuardedModel(WrapperModel):
    """Made for one question around a candidate; ``call_s`` is this question's share of time for one call."""

    def __init__(self, candidate: Candidate, breaker: Breaker, meter: Meter, call_s: float) -> None:
        super().__init__(candidate.model)
        self._provider_key = candidate.provider
        self._breaker = breaker
        self._meter = meter
        self._call_s = call_s

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        self._meter.check_request()
        if not self._breaker.admits():
            raise BreakerOpenError(self.model_name, "not asked: its breaker is open")
        started = time.monotonic()
        try:
            response = await self._call(messages, model_settings, model_request_parameters)
        except (ModelAPIError, UnexpectedModelBehavior) as error:
            self._note(started, type(error).__name__)
            self._tell_breaker(error)
            raise
        except BaseException as error:
            self._note(started, type(error).__name__)
            self._breaker.let_go()
            raise
        self._note(started, None)
        self._breaker.succeeded()
        self._meter.count(response, self.model_name)
        return response

    async def _call(
        self, messages: list[ModelMessage], settings: ModelSettings | None, parameters: ModelRequestParameters
    ) -> ModelResponse:
        try:
            # The client's own limit is for one read: an answer that drips would last for ever.
            async with asyncio.timeout(self._call_s):
                return await super().request(messages, settings, parameters)
        except TimeoutError as error:
            raise ModelTimeoutError(self.model_name, "no answer in time") from error

    def _tell_breaker(self, error: ModelAPIError | UnexpectedModelBehavior) -> None:
        if isinstance(error, OUTAGES):
            self._breaker.failed(error.retry_after if isinstance(error, ModelAPIError) else None)
        else:
            self._breaker.succeeded()

    def _note(self, started: float, error: str | None) -> None:
        attempt = Attempt(self._provider_key, self.model_name, round(time.monotonic() - started, 3), error)
        self._meter.record.attempts.append(attempt)
