"""Settings of the models: wrong ones are refused with a line, ready ones say so."""

import pytest
from pydantic import ValidationError

from core.settings.llm import LlmModel, LlmProvider, LlmSettings


def test_a_model_of_an_unknown_provider_is_refused():
    with pytest.raises(ValidationError, match="names the provider nobody"):
        LlmSettings(models=(LlmModel(provider="nobody", model="m"),))


def test_the_responses_endpoint_is_refused_for_anthropic():
    with pytest.raises(ValidationError, match="OpenAI's"):
        LlmSettings(
            providers={"a": LlmProvider(api="anthropic", api_key="k")},
            orders={"fast": (LlmModel(provider="a", model="m", endpoint="responses"),)},
        )


@pytest.mark.parametrize(
    ("provider", "is_ready"),
    [
        (LlmProvider(api="openai", api_key="k"), True),
        (LlmProvider(api="openai"), False),
        (LlmProvider(api="openai", api_key=" "), False),
        (LlmProvider(api="openai", base_url="http://127.0.0.1:8000/v1"), True),
        (LlmProvider(api="anthropic", base_url="http://127.0.0.1:8000"), False),
        (LlmProvider(api="anthropic", api_key="k"), True),
    ],
)
def test_a_provider_is_ready_with_a_key_or_as_a_compatible_server(provider, is_ready):
    assert provider.is_ready is is_ready


def test_the_key_does_not_show():
    assert "sk-invented" not in repr(LlmProvider(api="openai", api_key="sk-invented"))
