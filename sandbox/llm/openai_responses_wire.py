"""The request of OpenAI's Responses API as it stands on the wire; what is not named here is refused."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from sandbox.llm.asked import Json
from sandbox.llm.openai_chat_wire import ObjectFormat, Strict, TextFormat, as_parts


class InputText(Strict):
    type: Literal["input_text", "output_text"]
    text: str
    annotations: list[Any] | None = None
    logprobs: list[Any] | None = None
    prompt_cache_breakpoint: Json | None = None


class InputImage(Strict):
    type: Literal["input_image"]
    image_url: str | None = None
    file_id: str | None = None
    detail: Literal["auto", "low", "high", "original"] | None = None
    prompt_cache_breakpoint: Json | None = None


class InputFile(Strict):
    type: Literal["input_file"]
    file_data: str | None = None
    file_id: str | None = None
    file_url: str | None = None
    filename: str | None = None
    detail: str | None = None


class RefusalPart(Strict):
    type: Literal["refusal"]
    refusal: str


Part = Annotated[InputText | InputImage | InputFile | RefusalPart, Discriminator("type")]


class MessageItem(Strict):
    type: Literal["message"] = "message"
    role: Literal["user", "assistant", "system", "developer"]
    content: Annotated[list[Part], as_parts("input_text")]
    id: str | None = None
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    phase: str | None = None


class CallItem(Strict):
    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str
    id: str | None = None
    status: str | None = None
    namespace: str | None = None


class ResultItem(Strict):
    type: Literal["function_call_output"]
    call_id: str
    output: Annotated[list[Part], as_parts("input_text")]
    id: str | None = None
    status: str | None = None


class ReasoningItem(Strict):
    type: Literal["reasoning"]
    id: str
    summary: list[Any]
    content: list[Any] | None = None
    encrypted_content: str | None = None
    status: str | None = None


def _kind_of_item(told: Any) -> str | None:
    return told.get("type", "message") if isinstance(told, dict) else getattr(told, "type", None)


Item = Annotated[
    Annotated[MessageItem, Tag("message")]
    | Annotated[CallItem, Tag("function_call")]
    | Annotated[ResultItem, Tag("function_call_output")]
    | Annotated[ReasoningItem, Tag("reasoning")],
    Discriminator(_kind_of_item),
]


def _as_items(told: Any) -> Any:
    return [{"type": "message", "role": "user", "content": told}] if isinstance(told, str) else told


class FunctionTool(Strict):
    type: Literal["function"]
    name: str
    parameters: Json | None = None
    strict: bool | None = None
    description: str | None = None
    defer_loading: bool | None = None
    output_schema: Json | None = None


class SchemaFormat(Strict):
    type: Literal["json_schema"]
    name: str
    definition: Json = Field(alias="schema")
    strict: bool | None = None
    description: str | None = None


class TextOptions(Strict):
    format: Annotated[TextFormat | ObjectFormat | SchemaFormat, Discriminator("type")] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class ResponsesRequest(Strict):
    model: str
    input: Annotated[list[Item], Field(min_length=1), BeforeValidator(_as_items)]
    instructions: str | None = None
    tools: list[FunctionTool] | None = None
    tool_choice: Literal["none", "auto", "required"] | Json | None = None
    parallel_tool_calls: bool | None = None
    text: TextOptions | None = None
    max_output_tokens: int | None = Field(default=None, ge=16)
    max_tool_calls: int | None = None
    stream: bool | None = None
    stream_options: Json | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    reasoning: Json | None = None
    include: list[str] | None = None
    store: bool | None = None
    metadata: dict[str, str] | None = None
    previous_response_id: str | None = None
    truncation: Literal["auto", "disabled"] | None = None
    user: str | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    prompt_cache_options: Json | None = None
    top_logprobs: int | None = None
    background: Literal[False] | None = None
