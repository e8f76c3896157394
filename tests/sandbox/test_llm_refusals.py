"""The scripted model refuses what the real ones refuse, in their own envelopes."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.llm.app import ANTHROPIC_BASE, OPENAI_BASE
from tests.sandbox.llm_at_work import MODEL, OPTIONS, ModelAtWork, model_at_work

USER = {"role": "user", "content": "hello"}
OBJECT: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}
CLOSED: dict[str, Any] = OBJECT | {"required": ["a"], "additionalProperties": False}


def chat_tool(**function: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "look", "parameters": OBJECT} | function}


def chat_call(*ids: str) -> dict[str, Any]:
    calls = [{"id": one, "type": "function", "function": {"name": "look", "arguments": "{}"}} for one in ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def chat_result(of: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": of, "content": "seen"}


def chat_format(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "shape", "schema": schema, "strict": True} | more}


def use(*ids: str) -> dict[str, Any]:
    return {"role": "assistant", "content": [{"type": "tool_use", "id": i, "name": "look", "input": {}} for i in ids]}


def used(*ids: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": i, "content": "seen"} for i in ids]}


def call_item(of: str) -> dict[str, Any]:
    return {"type": "function_call", "call_id": of, "name": "look", "arguments": "{}"}


def result_item(of: str) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": of, "output": "seen"}


@pytest.fixture(scope="module")
def model() -> Iterator[ModelAtWork]:
    with model_at_work() as at_work:
        yield at_work


def refusal(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 400, answer.text
    return answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"colour": "red"}, "colour"),
        ({"messages": [USER | {"mood": "glad"}]}, "messages[0].mood"),
        ({"messages": [{"role": "ghost", "content": "boo"}]}, "messages[0]"),
        ({"messages": [{"content": "boo"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
        ({"temperature": 3}, "temperature"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"tools": []}, "tools"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        ({"tools": [chat_tool(name="no spaces please")]}, "tools[0].name"),
        ({"tools": [chat_tool(), chat_tool()]}, "tools"),
        ({"tools": [chat_tool(parameters={"type": "string"})]}, "tools[0].function.parameters"),
        ({"tools": [chat_tool(parameters={"type": "object", "properties": {"a": {"type": "strng"}}})]},
         "tools[0].function.parameters"),
        ({"tools": [chat_tool(strict=True)]}, "tools[0].function.parameters"),
        ({"tool_choice": "auto"}, "tool_choice"),
        ({"tools": [chat_tool()], "tool_choice": {"type": "function", "function": {"name": "fly"}}}, "tool_choice"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"response_format": {"type": "json_object"}}, "messages"),
        ({"response_format": {"type": "json_schema", "json_schema": {"schema": CLOSED}}},
         "response_format.json_schema.name"),
        ({"response_format": chat_format(OBJECT)}, "response_format"),
        ({"response_format": chat_format(CLOSED | {"required": []})}, "response_format"),
        ({"response_format": chat_format(CLOSED | {"properties": {"a": {"$ref": "#/$defs/Lost"}}})}, "response_format"),
        ({"messages": [USER, chat_result("c1")]}, "messages[1].role"),
        ({"messages": [USER, chat_call("c1")]}, "messages[2].role"),
        ({"messages": [USER, chat_call("c1"), USER]}, "messages[2].role"),
        ({"messages": [USER, chat_call("c1", "c2"), chat_result("c1"), USER]}, "messages[3].role"),
        ({"messages": [USER, chat_call("c1"), chat_result("c1"), chat_result("c1")]}, "messages[3].role"),
        ({"messages": [USER, {"role": "assistant"}]}, "messages[1].content"),
    ],
)  # fmt: skip
def test_a_chat_that_openai_refuses_is_refused_with_the_place_of_its_fault(
    model: ModelAtWork, body: dict[str, Any], param: str
):
    error = refusal(model.chat(**body))
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param


def test_a_missing_model_is_a_missing_parameter(model: ModelAtWork):
    answer = model.http.post(
        f"{OPENAI_BASE}/chat/completions",
        json={"messages": [USER]},
        headers={"Authorization": f"Bearer {OPTIONS.openai_key}"},
    )
    assert refusal(answer)["code"] == "missing_required_parameter"


def test_parallel_calls_are_answered_in_any_order(model: ModelAtWork):
    history = [USER, chat_call("c1", "c2"), chat_result("c2"), chat_result("c1"), USER]
    assert model.chat(messages=history, tools=[chat_tool()]).status_code == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"input": []}, "input"),
        ({"messages": [USER]}, "Unknown parameter: 'messages'"),
        ({"input": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}, "input[0].content[0]"),
        ({"input": [USER, result_item("c1")]}, "No tool call found for function call output with call_id c1"),
        ({"input": [USER, call_item("c1")]}, "No tool output found for function call c1"),
        ({"input": [USER, call_item("c1"), result_item("c1"), result_item("c1")]}, "Duplicate"),
        ({"tools": [chat_tool()]}, "tools[0].name"),
        ({"tools": [{"type": "function", "name": "look", "parameters": OBJECT, "strict": True}]}, "'look'"),
        ({"text": {"format": {"type": "json_schema", "name": "s", "schema": OBJECT, "strict": True}}}, "text.format"),
        ({"text": {"format": {"type": "json_schema", "name": "s"}}}, "text.format.schema"),
        ({"max_output_tokens": 3}, "max_output_tokens"),
        ({"previous_response_id": "resp_1"}, "not found"),
    ],
)
def test_a_response_that_openai_refuses_is_refused(model: ModelAtWork, body: dict[str, Any], words: str):
    assert words in refusal(model.responses(**body))["message"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"messages": []}, "messages: "),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"max_tokens": 0}, "max_tokens: "),
        ({"temperature": 1.5}, "temperature: "),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages.0.role: "),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "first message"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages.0.content.0: text content blocks"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages.0.content.0.text: Field required"),
        ({"messages": [USER, {"role": "assistant", "content": "so "}]}, "trailing whitespace"),
        ({"messages": [USER, use("t1")]}, "`tool_use` ids were found without `tool_result`"),
        ({"messages": [USER, use("t1"), USER]}, "`tool_use` ids were found without `tool_result`"),
        ({"messages": [USER, use("t1", "t2"), used("t1")]}, "t2"),
        ({"messages": [USER, used("t1")]}, "unexpected `tool_use_id`"),
        ({"messages": [USER, use("t1"), used("t1"), USER, used("t1")]}, "unexpected `tool_use_id`"),
        ({"messages": [USER, use("t1"), used("t1", "t1")]}, "single result"),
        ({"messages": [use("t1") | {"role": "user"}]}, "can only be in `assistant`"),
        ({"tools": [{"name": "look"}]}, "tools.0.input_schema: Field required"),
        ({"tools": [{"name": "look", "input_schema": {}}]}, "tools.0.custom.input_schema.type: Field required"),
        ({"tools": [{"name": "look", "input_schema": OBJECT}] * 2}, "unique"),
        ({"tool_choice": {"type": "auto"}}, "tool_choice: "),
        ({"tools": [{"name": "look", "input_schema": OBJECT}], "tool_choice": {"type": "tool", "name": "fly"}}, "fly"),
        ({"output_config": {"format": {"type": "json_schema", "schema": OBJECT}}}, "additionalProperties"),
    ],
)
def test_a_message_that_anthropic_refuses_is_refused(model: ModelAtWork, body: dict[str, Any], words: str):
    error = refusal(model.messages(**body))
    assert error["type"] == "invalid_request_error"
    assert words in error["message"]


def test_anthropic_demands_a_limit_and_its_version(model: ModelAtWork):
    path, told = f"{ANTHROPIC_BASE}/v1/messages", {"model": MODEL, "messages": [USER]}
    keyed = {"x-api-key": OPTIONS.anthropic_key}
    unlimited = model.http.post(path, json=told, headers=keyed | {"anthropic-version": "2023-06-01"})
    assert refusal(unlimited)["message"] == "max_tokens: Field required"
    unversioned = model.http.post(path, json=told | {"max_tokens": 5}, headers=keyed)
    assert refusal(unversioned)["message"] == "anthropic-version: header is required"


def test_a_wrong_key_and_a_wrong_model_are_refused_in_the_words_of_each_provider(model: ModelAtWork):
    assert model.chat(model="other").json()["error"]["code"] == "model_not_found"
    assert model.messages(model="other").json()["error"] == {"type": "not_found_error", "message": "model: other"}
    wrong = {"Authorization": "Bearer wrong"}
    for path in ("chat/completions", "responses", "audio/transcriptions"):
        assert model.http.post(f"{OPENAI_BASE}/{path}", json={}, headers=wrong).status_code == 401
    answer = model.http.post(f"{ANTHROPIC_BASE}/v1/messages", json={}, headers={"x-api-key": "wrong"})
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "authentication_error")


def test_a_body_that_is_no_json_is_refused(model: ModelAtWork):
    headers = {"Authorization": f"Bearer {OPTIONS.openai_key}"}
    for body in (b"{", b"[]", b"\xff", b"[" * 200_000):
        assert refusal(model.http.post(f"{OPENAI_BASE}/responses", content=body, headers=headers))


@pytest.mark.parametrize(
    ("name", "data", "fields", "status"),
    [
        ("voice.txt", b"OggS", {}, 400),
        ("voice", b"OggS", {}, 400),
        ("voice.ogg", b"", {}, 400),
        ("voice.ogg", b"OggS", {"colour": "red"}, 400),
        ("voice.ogg", b"OggS", {"response_format": "poem"}, 400),
        ("voice.ogg", b"OggS", {"model": ""}, 400),
        ("voice.ogg", b"OggS", {"model": "other"}, 404),
        ("voice.ogg", b"0" * (25 * 1024 * 1024 + 1), {}, 413),
    ],
    ids=["ending", "no ending", "empty", "unknown field", "format", "no model", "other model", "too large"],
)
def test_a_file_that_cannot_be_heard_is_refused(
    model: ModelAtWork, name: str, data: bytes, fields: dict[str, str], status: int
):
    answer = model.transcribe(name, data, **fields)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_a_transcription_without_a_file_is_refused(model: ModelAtWork):
    headers = {"Authorization": f"Bearer {OPTIONS.openai_key}"}
    url = f"{OPENAI_BASE}/audio/transcriptions"
    assert refusal(model.http.post(url, files={"model": (None, "whisper-1")}, headers=headers))["param"] == "file"
    assert refusal(model.http.post(url, json={"model": "whisper-1"}, headers=headers))


def test_every_refusal_is_in_the_journal(model: ModelAtWork):
    model.chat(colour="red")
    entry = model.read("journal")["calls"][-1]
    assert (entry["method"], entry["ok"]) == ("openai.chat", False)
    assert entry["error"] == "400 Unknown parameter: 'colour'."
    assert entry["params"]["body"]["colour"] == "red"
