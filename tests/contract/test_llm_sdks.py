"""The official libraries of both providers take the scripted model for the real one."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import anthropic
import openai
import pytest
from pydantic import BaseModel

from tests.sandbox.llm_at_work import MODEL, OPTIONS, ModelAtWork, model_at_work

PRICE = {
    "type": "object",
    "properties": {"car": {"type": "string"}},
    "required": ["car"],
    "additionalProperties": False,
}
CHAT_TOOL: Any = {"type": "function", "function": {"name": "price", "parameters": PRICE}}
RESPONSES_TOOL: Any = {"type": "function", "name": "price", "parameters": PRICE, "strict": True}
CLAUDE_TOOL: Any = {"name": "price", "input_schema": PRICE}
SCENE: tuple[dict[str, Any], ...] = (
    {
        "when": {"user": "cost", "tool_results": 0},
        "answer": {"tool_calls": [{"name": "price", "arguments": {"car": "Fiat 500"}}]},
    },
    {"when": {"tool_results": 1}, "answer": {"text": "It is ${tool.price.day} a day."}},
)


class Translation(BaseModel, extra="forbid"):
    translation: str
    confidence: float


@pytest.fixture
def model() -> Iterator[ModelAtWork]:
    with model_at_work() as at_work:
        yield at_work


@pytest.fixture
def gpt(model: ModelAtWork) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=model.openai_url, api_key=OPTIONS.openai_key, max_retries=0) as client:
        yield client


@pytest.fixture
def claude(model: ModelAtWork) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=model.anthropic_url, api_key=OPTIONS.anthropic_key, max_retries=0) as client:
        yield client


# -- OpenAI ---------------------------------------------------------------------------------------------------------


def test_a_chat_calls_a_tool_and_quotes_its_value(model: ModelAtWork, gpt: openai.OpenAI):
    model.follow(*SCENE)
    messages: list[Any] = [{"role": "user", "content": "What does it cost?"}]
    first = gpt.chat.completions.create(model=MODEL, messages=messages, tools=[CHAT_TOOL])
    call = first.choices[0].message.tool_calls[0]
    assert first.choices[0].finish_reason == "tool_calls"
    assert json.loads(call.function.arguments) == {"car": "Fiat 500"}
    messages += [
        first.choices[0].message.model_dump(exclude_none=True, exclude={"annotations"}),
        {"role": "tool", "tool_call_id": call.id, "content": json.dumps({"day": 45})},
    ]
    second = gpt.chat.completions.create(model=MODEL, messages=messages, tools=[CHAT_TOOL])
    assert second.choices[0].message.content == "It is 45 a day."
    assert second.usage.total_tokens == second.usage.prompt_tokens + second.usage.completion_tokens


def test_a_streamed_chat_comes_in_pieces_with_its_usage(model: ModelAtWork, gpt: openai.OpenAI):
    text = "A long answer that does not fit into a single piece of the stream."
    model.follow({"answer": {"text": text, "usage": {"input_tokens": 7, "output_tokens": 9}}})
    with gpt.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "go"}], stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    said = [choice.delta.content for chunk in chunks for choice in chunk.choices if choice.delta.content]
    assert len(said) > 1
    assert "".join(said) == text
    assert chunks[-1].usage.total_tokens == 16


def test_a_streamed_chat_puts_a_tool_call_together(model: ModelAtWork, gpt: openai.OpenAI):
    model.follow(*SCENE)
    with gpt.chat.completions.stream(
        model=MODEL,
        messages=[{"role": "user", "content": "cost?"}],
        tools=[{**CHAT_TOOL, "function": {**CHAT_TOOL["function"], "strict": True}}],
    ) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.parsed_arguments == {"car": "Fiat 500"}


def test_a_chat_parses_into_a_demanded_shape(gpt: openai.OpenAI):
    parsed = gpt.chat.completions.parse(
        model=MODEL,
        messages=[
            {"role": "system", "content": "Translate into Russian."},
            {"role": "user", "content": "<text>I land at 08:50, flight TK386</text>"},
        ],
        response_format=Translation,
    )
    told = parsed.choices[0].message.parsed
    assert told.translation == "[ru] I land at 08:50, flight TK386"
    assert told.confidence == 0.9


def test_responses_call_a_tool_and_quote_its_value(model: ModelAtWork, gpt: openai.OpenAI):
    model.follow(*SCENE)
    history: list[Any] = [{"role": "user", "content": "What does it cost?"}]
    first = gpt.responses.create(model=MODEL, input=history, tools=[RESPONSES_TOOL], instructions="Be short.")
    (call,) = first.output
    history += [
        call.model_dump(exclude_none=True),
        {"type": "function_call_output", "call_id": call.call_id, "output": json.dumps({"day": 45})},
    ]
    second = gpt.responses.create(model=MODEL, input=history, tools=[RESPONSES_TOOL])
    assert second.output_text == "It is 45 a day."
    assert second.status == "completed"


def test_streamed_responses_end_in_the_whole_answer(model: ModelAtWork, gpt: openai.OpenAI):
    model.follow(*SCENE)
    with gpt.responses.stream(model=MODEL, input="cost?", tools=[RESPONSES_TOOL]) as stream:
        called = stream.get_final_response()
    assert called.output[0].parsed_arguments == {"car": "Fiat 500"}
    with gpt.responses.stream(model=MODEL, input="hello", text_format=Translation) as stream:
        kinds = {event.type for event in stream}
        said = stream.get_final_response()
    assert said.output_parsed.translation == "[ru] hello"
    assert "response.output_text.delta" in kinds


def test_a_voice_is_transcribed_with_its_certainty(model: ModelAtWork, gpt: openai.OpenAI):
    heard = {"text": "мы приедем в 9", "language": "russian", "avg_logprob": -1.2, "no_speech_prob": 0.3}
    model.follow(transcripts=[{"file_name": "voice", "transcript": heard}])
    told = gpt.audio.transcriptions.create(
        model="whisper-1", file=("voice.ogg", BytesIO(b"OggS" * 4000)), response_format="verbose_json"
    )
    assert told.text == "мы приедем в 9"
    assert told.segments[0].avg_logprob == -1.2
    assert told.segments[0].no_speech_prob == 0.3
    plain = gpt.audio.transcriptions.create(model="whisper-1", file=("voice.ogg", BytesIO(b"OggS")))
    assert plain.text == "мы приедем в 9"


def test_openai_lists_its_models(gpt: openai.OpenAI):
    assert {listed.id for listed in gpt.models.list()} == set(OPTIONS.models)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
        (529, openai.InternalServerError),
        (400, openai.BadRequestError),
    ],
)
def test_ordered_refusals_become_the_error_classes_of_openai(
    model: ModelAtWork, gpt: openai.OpenAI, status: int, error: type[openai.APIStatusError]
):
    model.fail(status=status, retry_after=7)
    with pytest.raises(error) as caught:
        gpt.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "hi"}])
    assert caught.value.response.headers["retry-after"] == "7"
    assert gpt.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "hi"}]).choices


def test_a_dropped_connection_is_an_error_of_the_connection(model: ModelAtWork, gpt: openai.OpenAI):
    model.fail(drop=True)
    with pytest.raises(openai.APIConnectionError):
        gpt.responses.create(model=MODEL, input="hi")


def test_a_stall_is_a_timeout_of_the_caller(model: ModelAtWork, gpt: openai.OpenAI):
    model.fail(latency_s=2)
    with pytest.raises(openai.APITimeoutError):
        gpt.with_options(timeout=0.2).responses.create(model=MODEL, input="hi")


def test_a_wrong_key_and_a_wrong_model_have_their_own_classes(model: ModelAtWork, gpt: openai.OpenAI):
    with pytest.raises(openai.AuthenticationError), openai.OpenAI(base_url=model.openai_url, api_key="x") as stranger:
        stranger.models.list()
    with pytest.raises(openai.NotFoundError) as caught:
        gpt.chat.completions.create(model="gpt-99", messages=[{"role": "user", "content": "hi"}])
    assert caught.value.code == "model_not_found"


# -- Anthropic ------------------------------------------------------------------------------------------------------


def test_claude_calls_a_tool_and_quotes_its_value(model: ModelAtWork, claude: anthropic.Anthropic):
    model.follow(*SCENE)
    messages: list[Any] = [{"role": "user", "content": "What does it cost?"}]
    first = claude.messages.create(model=MODEL, max_tokens=500, messages=messages, tools=[CLAUDE_TOOL])
    (use,) = first.content
    assert first.stop_reason == "tool_use"
    assert use.input == {"car": "Fiat 500"}
    result = {"type": "tool_result", "tool_use_id": use.id, "content": json.dumps({"day": 45})}
    messages += [
        {"role": "assistant", "content": [use.model_dump(exclude_none=True)]},
        {"role": "user", "content": [result]},
    ]
    second = claude.messages.create(model=MODEL, max_tokens=500, messages=messages, tools=[CLAUDE_TOOL])
    assert second.content[0].text == "It is 45 a day."
    assert second.usage.output_tokens > 0


@pytest.mark.parametrize("asked", ["What does it cost?", "hello, a text that is longer than one piece"])
def test_a_streamed_message_is_the_message(model: ModelAtWork, claude: anthropic.Anthropic, asked: str):
    model.follow(*SCENE)
    told: Any = {"model": MODEL, "max_tokens": 500, "messages": [{"role": "user", "content": asked}]}
    whole = claude.messages.create(**told, tools=[CLAUDE_TOOL])
    with claude.messages.stream(**told, tools=[CLAUDE_TOOL]) as stream:
        final = stream.get_final_message()
    shown = {"id", "container", "diagnostics", "stop_details", "usage"}
    plain = [block.model_dump(exclude={"id", "parsed_output"}) for block in final.content]
    assert plain == [block.model_dump(exclude={"id", "parsed_output"}) for block in whole.content]
    assert final.model_dump(exclude={*shown, "content"}) == whole.model_dump(exclude={*shown, "content"})
    assert final.usage.output_tokens == whole.usage.output_tokens


def test_claude_parses_into_a_demanded_shape(claude: anthropic.Anthropic):
    parsed = claude.messages.parse(
        model=MODEL, max_tokens=500, messages=[{"role": "user", "content": "hello"}], output_format=Translation
    )
    assert parsed.parsed_output.translation == "[ru] hello"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (529, anthropic.APIStatusError),
    ],
)
def test_ordered_refusals_become_the_error_classes_of_anthropic(
    model: ModelAtWork, claude: anthropic.Anthropic, status: int, error: type[anthropic.APIStatusError]
):
    model.fail(status=status, retry_after=3, operation="anthropic.messages")
    with pytest.raises(error) as caught:
        claude.messages.create(model=MODEL, max_tokens=5, messages=[{"role": "user", "content": "hi"}])
    assert caught.value.status_code == status
    assert caught.value.response.headers["retry-after"] == "3"


def test_an_overloaded_claude_says_so_in_its_envelope(model: ModelAtWork, claude: anthropic.Anthropic):
    model.fail(status=529)
    with pytest.raises(anthropic.APIStatusError) as caught:
        claude.messages.create(model=MODEL, max_tokens=5, messages=[{"role": "user", "content": "hi"}])
    assert type(caught.value).__name__ == "OverloadedError"
    assert caught.value.body["error"]["type"] == "overloaded_error"
