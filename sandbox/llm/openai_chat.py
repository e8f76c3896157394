"""OpenAI's Chat Completions: checks a request, and writes the answer as one document or as a stream."""

import json
from collections.abc import Iterator
from time import time

from sandbox.llm.answers import Reply, Stop
from sandbox.llm.asked import Asked, Json, ToolResult
from sandbox.llm.json_schemas import BadSchema, check_schema, check_tool_names
from sandbox.llm.openai_chat_wire import (
    AssistantMessage,
    ChatRequest,
    ImagePart,
    Message,
    ObjectFormat,
    SchemaFormat,
    SystemMessage,
    TextPart,
    ToolMessage,
    UserMessage,
)
from sandbox.llm.refusals import Refused, checked, openai_explains
from sandbox.llm.sse import Event, pieces

OPERATION = "openai.chat"
_STOPS = {Stop.END: "stop", Stop.CALLS: "tool_calls", Stop.LENGTH: "length"}


def read(body: Json) -> Asked:
    wire = checked(ChatRequest, body, openai_explains)
    _check_options(wire)
    names = _check_order(wire.messages)
    tools = _tools(wire)
    forced, must_call = chosen_tool(wire.tool_choice, tools)
    shape = wire.response_format
    schema = shape.json_schema if isinstance(shape, SchemaFormat) else None
    if schema is not None:
        check_output_schema(schema.name, schema.definition, is_strict=bool(schema.strict), param="response_format")
    system = "\n".join(_text(message) for message in wire.messages if isinstance(message, SystemMessage))
    texts = tuple(_text(message) for message in wire.messages if isinstance(message, UserMessage))
    if isinstance(shape, ObjectFormat):
        check_json_word((system, *texts), "messages", "response_format")
    return Asked(
        api=OPERATION,
        model=wire.model,
        system=system,
        user_texts=texts,
        tool_results=tuple(
            ToolResult(message.tool_call_id, names[message.tool_call_id], _text(message))
            for message in wire.messages
            if isinstance(message, ToolMessage)
        ),
        turn=sum(isinstance(message, AssistantMessage) for message in wire.messages),
        tools={} if wire.tool_choice == "none" else tools,
        schema=schema and schema.definition,
        schema_name=schema and schema.name,
        wants_json=isinstance(shape, ObjectFormat),
        must_call=must_call,
        forced_tool=forced,
        max_tokens=wire.max_completion_tokens or wire.max_tokens,
        images=sum(
            isinstance(part, ImagePart) for m in wire.messages if isinstance(m, UserMessage) for part in m.content
        ),
        is_streaming=bool(wire.stream),
        wants_usage=bool(wire.stream_options and wire.stream_options.include_usage),
    )


