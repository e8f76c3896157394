"""The request of OpenAI's Chat Completions as it stands on the wire; what is not named here is refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field

from sandbox.llm.asked import Json


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def as_parts(kind: str) -> BeforeValidator:
    """A plain text stands for a list of one text part."""
    return BeforeValidator(lambda told: [{"type": kind, "text": told}] if isinstance(told, str) else told)


class TextPart(Strict):
    type: Literal["text"]
    text: str
    prompt_cache_breakpoint: Json | None = None


class ImageUrl(Strict):
    url: str
    detail: Literal["auto", "low", "high"] | None = None


class ImagePart(Strict):
    type: Literal["image_url"]
    image_url: ImageUrl
    prompt_cache_breakpoint: Json | None = None


class AudioPart(Strict):
    type: Literal["input_audio"]
    input_audio: Json


class FilePart(Strict):
    type: Literal["file"]
    file: Json


class RefusalPart(Strict):
    type: Literal["refusal"]
    refusal: str


UserPart = Annotated[TextPart | ImagePart | AudioPart | FilePart, Discriminator("type")]
TextParts = Annotated[list[TextPart], as_parts("text")]


class SystemMessage(Strict):
    role: Literal["system", "developer"]
    content: TextParts
    name: str | None = None


class UserMessage(Strict):
    role: Literal["user"]
    content: Annotated[list[UserPart], as_parts("text")]
    name: str | None = None


class CalledFunction(Strict):
    name: str
    arguments: str


class MessageToolCall(Strict):
    id: str
    type: Literal["function"]
    function: CalledFunction


class AssistantMessage(Strict):
    role: Literal["assistant"]
    content: Annotated[list[Annotated[TextPart | RefusalPart, Discriminator("type")]] | None, as_parts("text")] = None
    name: str | None = None
    refusal: str | None = None
    audio: Json | None = None
    tool_calls: Annotated[list[MessageToolCall], Field(min_length=1)] | None = None


class ToolMessage(Strict):
    role: Literal["tool"]
    content: TextParts
    tool_call_id: str


Message = Annotated[SystemMessage | UserMessage | AssistantMessage | ToolMessage, Discriminator("role")]


class Function(Strict):
    name: str
    description: str | None = None
    parameters: Json = Field(default_factory=lambda: {"type": "object", "properties": {}})
    strict: bool | None = None


class Tool(Strict):
    type: Literal["function"]
    function: Function


class JsonSchema(Strict):
    name: str
    description: str | None = None
    definition: Json = Field(alias="schema")
    strict: bool | None = None


class TextFormat(Strict):
    type: Literal["text"]


class ObjectFormat(Strict):
    type: Literal["json_object"]


class SchemaFormat(Strict):
    type: Literal["json_schema"]
    json_schema: JsonSchema


class StreamOptions(Strict):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatRequest(Strict):
    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    tools: Annotated[list[Tool], Field(min_length=1)] | None = None
    tool_choice: Literal["none", "auto", "required"] | Json | None = None
    parallel_tool_calls: bool | None = None
    response_format: Annotated[TextFormat | ObjectFormat | SchemaFormat, Discriminator("type")] | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    n: Literal[1] | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    user: str | None = None
    store: bool | None = None
    metadata: dict[str, str] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    logit_bias: Json | None = None
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh"] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    prompt_cache_options: Json | None = None
    modalities: list[Any] | None = None
    prediction: Json | None = None
