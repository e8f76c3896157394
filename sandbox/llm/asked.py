"""What a caller asks of the model, in words that do not depend on the provider."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# Frameworks that take structured output through a tool name that tool so.
OUTPUT_TOOL = "final_result"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the caller's tool gave back, in the order in which the results came."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One checked request.

    ``tools`` are those that may be called. ``turn`` counts the assistant's own messages so far. ``schema`` is the
    demanded shape of the answer; ``must_call`` says that the caller takes nothing but a tool call, and ``forced_tool``
    which one.
    """

    api: str
    model: str
    system: str = ""
    user_texts: tuple[str, ...] = ()
    tool_results: tuple[ToolResult, ...] = ()
    turn: int = 0
    tools: dict[str, Json] = field(default_factory=dict)
    schema: Json | None = None
    schema_name: str | None = None
    wants_json: bool = False
    must_call: bool = False
    forced_tool: str | None = None
    max_tokens: int | None = None
    images: int = 0
    is_streaming: bool = False
    wants_usage: bool = True

    @property
    def last_user_text(self) -> str:
        return self.user_texts[-1] if self.user_texts else ""

    @property
    def called_tools(self) -> frozenset[str]:
        return frozenset(result.name for result in self.tool_results)

    @property
    def output_tool(self) -> str | None:
        """The tool that takes the final answer, where the caller has one."""
        if self.forced_tool in self.tools:
            return self.forced_tool
        return next((name for name in self.tools if name.startswith(OUTPUT_TOOL)), None)

    def characters(self) -> int:
        return len(self.system) + sum(map(len, self.user_texts)) + sum(len(result.text) for result in self.tool_results)
