"""Tools of a question: counted, timed and switchable."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_ai import Tool as ModelTool
from pydantic_ai.exceptions import ToolFailed
from pydantic_ai.tools import RunContext
from pydantic_ai.toolsets import FunctionToolset, ToolsetTool
from pydantic_ai.toolsets.wrapper import WrapperToolset
from pydantic_core import to_jsonable_python

from agents.kit.guarded import Meter
from agents.kit.question import Tool
from agents.kit.record import ToolCall
from agents.kit.switches import Switches
from core.errors import Rejected


def toolset_of(tools: Sequence[Tool], meter: Meter, switches: Switches) -> "RecordedTools":
    functions = [ModelTool[object](tool, takes_ctx=False, name=tool.__name__) for tool in tools]
    return RecordedTools(FunctionToolset(functions), meter, switches)


@dataclass
class RecordedTools(WrapperToolset[object]):
    """Runs a tool and writes it down; a business refusal goes back to the model as a text."""

    meter: Meter
    switches: Switches

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[object], tool: ToolsetTool[object]
    ) -> Any:
        self.meter.check_tool()
        # Written before the first wait, so that tools which run side by side are all counted.
        call = ToolCall(name, to_jsonable_python(tool_args))
        self.meter.record.tools.append(call)
        started = time.monotonic()
        try:
            await self._check_switch(name)
            return await super().call_tool(name, tool_args, ctx, tool)
        except Rejected as refusal:
            call.error = type(refusal).__name__
            raise ToolFailed(str(refusal)) from refusal
        except BaseException as error:
            call.error = type(error).__name__
            raise
        finally:
            call.seconds = round(time.monotonic() - started, 3)

    async def _check_switch(self, name: str) -> None:
        if await self.switches.is_off("tool", name):
            raise Rejected("This tool is switched off.")
