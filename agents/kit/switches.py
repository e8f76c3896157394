"""Kill switches: read on every use, so that one press works at once."""

from typing import Literal, Protocol


class Switches(Protocol):
    """Says what people switched off: one agent, one tool, or the system ``llm``."""

    async def is_off(self, scope: Literal["agent", "tool", "system"], name: str) -> bool: ...
