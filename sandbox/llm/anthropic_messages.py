"""Anthropic's Messages: checks a request, and writes the answer as one document or as a stream of typed events."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.llm.answers import Reply, Stop, ToolCall
from sandbox.llm.anthropic_wire import (
    ImageBlock,
    Message,
    MessagesRequest,
    TextBlock,
    ToolResultBlock,
    ToolUseBlock,
)
from sandbox.llm.asked import Asked, Json, ToolResult
from sandbox.llm.json_schemas import BadSchema, check_schema
from sandbox.llm.refusals import Refused, anthropic_explains, checked
from sandbox.llm.sse import Event, pieces

OPERATION = "anthropic.messages"
_STOPS = {Stop.END: "end_turn", Stop.CALLS: "tool_use", Stop.LENGTH: "max_tokens"}


def read(body: Json) -> Asked:
    wire = checked(MessagesRequest, body, anthropic_explains)
    _check_roles(wire.messages)
    names = _check_tool_blocks(wire.messages)
    tools = _tools(wire)
    forced, must_call = _chosen_tool(wire, tools)
    schema = _output_schema(wire)
    user = [message for message in wire.messages if message.role == "user"]
    blocks = [block for message in wire.messages for block in message.content]
    return Asked(
        api=OPERATION,
        model=wire.model,
        system=_text(wire.system),
        # A message that only brings tool results says nothing of its own.
        user_texts=tuple(text for text in (_text(message.content) for message in user) if text),
        tool_results=tuple(
            ToolResult(block.tool_use_id, names[block.tool_use_id], _text(block.content or []))
            for block in blocks
            if isinstance(block, ToolResultBlock)
        ),
        turn=len(wire.messages) - len(user),
        tools={} if wire.tool_choice and wire.tool_choice.type == "none" else tools,
        schema=schema,
        schema_name="output" if schema else None,
        must_call=must_call,
        forced_tool=forced,
        max_tokens=wire.max_tokens,
        images=sum(isinstance(block, ImageBlock) for block in blocks),
        is_streaming=bool(wire.stream),
    )


def _check_roles(messages: list[Message]) -> None:
    if messages[0].role != "user":
        raise Refused('messages: first message must use the "user" role')
    for at, message in enumerate(messages):
        if not message.content and at < len(messages) - 1:
            raise Refused(f"messages.{at}: all messages must have non-empty content")
        for place, block in enumerate(message.content):
            where = f"messages.{at}.content.{place}"
            if isinstance(block, TextBlock) and not block.text.strip():
                raise Refused(f"{where}: text content blocks must be non-empty")
            if isinstance(block, ToolUseBlock) and message.role == "user":
                raise Refused(f"{where}: `tool_use` blocks can only be in `assistant` messages")
            if isinstance(block, ToolResultBlock) and message.role == "assistant":
                raise Refused(f"{where}: `tool_result` blocks can only be in `user` messages")
    last = messages[-1]
    if last.role == "assistant" and _text(last.content) != _text(last.content).rstrip():
        raise Refused("messages: final assistant content cannot end with trailing whitespace")


def _check_tool_blocks(messages: list[Message]) -> dict[str, str]:
    """Every use is answered once in the very next message, and nothing else is; gives the tools' names by use."""
    names: dict[str, str] = {}
    waiting: set[str] = set()
    for at, message in enumerate(messages):
        results = [block.tool_use_id for block in message.content if isinstance(block, ToolResultBlock)]
        unknown = [result for result in results if result not in waiting]
        if unknown:
            text = f"unexpected `tool_use_id` found in `tool_result` blocks: {unknown[0]}"
            raise Refused(f"messages.{at}: {text}. Each must have a `tool_use` block in the previous message.")
        if len(set(results)) < len(results):
            raise Refused(f"messages.{at}: each tool_use must have a single result, found several `tool_result` blocks")
        _refuse_unanswered(waiting - set(results), at - 1)
        uses = [block for block in message.content if isinstance(block, ToolUseBlock)]
        repeated = {use.id for use in uses} & set(names)
        if repeated or len({use.id for use in uses}) < len(uses):
            raise Refused(f"messages.{at}: `tool_use` ids must be unique")
        names |= {use.id: use.name for use in uses}
        waiting = {use.id for use in uses}
    _refuse_unanswered(waiting, len(messages) - 1)
    return names


