"""Settings of the language models: providers, the order of fallback, prices, budgets and the breaker."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from core.settings.section import Section


class LlmProvider(Section):
    """One server. ``openai`` with a ``base_url`` is any compatible server (vLLM, Ollama) and then needs no key."""

    api: Literal["openai", "anthropic"]
    base_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    api_key: SecretStr | None = None
    call_s: float = Field(default=30.0, gt=0)
    """How long one call may take; then the next model of the order is asked."""

    @field_validator("api_key")
    @classmethod
    def _is_something(cls, key: SecretStr | None) -> SecretStr | None:
        return None if key is None or not key.get_secret_value().strip() else key

    @property
    def is_ready(self) -> bool:
        return self.api_key is not None or (self.api == "openai" and self.base_url is not None)


class LlmModel(Section):
    """A model of a provider, as one place in an order of fallback."""

    provider: str
    model: str = Field(min_length=1)
    endpoint: Literal["chat", "responses"] = "chat"
    """Which of OpenAI's two interfaces; Anthropic has one, and compatible servers mostly know ``chat`` only."""
    answer_form: Literal["tool", "native", "prompted"] = "tool"
    """How the closed answer is asked for: as a tool call, as the server's own JSON schema mode, or in words."""


class LlmPrice(Section):
    """US dollars for a million tokens; a model on our own machine may honestly cost 0."""

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    cached_input: Decimal | None = Field(default=None, ge=0)
    """Without it what the provider had in its cache costs as much as the rest."""


class LlmBudget(Section):
    """What may be used in one day of the company's zone; the first that is reached ends it."""

    requests: int = Field(ge=0)
    tokens: int = Field(ge=0)
    usd: Decimal = Field(ge=0)


class LlmSettings(Section):
    """Without ``models`` or without keys Jarvis works in the degraded mode of every agent."""

    is_on: bool = True
    providers: dict[str, LlmProvider] = Field(default_factory=dict[str, LlmProvider])
    models: tuple[LlmModel, ...] = ()
    """The order of fallback: the first that is up answers."""
    orders: dict[str, tuple[LlmModel, ...]] = Field(default_factory=dict[str, tuple[LlmModel, ...]])
    """Other orders by name (``fast``, ``vision``) for agents that ask for one; an unnamed one is ``models``."""
    prices: dict[str, LlmPrice] = Field(default_factory=dict[str, LlmPrice])
    """By a model's name; wins over the price list that comes with the library."""
    assumed_price: LlmPrice = LlmPrice(input=Decimal(15), output=Decimal(75))
    """Counted against the budgets for a model that no list knows, beside the alarm."""
    failures_until_down: int = Field(default=3, ge=1)
    """Failed calls in a row after which a provider counts as down."""
    down_s: float = Field(default=60.0, gt=0)
    """How long a provider that is down is not asked at all; then one call tries it."""
    object_day: LlmBudget = LlmBudget(requests=200, tokens=1_000_000, usd=Decimal(2))
    """For one client, booking, car or conversation."""
    branch_day: LlmBudget = LlmBudget(requests=10_000, tokens=30_000_000, usd=Decimal(40))
    agent_day: LlmBudget = LlmBudget(requests=20_000, tokens=60_000_000, usd=Decimal(60))

    @property
    def has_models(self) -> bool:
        """Whether any model may be asked."""
        orders = (self.models, *self.orders.values())
        return self.is_on and any(self.providers[place.provider].is_ready for order in orders for place in order)

    @model_validator(mode="after")
    def _providers_are_known(self) -> Self:
        for order in (self.models, *self.orders.values()):
            for place in order:
                if place.provider not in self.providers:
                    raise ValueError(f"the model {place.model} names the provider {place.provider}, which is not there")
                if place.endpoint == "responses" and self.providers[place.provider].api != "openai":
                    raise ValueError(f"the endpoint responses is OpenAI's, and {place.provider} is not")
        return self
