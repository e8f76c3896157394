"""From settings to models: explicit classes, one client per provider, orders of fallback."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from anthropic import AsyncAnthropic
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from core.settings.llm import LlmModel, LlmProvider, LlmSettings

NO_KEY = "none"
"""Servers of our own ask for no key, the client of their interface does."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that may be asked, and the provider whose breaker and time limit it shares."""

    provider: str
    model: Model
    call_s: float


@dataclass(frozen=True, slots=True)
class Models:
    """``usual`` is the order of fallback, ``named`` the orders that some agents ask for."""

    usual: Sequence[Candidate]
    named: Mapping[str, Sequence[Candidate]] = field(default_factory=dict[str, Sequence[Candidate]])
    _clients: AsyncExitStack = field(default_factory=AsyncExitStack)

    def order(self, name: str | None) -> Sequence[Candidate]:
        return self.named.get(name or "", self.usual)

    async def aclose(self) -> None:
        await self._clients.aclose()


def build_models(settings: LlmSettings) -> Models:
    """Providers without a key are left out: an empty order is the degraded mode, not an error."""
    closing = AsyncExitStack()
    ready = {name: provider for name, provider in settings.providers.items() if provider.is_ready}
    openai = {name: _openai(one, closing) for name, one in ready.items() if one.api == "openai"}
    anthropic = {name: _anthropic(one, closing) for name, one in ready.items() if one.api == "anthropic"}

    def candidates(order: Sequence[LlmModel]) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(place.provider, _model(place, openai, anthropic), ready[place.provider].call_s)
            for place in order
            if place.provider in ready
        )

    return Models(
        candidates(settings.models), {name: candidates(order) for name, order in settings.orders.items()}, closing
    )


def _model(place: LlmModel, openai: Mapping[str, OpenAIProvider], anthropic: Mapping[str, AnthropicProvider]) -> Model:
    profile = ModelProfile(default_structured_output_mode=place.answer_form)
    if place.provider in anthropic:
        return AnthropicModel(place.model, provider=anthropic[place.provider], profile=profile)
    if place.endpoint == "responses":
        return OpenAIResponsesModel(place.model, provider=openai[place.provider], profile=profile)
    return OpenAIChatModel(place.model, provider=openai[place.provider], profile=profile)


# No retries inside the clients: the breaker must see every failure, and the next provider is better than a wait.
def _openai(provider: LlmProvider, closing: AsyncExitStack) -> OpenAIProvider:
    client = AsyncOpenAI(api_key=_key(provider), base_url=provider.base_url, max_retries=0, timeout=provider.call_s)
    closing.push_async_callback(client.close)
    return OpenAIProvider(openai_client=client)


def _anthropic(provider: LlmProvider, closing: AsyncExitStack) -> AnthropicProvider:
    client = AsyncAnthropic(api_key=_key(provider), base_url=provider.base_url, max_retries=0, timeout=provider.call_s)
    closing.push_async_callback(client.close)
    return AnthropicProvider(anthropic_client=client)


def _key(provider: LlmProvider) -> str:
    return NO_KEY if provider.api_key is None else provider.api_key.get_secret_value()