def _refuse_unanswered(waiting: set[str], at: int) -> None:
    if waiting:
        raise Refused(
            f"messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(sorted(waiting))}"
        )


def _tools(wire: MessagesRequest) -> dict[str, Json]:
    told = wire.tools or []
    for at, tool in enumerate(told):
        where = f"tools.{at}.custom.input_schema"
        if "type" not in tool.input_schema:
            raise Refused(f"{where}.type: Field required")
        try:
            check_schema(tool.input_schema, is_strict=bool(tool.strict))
        except BadSchema as error:
            raise Refused(f"{where}: {error}") from None
    if len({tool.name for tool in told}) < len(told):
        raise Refused("tools: Tool names must be unique.")
    return {tool.name: tool.input_schema for tool in told}


def _chosen_tool(wire: MessagesRequest, tools: dict[str, Json]) -> tuple[str | None, bool]:
    choice = wire.tool_choice
    if choice is None:
        return None, False
    if not tools:
        raise Refused("tool_choice: may only be specified while providing tools.")
    if choice.type == "tool" and choice.name not in tools:
        raise Refused(f"tool_choice: Tool '{choice.name}' not found in provided tools")
    return choice.name if choice.type == "tool" else None, choice.type in {"any", "tool"}


def _output_schema(wire: MessagesRequest) -> Json | None:
    told = (wire.output_config and wire.output_config.format) or wire.output_format
    if told is None:
        return None
    try:
        check_schema(told.definition, is_strict=False)
    except BadSchema as error:
        raise Refused(f"output_config.format.schema: {error}") from None
    if told.definition.get("additionalProperties") is not False:
        raise Refused(
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false"
        )
    return told.definition


def _text(blocks: list[Any]) -> str:
    return "\n".join(block.text for block in blocks if isinstance(block, TextBlock))


def write(asked: Asked, reply: Reply) -> Json:
    content: list[Json] = [{"type": "text", "text": reply.text, "citations": None}] if reply.text else []
    content += [
        {"type": "tool_use", "id": _use_id(call), "name": call.name, "input": _input(call)} for call in reply.calls
    ]
    return _message(asked, reply) | {"content": content, "stop_reason": _STOPS[reply.stop]}


def stream(asked: Asked, reply: Reply) -> Iterator[Event]:
    for kind, told in _events(asked, reply):
        yield Event(json.dumps({"type": kind} | told, ensure_ascii=False), kind)


def _events(asked: Asked, reply: Reply) -> Iterator[tuple[str, Json]]:
    begun = _message(asked, reply)
    begun["usage"] |= {"output_tokens": 1}
    yield "message_start", {"message": begun}
    at = 0
    if reply.text:
        yield "content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}
        yield "ping", {}
        for piece in pieces(reply.text):
            yield "content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}}
        yield "content_block_stop", {"index": 0}
        at = 1
    for index, call in enumerate(reply.calls, at):
        block = {"type": "tool_use", "id": _use_id(call), "name": call.name, "input": {}}
        yield "content_block_start", {"index": index, "content_block": block}
        for piece in pieces(call.arguments):
            yield "content_block_delta", {"index": index, "delta": {"type": "input_json_delta", "partial_json": piece}}
        yield "content_block_stop", {"index": index}
    delta = {"stop_reason": _STOPS[reply.stop], "stop_sequence": None}
    yield "message_delta", {"delta": delta, "usage": {"output_tokens": reply.usage.output_tokens}}
    yield "message_stop", {}


def _message(asked: Asked, reply: Reply) -> Json:
    return {
        "id": f"msg_{reply.id}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {
            "input_tokens": reply.usage.input_tokens,
            "output_tokens": reply.usage.output_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "service_tier": "standard",
        },
    }


def _use_id(call: ToolCall) -> str:
    return f"toolu_{call.id}"


def _input(call: ToolCall) -> Json:
    """Outside a stream the input is an object by itself; broken JSON can only show as an object without its fields."""
    try:
        told = json.loads(call.arguments)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