def _check_options(wire: ChatRequest) -> None:
    if wire.max_tokens is not None and wire.max_completion_tokens is not None:
        raise Refused("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    if wire.stream_options is not None and not wire.stream:
        text = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refused(text, param="stream_options")
    if not wire.tools and (wire.tool_choice is not None or wire.parallel_tool_calls is not None):
        which = "tool_choice" if wire.tool_choice is not None else "parallel_tool_calls"
        raise Refused(f"'{which}' is only allowed when 'tools' are specified.", param=which)


def _check_order(messages: list[Message]) -> dict[str, str]:
    """Every call is answered once, at once, and nothing else is; gives the tools' names by call."""
    names: dict[str, str] = {}
    waiting: set[str] = set()
    for at, message in enumerate(messages):
        if isinstance(message, ToolMessage):
            if message.tool_call_id not in waiting:
                text = "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
                raise Refused(f"Invalid parameter: {text}", param=f"messages[{at}].role")
            waiting.remove(message.tool_call_id)
            continue
        _refuse_unanswered(waiting, at)
        if isinstance(message, AssistantMessage):
            _check_says_something(message, at)
            called = {call.id: call.function.name for call in message.tool_calls or ()}
            names |= called
            waiting = set(called)
    _refuse_unanswered(waiting, len(messages))
    return names


def _refuse_unanswered(waiting: set[str], at: int) -> None:
    if waiting:
        raise Refused(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. These tool_call_ids did not have response messages: {', '.join(sorted(waiting))}",
            param=f"messages[{at}].role",
        )


def _check_says_something(message: AssistantMessage, at: int) -> None:
    if message.content is None and not message.tool_calls and message.refusal is None and message.audio is None:
        text = f"Invalid value for 'content': expected a string, got null. (messages[{at}])"
        raise Refused(text, param=f"messages[{at}].content", code="invalid_value")


def _tools(wire: ChatRequest) -> dict[str, Json]:
    functions = [tool.function for tool in wire.tools or ()]
    check_tool_names([function.name for function in functions], "tools")
    for at, function in enumerate(functions):
        param = f"tools[{at}].function.parameters"
        check_tool_schema(function.name, function.parameters, is_strict=bool(function.strict), param=param)
    return {function.name: function.parameters for function in functions}


def check_tool_schema(name: str, schema: Json, *, is_strict: bool, param: str) -> None:
    try:
        check_schema(schema, is_strict=is_strict)
    except BadSchema as error:
        text = f"Invalid schema for function '{name}': {error}."
        raise Refused(text, param=param, code="invalid_function_parameters") from None


def check_output_schema(name: str, schema: Json, *, is_strict: bool, param: str) -> None:
    check_tool_names([name], param)
    try:
        check_schema(schema, is_strict=is_strict)
    except BadSchema as error:
        raise Refused(
            f"Invalid schema for {param} '{name}': {error}.", param=param, code="invalid_json_schema"
        ) from None


def check_json_word(texts: tuple[str, ...], place: str, param: str) -> None:
    if not any("json" in text.lower() for text in texts):
        text = f"'{place}' must contain the word 'json' in some form, to use '{param}' of type 'json_object'."
        raise Refused(text, param=place)


def chosen_tool(choice: str | Json | None, tools: dict[str, Json]) -> tuple[str | None, bool]:
    """The forced tool, and whether a call is a must; a choice of an unknown tool is refused."""
    if not isinstance(choice, dict):
        return None, choice == "required"
    named = choice.get("function", choice)
    name = named.get("name") if isinstance(named, dict) else None
    if choice.get("type") == "allowed_tools":
        allowed = choice.get("allowed_tools", choice)
        return None, isinstance(allowed, dict) and allowed.get("mode") == "required"
    if choice.get("type") != "function" or name not in tools:
        raise Refused(
            f"Tool choice '{name}' not found in 'tools' parameter.", param="tool_choice", code="invalid_value"
        )
    return name, True


def _text(message: SystemMessage | UserMessage | ToolMessage) -> str:
    return "\n".join(part.text for part in message.content if isinstance(part, TextPart))


def write(asked: Asked, reply: Reply) -> Json:
    message: Json = {"role": "assistant", "content": reply.text or None, "refusal": None, "annotations": []}
    if reply.calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in reply.calls
        ]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _STOPS[reply.stop]}
    return _head(asked, reply, "chat.completion") | {"choices": [choice], "usage": _usage(reply)}


def stream(asked: Asked, reply: Reply) -> Iterator[Event]:
    head = _head(asked, reply, "chat.completion.chunk") | ({"usage": None} if asked.wants_usage else {})

    def chunk(delta: Json, stop: str | None = None) -> Event:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": stop}
        return Event(json.dumps(head | {"choices": [choice]}, ensure_ascii=False))

    yield chunk({"role": "assistant", "content": None if reply.calls and not reply.text else ""})
    for piece in pieces(reply.text):
        yield chunk({"content": piece})
    for at, call in enumerate(reply.calls):
        opening = {"name": call.name, "arguments": ""}
        yield chunk({"tool_calls": [{"index": at, "id": call.id, "type": "function", "function": opening}]})
        for piece in pieces(call.arguments):
            yield chunk({"tool_calls": [{"index": at, "function": {"arguments": piece}}]})
    yield chunk({}, _STOPS[reply.stop])
    if asked.wants_usage:
        yield Event(json.dumps(head | {"choices": [], "usage": _usage(reply)}))
    yield Event("[DONE]")


def _head(asked: Asked, reply: Reply, kind: str) -> Json:
    return {
        "id": f"chatcmpl-{reply.id}",
        "object": kind,
        "created": int(time()),
        "model": asked.model,
        "service_tier": "default",
        "system_fingerprint": "fp_scripted",
    }


def _usage(reply: Reply) -> Json:
    asked, said = reply.usage.input_tokens, reply.usage.output_tokens
    return {
        "prompt_tokens": asked,
        "completion_tokens": said,
        "total_tokens": asked + said,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }
