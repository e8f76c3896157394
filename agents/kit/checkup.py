"""Whether each model of the settings answers at all: the shortest question there is, for the doctor."""

import asyncio
from dataclasses import dataclass

from pydantic_ai import Agent
from pydantic_ai.exceptions import AgentRunError, ModelAPIError
from pydantic_ai.settings import ModelSettings

from agents.kit.models import Candidate, build_models
from core.settings.llm import LlmSettings

QUESTION = "Answer with the one word: ready"
ANSWER_TOKENS = 64


@dataclass(frozen=True, slots=True)
class Sign:
    """``trouble`` is the name of what went wrong, without anything that the provider said."""

    provider: str
    model: str
    trouble: str | None = None


async def ask_models(settings: LlmSettings) -> list[Sign]:
    """Every model of every order once, one after the other; never raises for what a provider does."""
    models = build_models(settings)
    try:
        orders = [models.usual, *models.named.values()]
        asked = {(one.provider, one.model.model_name): one for order in orders for one in order}
        return [await _ask(candidate) for candidate in asked.values()]
    finally:
        await models.aclose()


async def _ask(candidate: Candidate) -> Sign:
    agent = Agent(candidate.model, name="doctor")
    trouble = None
    try:
        async with asyncio.timeout(candidate.call_s):
            await agent.run(QUESTION, model_settings=ModelSettings(max_tokens=ANSWER_TOKENS))
    except (TimeoutError, ModelAPIError, AgentRunError) as error:
        trouble = type(error).__name__
    return Sign(candidate.provider, candidate.model.model_name, trouble)
