"""OpenAI's Responses: checks a request, and writes the answer as one document or as a stream of typed events."""

import json
from collections.abc import Iterator
from time import time
from typing import Any

from sandbox.llm.answers import Reply, Stop, ToolCall
from sandbox.llm.asked import Asked, Json, ToolResult
from sandbox.llm.json_schemas import check_tool_names
from sandbox.llm.openai_chat import check_json_word, check_output_schema, check_tool_schema, chosen_tool
from sandbox.llm.openai_chat_wire import ObjectFormat
from sandbox.llm.openai_responses_wire import (
    CallItem,
    InputImage,
    InputText,
    Item,
    MessageItem,
    ResponsesRequest,
    ResultItem,
    SchemaFormat,
)
from sandbox.llm.refusals import Refused, checked, openai_explains
from sandbox.llm.sse import Event, pieces

OPERATION = "openai.responses"


def read(body: Json) -> Asked:
    wire = checked(ResponsesRequest, body, openai_explains)
    if wire.previous_response_id is not None:
        # The twin keeps no conversations: its callers send the whole history.
        text = f"Previous response with id '{wire.previous_response_id}' not found."
        raise Refused(text, param="previous_response_id", code="previous_response_not_found")
    names = _check_calls(wire.input)
    tools = _tools(wire)
    forced, must_call = chosen_tool(wire.tool_choice, tools)
    shape = wire.text and wire.text.format
    schema = shape if isinstance(shape, SchemaFormat) else None
    if schema is not None:
        check_output_schema(schema.name, schema.definition, is_strict=bool(schema.strict), param="text.format")
    messages = [item for item in wire.input if isinstance(item, MessageItem)]
    system = "\n".join([wire.instructions or "", *(_text(m) for m in messages if m.role in {"system", "developer"})])
    texts = tuple(_text(message) for message in messages if message.role == "user")
    if isinstance(shape, ObjectFormat):
        check_json_word(texts, "input", "text.format")
    return Asked(
        api=OPERATION,
        model=wire.model,
        system=system.strip(),
        user_texts=texts,
        tool_results=tuple(
            ToolResult(item.call_id, names[item.call_id], _text_of(item.output))
            for item in wire.input
            if isinstance(item, ResultItem)
        ),
        turn=_turns(wire.input),
        tools={} if wire.tool_choice == "none" else tools,
        schema=schema and schema.definition,
        schema_name=schema and schema.name,
        wants_json=isinstance(shape, ObjectFormat),
        must_call=must_call,
        forced_tool=forced,
        max_tokens=wire.max_output_tokens,
        images=sum(isinstance(part, InputImage) for message in messages for part in message.content),
        is_streaming=bool(wire.stream),
    )


def _check_calls(items: list[Item]) -> dict[str, str]:
    """Every call has one result behind it, every result a call before it; gives the tools' names by call."""
    names: dict[str, str] = {}
    answered: set[str] = set()
    for item in items:
        if isinstance(item, CallItem):
            if item.call_id in names:
                raise Refused(f"Duplicate function call id {item.call_id}.", param="input")
            names[item.call_id] = item.name
        elif isinstance(item, ResultItem):
            if item.call_id not in names:
                raise Refused(
                    f"No tool call found for function call output with call_id {item.call_id}.", param="input"
                )
            if item.call_id in answered:
                raise Refused(f"Duplicate function call output for call_id {item.call_id}.", param="input")
            answered.add(item.call_id)
    dangling = set(names) - answered
    if dangling:
        raise Refused(f"No tool output found for function call {min(dangling)}.", param="input")
    return names


def _tools(wire: ResponsesRequest) -> dict[str, Json]:
    told = wire.tools or []
    check_tool_names([tool.name for tool in told], "tools")
    schemas = {tool.name: tool.parameters or {"type": "object", "properties": {}} for tool in told}
    for at, tool in enumerate(told):
        check_tool_schema(tool.name, schemas[tool.name], is_strict=bool(tool.strict), param=f"tools[{at}].parameters")
    return schemas


