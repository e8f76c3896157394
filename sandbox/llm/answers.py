"""What the model answers: as a script orders it, and as the wire needs it."""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.llm.asked import Asked, Json

# The twin has no tokenizer; four characters a token is the usual rule of thumb.
CHARACTERS_PER_TOKEN = 4


class Usage(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)


class CallOrder(BaseModel):
    """A tool call; ``arguments`` as text is sent as it stands, so that a script may order broken JSON."""

    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: Json | str = Field(default_factory=dict)


class Answer(BaseModel):
    """Text, tool calls, or one structured object; ``usage`` is estimated and ``delay_s`` the script's when absent."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    tool_calls: list[CallOrder] = Field(default_factory=list)
    object: Any = None
    usage: Usage | None = None
    delay_s: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and not self.tool_calls and self.object is None:
            raise ValueError("an answer has a text, tool calls or an object")
        return self


class Stop(StrEnum):
    END = "end"
    CALLS = "calls"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class ToolCall:
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer ready for any wire: arguments are JSON text, the reason of the stop is known."""

    id: str
    text: str
    calls: tuple[ToolCall, ...]
    stop: Stop
    usage: Usage


def reply_to(asked: Asked, answer: Answer) -> Reply:
    """The answer as this caller can take it: an object goes out as a tool call where the caller has an output tool."""
    text, orders = answer.text or "", list(answer.tool_calls)
    if answer.object is not None:
        tool = None if asked.schema or asked.wants_json else asked.output_tool
        if tool is None:
            text = json.dumps(answer.object, ensure_ascii=False)
        else:
            orders.append(CallOrder(name=tool, arguments=answer.object))
    calls = tuple(ToolCall(f"call_{uuid4().hex[:24]}", order.name, arguments_text(order)) for order in orders)
    usage = answer.usage or _estimate(asked, text, calls)
    reply = Reply(uuid4().hex, text, calls, Stop.CALLS if calls else Stop.END, usage)
    return _cut_at_limit(asked, reply)


def arguments_text(order: CallOrder) -> str:
    if isinstance(order.arguments, str):
        return order.arguments
    return json.dumps(order.arguments, ensure_ascii=False)


def _estimate(asked: Asked, text: str, calls: tuple[ToolCall, ...]) -> Usage:
    said = len(text) + sum(len(call.name) + len(call.arguments) for call in calls)
    return Usage(
        input_tokens=asked.characters() // CHARACTERS_PER_TOKEN + 1, output_tokens=said // CHARACTERS_PER_TOKEN + 1
    )


def _cut_at_limit(asked: Asked, reply: Reply) -> Reply:
    """A text longer than the caller's limit ends in the middle, as a real model's does."""
    limit = asked.max_tokens
    if limit is None or len(reply.text) <= limit * CHARACTERS_PER_TOKEN:
        return reply
    usage = reply.usage.model_copy(update={"output_tokens": limit})
    return replace(reply, text=reply.text[: limit * CHARACTERS_PER_TOKEN], calls=(), stop=Stop.LENGTH, usage=usage)
