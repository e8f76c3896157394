"""The faults that only a model knows: broken and cut tool calls, tools that nobody offered, nonsense."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from sandbox.faults import Fault
from sandbox.llm.answers import Reply, Stop, ToolCall
from sandbox.llm.asked import Asked

_NONSENSE = "Umbrella seven the kettle; therefore seldom. ((( ok ok ok )))"
_UNKNOWN_TOOL = "open_the_moon_roof"


class Spoil(StrEnum):
    MALFORMED_ARGUMENTS = "malformed_arguments"
    TRUNCATED_CALL = "truncated_call"
    UNKNOWN_TOOL = "unknown_tool"
    NONSENSE = "nonsense"


@dataclass(slots=True)
class ModelFault(Fault):
    """``spoil`` changes what the model says and leaves the transport whole."""

    spoil: Spoil | None = None


def spoiled(asked: Asked, reply: Reply, fault: Fault | None) -> Reply:
    kind = fault.spoil if isinstance(fault, ModelFault) else None
    match kind:
        case None:
            return reply
        case Spoil.MALFORMED_ARGUMENTS:
            return _half(asked, reply)
        case Spoil.TRUNCATED_CALL:
            return replace(_half(asked, reply), stop=Stop.LENGTH)
        case Spoil.UNKNOWN_TOOL:
            return replace(reply, text="", calls=(ToolCall(f"call_{reply.id}", _UNKNOWN_TOOL, "{}"),), stop=Stop.CALLS)
        case Spoil.NONSENSE:
            return replace(reply, text=_NONSENSE, calls=(), stop=Stop.END)
        case _:
            assert_never(kind)


def _half(asked: Asked, reply: Reply) -> Reply:
    """The JSON ends in the middle: of a call that was made, of one to the first tool offered, or of the text."""
    if not reply.calls and asked.tools and asked.schema is None:
        offered = ToolCall(f"call_{reply.id}", next(iter(asked.tools)), '{"unfinished": "business"}')
        reply = replace(reply, text="", calls=(offered,), stop=Stop.CALLS)
    calls = tuple(replace(call, arguments=_cut(call.arguments)) for call in reply.calls)
    return replace(reply, calls=calls, text=reply.text if calls else _cut(reply.text))


def _cut(text: str) -> str:
    return text[: max(1, len(text) // 2)]