def _turns(items: list[Item]) -> int:
    """Neighbouring calls and words of the assistant are one turn."""
    own = [isinstance(item, CallItem) or (isinstance(item, MessageItem) and item.role == "assistant") for item in items]
    return sum(is_own and not before for before, is_own in zip([False, *own], own, strict=False))


def _text(message: MessageItem) -> str:
    return _text_of(message.content)


def _text_of(parts: list[Any]) -> str:
    return "\n".join(part.text for part in parts if isinstance(part, InputText))


def write(asked: Asked, reply: Reply) -> Json:
    return _response(asked, reply, _items(reply))


def stream(asked: Asked, reply: Reply) -> Iterator[Event]:
    for number, (kind, told) in enumerate(_events(asked, reply)):
        yield Event(json.dumps({"type": kind, "sequence_number": number} | told, ensure_ascii=False), kind)


def _events(asked: Asked, reply: Reply) -> Iterator[tuple[str, Json]]:
    begun = _response(asked, reply, []) | {"status": "in_progress", "usage": None, "incomplete_details": None}
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    for at, item in enumerate(_items(reply)):
        empty: Json = {"content": []} if item["type"] == "message" else {"arguments": ""}
        yield "response.output_item.added", {"output_index": at, "item": item | empty | {"status": "in_progress"}}
        place = {"item_id": item["id"], "output_index": at}
        yield from _text_events(place, item) if item["type"] == "message" else _call_events(place, item)
        yield "response.output_item.done", {"output_index": at, "item": item}
    kind = "response.incomplete" if reply.stop is Stop.LENGTH else "response.completed"
    yield kind, {"response": write(asked, reply)}


def _text_events(place: Json, item: Json) -> Iterator[tuple[str, Json]]:
    part = item["content"][0]
    here = place | {"content_index": 0}
    yield "response.content_part.added", here | {"part": part | {"text": ""}}
    for piece in pieces(part["text"]):
        yield "response.output_text.delta", here | {"delta": piece, "logprobs": []}
    yield "response.output_text.done", here | {"text": part["text"], "logprobs": []}
    yield "response.content_part.done", here | {"part": part}


def _call_events(place: Json, item: Json) -> Iterator[tuple[str, Json]]:
    for piece in pieces(item["arguments"]):
        yield "response.function_call_arguments.delta", place | {"delta": piece}
    done = {"arguments": item["arguments"], "name": item["name"]}
    yield "response.function_call_arguments.done", place | done


def _items(reply: Reply) -> list[Json]:
    status = "incomplete" if reply.stop is Stop.LENGTH else "completed"
    part = {"type": "output_text", "text": reply.text, "annotations": [], "logprobs": []}
    message = {
        "type": "message", "id": f"msg_{reply.id}", "role": "assistant", "status": status, "content": [part],
    }  # fmt: skip
    calls = [_call(call, status) for call in reply.calls]
    return [message, *calls] if reply.text or not calls else calls


def _call(call: ToolCall, status: str) -> Json:
    return {
        "type": "function_call", "id": f"fc_{call.id}", "call_id": call.id, "name": call.name,
        "arguments": call.arguments, "status": status,
    }  # fmt: skip


def _response(asked: Asked, reply: Reply, items: list[Json]) -> Json:
    is_cut = reply.stop is Stop.LENGTH
    told, said = reply.usage.input_tokens, reply.usage.output_tokens
    return {
        "id": f"resp_{reply.id}",
        "object": "response",
        "created_at": int(time()),
        "status": "incomplete" if is_cut else "completed",
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None,
        "instructions": asked.system or None,
        "max_output_tokens": asked.max_tokens,
        "metadata": {},
        "model": asked.model,
        "output": items,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": False,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": told,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": told + said,
        },
        "user": None,
    }
