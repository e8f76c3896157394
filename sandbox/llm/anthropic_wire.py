"""The request of Anthropic's Messages as it stands on the wire; what is not named here is refused."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field

from sandbox.llm.asked import Json
from sandbox.llm.openai_chat_wire import Strict, as_parts


class TextBlock(Strict):
    type: Literal["text"]
    text: str
    cache_control: Json | None = None
    citations: list[Any] | None = None


class ImageBlock(Strict):
    type: Literal["image"]
    source: Json
    cache_control: Json | None = None


class DocumentBlock(Strict):
    type: Literal["document"]
    source: Json
    title: str | None = None
    context: str | None = None
    cache_control: Json | None = None
    citations: Json | None = None


class ToolUseBlock(Strict):
    type: Literal["tool_use"]
    id: str = Field(pattern=r"^[a-zA-Z0-9_-]+$")
    name: str
    input: Json
    cache_control: Json | None = None
    caller: Json | None = None


ResultPart = Annotated[TextBlock | ImageBlock | DocumentBlock, Discriminator("type")]


class ToolResultBlock(Strict):
    type: Literal["tool_result"]
    tool_use_id: str = Field(pattern=r"^[a-zA-Z0-9_-]+$")
    content: Annotated[list[ResultPart] | None, as_parts("text")] = None
    is_error: bool | None = None
    cache_control: Json | None = None


class ThinkingBlock(Strict):
    type: Literal["thinking"]
    thinking: str
    signature: str


class RedactedThinkingBlock(Strict):
    type: Literal["redacted_thinking"]
    data: str


Block = Annotated[
    TextBlock | ImageBlock | DocumentBlock | ToolUseBlock | ToolResultBlock | ThinkingBlock | RedactedThinkingBlock,
    Discriminator("type"),
]


class Message(Strict):
    role: Literal["user", "assistant"]
    content: Annotated[list[Block], as_parts("text")]


class Tool(Strict):
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,128}$")
    input_schema: Json
    type: Literal["custom"] | None = None
    description: str | None = None
    cache_control: Json | None = None
    strict: bool | None = None
    defer_loading: bool | None = None
    eager_input_streaming: bool | None = None
    allowed_callers: list[str] | None = None
    input_examples: list[Any] | None = None


class ToolChoice(Strict):
    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class SchemaFormat(Strict):
    type: Literal["json_schema"]
    definition: Json = Field(alias="schema")


class OutputConfig(Strict):
    format: SchemaFormat | None = None
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    task_budget: Json | None = None


class Metadata(Strict):
    user_id: str | None = None


class MessagesRequest(Strict):
    """``output_format`` and ``context_management`` belong to the beta of the same address."""

    model: str
    max_tokens: int = Field(ge=1)
    messages: Annotated[list[Message], Field(min_length=1)]
    system: Annotated[list[TextBlock], as_parts("text")] = Field(default_factory=list)
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    stream: bool | None = None
    temperature: float | None = Field(default=None, ge=0, le=1)
    top_p: float | None = Field(default=None, ge=0, le=1)
    top_k: int | None = Field(default=None, ge=0)
    stop_sequences: list[str] | None = None
    metadata: Metadata | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    thinking: Json | None = None
    output_config: OutputConfig | None = None
    output_format: SchemaFormat | None = None
    cache_control: Json | None = None
    context_management: Json | None = None
    container: str | None = None
    inference_geo: str | None = None
    speed: Literal["standard", "fast"] | None = None
