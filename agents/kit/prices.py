"""What a response cost: our own table first, then the library's list, else an assumed price and an open mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic_ai.messages import ModelResponse

from core.settings.llm import LlmPrice

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Cost:
    """In US dollars; where ``is_known`` is false it is a guess that keeps the budgets working."""

    usd: Decimal
    is_known: bool


@dataclass(frozen=True, slots=True)
class Prices:
    table: Mapping[str, LlmPrice]
    assumed: LlmPrice

    def cost_of(self, response: ModelResponse, asked_model: str) -> Cost:
        """A response may name a dated version of the model that was asked for; the table knows either name."""
        own = self.table.get(response.model_name or "") or self.table.get(asked_model)
        if response.usage.unmeasured_requests:
            return Cost(_by(own or self.assumed, response), is_known=_is_free(own))
        if own is not None:
            return Cost(_by(own, response), is_known=True)
        try:
            return Cost(response.cost().total_price, is_known=True)
        except (LookupError, ValueError, AssertionError):
            return Cost(_by(self.assumed, response), is_known=False)


def _is_free(price: LlmPrice | None) -> bool:
    return price is not None and not price.input and not price.output


def _by(price: LlmPrice, response: ModelResponse) -> Decimal:
    usage = response.usage
    cached = usage.cache_read_tokens
    cached_price = price.input if price.cached_input is None else price.cached_input
    fresh = (usage.input_tokens - cached) * price.input
    return (fresh + cached * cached_price + usage.output_tokens * price.output) / MILLION
